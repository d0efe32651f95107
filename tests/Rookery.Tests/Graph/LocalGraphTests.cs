using Rookery.Graph;
using Xunit;

namespace Rookery.Tests.Graph;

public sealed class LocalGraphTests : IDisposable
{
    private static readonly AccountId Alice = new(1);
    private static readonly AccountId Bob = new(2);

    private readonly HeldGraph _held = new();
    private readonly List<TaskCompletionSource<ViewerRelations>> _reads = [];
    private readonly LocalGraph _graph;

    public LocalGraphTests()
    {
        _graph = new LocalGraph(
            new ScriptedGraphStore(_ =>
            {
                var read = new TaskCompletionSource<ViewerRelations>();
                _reads.Add(read);
                return read.Task;
            }),
            _held.Adjacency,
            TimeProvider.System
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _held.Dispose();

    [Fact]
    public async Task Many_who_need_a_viewer_read_it_once()
    {
        var loads = Enumerable
            .Range(0, 5)
            .Select(_ => _graph.LoadAsync(Alice, Token).AsTask())
            .ToList();
        Assert.Single(_reads);
        Assert.DoesNotContain(loads, load => load.IsCompleted);
        _reads[0].SetResult(HeldGraph.Following(Bob));
        await Task.WhenAll(loads);
        Assert.Equal([Bob], _held.FolloweesOf(Alice)!);
        await _graph.LoadAsync(Alice, Token);
        Assert.Single(_reads);
    }

    [Fact]
    public async Task A_fault_reaches_all_who_wait_and_the_next_load_reads_again()
    {
        var loads = Enumerable
            .Range(0, 3)
            .Select(_ => _graph.LoadAsync(Alice, Token).AsTask())
            .ToList();
        _reads[0].SetException(new StoreUnavailableException());
        foreach (var load in loads)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => load);
        }

        Assert.Null(_held.FolloweesOf(Alice));
        var again = _graph.LoadAsync(Alice, Token).AsTask();
        _reads[1].SetResult(HeldGraph.Following(Bob));
        await again;
        Assert.Equal([Bob], _held.FolloweesOf(Alice)!);
    }

    [Fact]
    public async Task Who_stops_waiting_stops_nobody_else()
    {
        using var impatient = new CancellationTokenSource();
        var first = _graph.LoadAsync(Alice, impatient.Token).AsTask();
        var second = _graph.LoadAsync(Alice, impatient.Token).AsTask();
        var third = _graph.LoadAsync(Alice, Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _reads[0].SetResult(HeldGraph.Following(Bob));
        await Task.WhenAll(first, third);
        Assert.Equal([Bob], _held.FolloweesOf(Alice)!);
    }

    [Fact]
    public async Task What_an_import_overtakes_is_read_again()
    {
        var load = _graph.LoadAsync(Alice, Token).AsTask();
        _held.Commit(new FollowsImported([Alice]));
        _reads[0].SetResult(HeldGraph.Following());
        Assert.Equal(2, _reads.Count);
        _reads[1].SetResult(HeldGraph.Following(Bob));
        await load;
        Assert.Equal([Bob], _held.FolloweesOf(Alice)!);
    }
}
