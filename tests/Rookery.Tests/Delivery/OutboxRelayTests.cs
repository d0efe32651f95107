using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Delivery;

/// <summary>One of several processes relays onto a bus that they share.</summary>
public sealed class OutboxRelayTests : IDisposable
{
    private readonly SqliteFile _file = new();
    private readonly SqlOutboxStore _outbox;
    private readonly FakeTime _time = new();

    public OutboxRelayTests() => _outbox = new SqlOutboxStore(_file.Database, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_left_to_the_first_and_gone_on_with_where_that_one_ended()
    {
        var (first, second) = (new Place { IsFirst = true }, new Place());
        var (one, other) = (new SharedBus(), new SharedBus());
        using var relay = Relay(one, first);
        using var another = Relay(other, second);
        await relay.StartAsync(Stop);
        await another.StartAsync(Stop);
        await EmitAsync(3);
        await HasAsync(one, 1, 2, 3);
        Assert.Empty(other.Published);

        first.IsFirst = false;
        second.IsFirst = true;
        await PublishedThroughAsync(3);
        await EmitAsync(2);
        await HasAsync(other, 4, 5);
        Assert.DoesNotContain(5, one.Published);

        await relay.StopAsync(Stop);
        await another.StopAsync(Stop);
    }

    public void Dispose() => _file.Dispose();

    private OutboxRelay Relay(IEventBus bus, ICommitLease lease) =>
        new(
            _outbox,
            bus,
            lease,
            TestDatabase.Events,
            Options.Create(new DeliveryOptions()),
            _time,
            NullLogger<OutboxRelay>.Instance
        );

    private Task<int> EmitAsync(int count) =>
        _file.Database.Writes.RunAsync(
            commit =>
            {
                for (var number = 0; number < count; number++)
                {
                    commit.Emit(new Followed(new AccountId(1), new AccountId(number)));
                }

                return 0;
            },
            Stop
        );

    private Task HasAsync(SharedBus bus, params long[] sequences) =>
        Wait.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
                return Task.FromResult(sequences.All(bus.Published.Contains));
            },
            () => $"{string.Join(", ", sequences)} are published",
            Stop
        );

    private Task PublishedThroughAsync(long sequence) =>
        Wait.UntilAsync(
            async () => await _outbox.PublishedThroughAsync(Stop) == sequence,
            () => $"{sequence} is noted as published",
            Stop
        );

    private sealed class Place : ICommitLease
    {
        private volatile bool _isFirst;

        public bool IsFirst
        {
            get => _isFirst;
            set => _isFirst = value;
        }

        public bool IsHeld => true;

        public TimeSpan Lapsed => TimeSpan.Zero;

        public ValueTask<bool> RenewAsync(CancellationToken token) => ValueTask.FromResult(true);
    }

    private sealed class SharedBus : IEventBus
    {
        public ConcurrentQueue<long> Published { get; } = new();

        public bool ReachesOthers => true;

        public Task PublishAsync(OutboxStretch stretch, CancellationToken token)
        {
            foreach (var committed in stretch.Events)
            {
                Published.Enqueue(committed.Sequence);
            }

            return Task.CompletedTask;
        }

        public Task<Redelivery> RedeliverAsync(
            string? consumer,
            Committed happened,
            CancellationToken token
        ) => Task.FromResult(Redelivery.NoConsumer);

        public ValueTask<long> AppliedThroughAsync(CancellationToken token) =>
            ValueTask.FromResult(0L);
    }
}
