using System.Diagnostics;
using Rookery.Graph;
using Xunit;

namespace Rookery.Tests.Graph;

/// <summary>One committing thread, readers that load and copy, and memory for a fraction of the viewers.</summary>
public sealed class AdjacencyStressTests : IDisposable
{
    private const int Viewers = 40;
    private const int Base = 1000;
    private const int FirstTick = 1_000_000;

    // On a busy machine a thread may get its first turn when the time is over.
    private const int FewestTurns = 500;

    // Viewer v always follows its base, and beside it the account of its newest tick: each tick is a follow and then an unfollow of the one before.
    private readonly int[] _stored = new int[Viewers];
    private readonly int[] _answered = new int[Viewers];
    private readonly HeldGraph _graph = new(2 * IntBlocks.PageBytes);

    public void Dispose() => _graph.Dispose();

    [Fact]
    public async Task An_answered_change_is_never_contradicted_by_a_later_read()
    {
        var token = TestContext.Current.CancellationToken;
        var end = Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency);
        await Task.WhenAll([
            Task.Run(() => Commit(end), token),
            .. Enumerable
                .Range(1, 3)
                .Select(seed => Task.Run(() => Read(new Random(seed), end), token)),
        ]);
    }

    private void Commit(long end)
    {
        var random = new Random(0);
        for (var turn = 0; turn < FewestTurns || Stopwatch.GetTimestamp() < end; turn++)
        {
            var viewer = random.Next(Viewers);
            var tick = _stored[viewer] + 1;
            Volatile.Write(ref _stored[viewer], tick);
            _graph.Commit(
                new Followed(new(viewer + 1), new(FirstTick + tick)),
                new Unfollowed(new(viewer + 1), new(FirstTick + tick - 1))
            );
            Volatile.Write(ref _answered[viewer], tick);
        }
    }

    private void Read(Random random, long end)
    {
        var buffer = Array.Empty<int>();
        for (var turn = 0; turn < FewestTurns || Stopwatch.GetTimestamp() < end; turn++)
        {
            var viewer = random.Next(Viewers);
            var answered = Volatile.Read(ref _answered[viewer]);
            int count;
            while ((count = _graph.Adjacency.CopyFollowees(new(viewer + 1), ref buffer)) < 0)
            {
                Load(viewer);
            }

            Check(viewer, answered, buffer.AsSpan(0, count));
        }
    }

    private void Load(int viewer)
    {
        var account = new AccountId(viewer + 1);
        if (_graph.Adjacency.Register(account, out var mine) is not { } loading || !mine)
        {
            return;
        }

        ViewerRelations relations;
        do
        {
            relations = HeldGraph.Following([
                .. Enumerable.Range(1, Base * (viewer % 5)).Select(id => new AccountId(id)),
                new(FirstTick + Volatile.Read(ref _stored[viewer])),
            ]);
        } while (!_graph.Adjacency.TryInstall(account, loading, relations));
    }

    private void Check(int viewer, int answered, ReadOnlySpan<int> followees)
    {
        var ticks = 0;
        foreach (var ordinal in followees)
        {
            var tick = _graph.Ordinals.IdOf(ordinal).Value - FirstTick;
            if (tick < 0)
            {
                continue;
            }

            ticks++;
            Assert.InRange(tick, answered, int.MaxValue);
        }

        // Two while a follow is applied and its unfollow is not: neither was answered.
        Assert.InRange(ticks, 1, 2);
        Assert.Equal(Base * (viewer % 5), followees.Length - ticks);
    }
}
