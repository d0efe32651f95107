using Rookery.Adapters.Redis;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>A server that has all its connections, and lacks what was postponed: nothing of it is read as if it were whole.</summary>
public sealed class RedisLackingTests : IAsyncLifetime
{
    private static readonly PostponedPart Lacking = new("0-16383", 1, 1);

    private readonly AccountId _owner = Fresh.Account();
    private RedisServer _server = null!;
    private RedisConnection _connection = null!;
    private RedisRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync(Stop);
        _connection = await RedisClients.ConnectAsync($"127.0.0.1:{_server.Port}");
        _rig = new RedisRig(_connection);
        var rebuild = await _rig.Store.BeginRebuildAsync(_owner, Stop);
        Assert.True(await _rig.Store.FinishRebuildAsync(_owner, rebuild!.Value, [], default, Stop));
        Assert.True(await IsReadAsync(_rig));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_refuses_its_stamp_is_doubtful_all_the_same()
    {
        await _server.AskAsync(Stop, "CONFIG", "SET", "min-replicas-to-write", "1");
        await _rig.Parts.CheckAsync([9], [new LackingPart(Lacking.Part, [0])], Stop);
        Assert.False(await IsReadAsync(_rig));
    }

    [Fact]
    public async Task Who_only_reads_hears_of_what_was_postponed_and_of_its_return()
    {
        var reader = Reader();
        Assert.True(await IsReadAsync(reader));

        await reader.Postponed.NoteAsync([Lacking], Stop);
        await UntilAsync(reader, isRead: false);

        await reader.Postponed.SettleAsync(Lacking, Stop);
        await UntilAsync(reader, isRead: true);
    }

    [Theory, InlineData(""), InlineData("5-3"), InlineData("0-x")]
    public async Task A_part_whose_name_says_nothing_may_be_all_of_it(string name)
    {
        var part = Lacking with { Part = name };
        var reader = Reader();
        await reader.Postponed.NoteAsync([part], Stop);
        Assert.False(await IsReadAsync(reader));
        await _rig.Parts.CheckAsync([9], [new LackingPart(name, [0])], Stop);
        Assert.False(await IsReadAsync(_rig));
        Assert.NotNull(_rig.Parts.Within(name));

        await reader.Postponed.SettleAsync(part, Stop);
        await UntilAsync(reader, isRead: true);
    }

    private RedisRig Reader() => new(_connection, generation: _rig.Generation, confirm: false);

    private async Task<bool> IsReadAsync(RedisRig rig)
    {
        try
        {
            return (await rig.Store.ReadAsync(_owner, 9, Stop)).CompleteAbove is not null;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>While seconds pass.</summary>
    private Task UntilAsync(RedisRig reader, bool isRead) =>
        Wait.UntilAsync(
            async () =>
            {
                reader.Tick(TimeSpan.FromSeconds(1));
                return await IsReadAsync(reader) == isRead;
            },
            () => $"the part is {(isRead ? "" : "not ")}read",
            Stop
        );
}
