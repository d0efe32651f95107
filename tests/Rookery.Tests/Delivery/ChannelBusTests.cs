using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.InProcess;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Delivery;

/// <summary>Relay, bus and outbox together: every consumer goes at its own pace.</summary>
public sealed class ChannelBusTests : IDisposable
{
    /// <summary>Many times what is handed over in memory.</summary>
    private const int Many = 1_000;

    private static readonly EventTypes Types = new([
        .. AccountEvents.Types,
        .. GraphEvents.Types,
        .. PostEvents.Types,
    ]);

    private static readonly DeliveryOptions Small = new()
    {
        BatchSize = 10,
        FirstRetryMilliseconds = 1,
        Attempts = 2,
    };

    private readonly SqliteFile _file = new();
    private readonly SqlOutboxStore _outbox;

    public ChannelBusTests() => _outbox = new SqlOutboxStore(_file.Database, TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_consumer_that_waits_for_its_store_holds_nobody_up_and_misses_nothing()
    {
        var (waiting, other) = (new Recorder("waiting") { Unavailable = true }, new Recorder("b"));
        await using var running = await RunAsync(waiting, other);

        await EmitAsync(Many);

        await other.HasAsync(Many);
        Assert.Empty(waiting.Applied);
        waiting.Unavailable = false;
        await waiting.HasAsync(Many);
        Assert.Equal(Sequences(1, Many), other.Applied.Distinct().Order());
        Assert.Equal(Sequences(1, Many), waiting.Applied.Distinct());
        Assert.Empty(await _outbox.DeadLettersAsync(Stop));
    }

    [Fact]
    public async Task Started_again_each_consumer_goes_on_where_it_was_itself()
    {
        var (waiting, other) = (new Recorder("waiting") { Unavailable = true }, new Recorder("b"));
        await using (await RunAsync(waiting, other))
        {
            await EmitAsync(Many);
            await other.HasAsync(Many);
            await PositionIsAsync("b", Many);
        }

        var (late, done) = (new Recorder("waiting"), new Recorder("b"));
        await using var running = await RunAsync(late, done);

        await late.HasAsync(Many);
        await EmitAsync(1);
        await done.HasAsync(1);
        Assert.Equal([Many + 1], done.Applied);
        Assert.Equal(Sequences(1, Many), late.Applied.Take(Many));
    }

    [Fact]
    public async Task A_new_consumer_begins_behind_what_was_published_before()
    {
        var old = new Recorder("old");
        await using (await RunAsync(old))
        {
            await EmitAsync(3);
            await PositionIsAsync("old", 3);
        }

        var added = new Recorder("added");
        await using var running = await RunAsync(old, added);
        await EmitAsync(1);

        await added.HasAsync(1);
        Assert.Equal([4], added.Applied);
    }

    [Fact]
    public async Task What_a_consumer_has_still_to_apply_is_not_pruned()
    {
        var (waiting, other) = (new Recorder("waiting") { Unavailable = true }, new Recorder("b"));
        await using var running = await RunAsync(waiting, other);
        await EmitAsync(30);
        await PositionIsAsync("b", 30);
        var future = DateTimeOffset.UnixEpoch.AddYears(200);

        Assert.Equal(0, await _outbox.PruneAsync(future, Stop));

        waiting.Unavailable = false;
        await PositionIsAsync("waiting", 30);
        Assert.Equal(30, await _outbox.PruneAsync(future, Stop));
    }

    [Fact]
    public async Task A_bad_event_is_one_consumers_dead_letter_and_the_others_of_its_stretch_are_applied()
    {
        var (bad, other) = (new Recorder("bad") { Poison = 7 }, new Recorder("b"));
        await using var running = await RunAsync(bad, other);

        await EmitAsync(20);

        await PositionIsAsync("bad", 20);
        await PositionIsAsync("b", 20);
        Assert.Equal(Sequences(1, 20).Where(one => one != 7), bad.Applied.Distinct().Order());
        var letter = Assert.Single(await _outbox.DeadLettersAsync(Stop));
        Assert.Equal(("bad", 7L), (letter.Consumer, letter.Event.Sequence));

        bad.Poison = 0;
        var line = new DeliveryLine(
            _outbox,
            new EventSource(
                new PastEvents(_outbox, Types, Options.Create(Small)),
                running.Bus,
                _file.Database
            )
        );
        var letters = new DeadLetters(DeliveryLines.Only(line), Types);
        var standing = Assert.Single(await letters.ListAsync(Stop));
        Assert.True((await letters.ReplayAsync(standing, Stop)).Succeeded);
        Assert.Contains(7, bad.Applied);
        Assert.Single(other.Applied, one => one == 7);
        Assert.Empty(await _outbox.DeadLettersAsync(Stop));
    }

    public void Dispose() => _file.Dispose();

    private static IEnumerable<long> Sequences(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(one => (long)one);

    private Task<int> EmitAsync(int events) =>
        _file.Database.Writes.RunAsync(
            commit =>
            {
                for (var i = 0; i < events; i++)
                {
                    commit.Emit(new AuthorClosed(new AccountId(1)));
                }

                return events;
            },
            Stop
        );

    /// <summary>The consumer has applied what was published, and both positions are on the disk.</summary>
    private Task PositionIsAsync(string consumer, long sequence) =>
        Wait.UntilAsync(
            () =>
                Task.FromResult(
                    Number(
                        $"SELECT applied_through FROM consumer_positions WHERE consumer = '{consumer}'"
                    ) == sequence
                        && Number("SELECT published_through FROM relay_position") == sequence
                ),
            () => $"{consumer} and the relay are at {sequence}",
            Stop
        );

    private long Number(string sql) => _file.Database.Read(session => session.Number(sql, -1));

    private async Task<Running> RunAsync(params IEventConsumer[] consumers)
    {
        var options = Options.Create(Small);
        var bus = new ChannelBus(
            new Consumers(consumers),
            _outbox,
            Types,
            options,
            TimeProvider.System,
            NullLogger<ChannelBus>.Instance
        );
        var relay = new OutboxRelay(
            _outbox,
            bus,
            _file.Database,
            Types,
            options,
            TimeProvider.System,
            NullLogger<OutboxRelay>.Instance
        );
        await relay.StartAsync(Stop);
        await bus.StartAsync(Stop);
        return new Running(bus, relay);
    }

    private sealed record Running(ChannelBus Bus, OutboxRelay Relay) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Relay.StopAsync(CancellationToken.None);
            await Bus.StopAsync(CancellationToken.None);
            Relay.Dispose();
            Bus.Dispose();
        }
    }

    private sealed class Recorder(string name) : IEventConsumer
    {
        private readonly ConcurrentQueue<long> _applied = [];

        public string Name => name;

        public bool Unavailable { get; set; }

        public long Poison { get; set; }

        public IReadOnlyCollection<long> Applied => _applied;

        public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
        {
            if (Unavailable)
            {
                throw new StoreUnavailableException();
            }

            if (events.Any(committed => committed.Sequence == Poison))
            {
                throw new InvalidOperationException("bad");
            }

            foreach (var committed in events)
            {
                _applied.Enqueue(committed.Sequence);
            }

            return Task.CompletedTask;
        }

        public Task HasAsync(int events) =>
            Wait.UntilAsync(
                () => Task.FromResult(_applied.Count >= events),
                () => $"{name} has {events} events; it has {_applied.Count}",
                Stop
            );
    }
}
