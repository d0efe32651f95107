using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>
/// Random histories of a server, whose events are then told to consumers with an empty store: each several times, in any order, in stretches of any size. What stands in the end is what truth says, each
/// thing once, and nothing is raised twice.
/// </summary>
public sealed class NotifyModelTests(ITestOutputHelper output)
{
    private const int People = 5;
    private const int Steps = 120;
    private const int Times = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_comes_how_often_and_in_whatever_order_each_thing_stands_once(
        int seed
    )
    {
        output.WriteLine($"seed {seed}");
        await using var world = await World.EmptyAsync(Stop);
        var history = await HistoryOfNotified.PlayAsync(
            world,
            new Random(seed),
            People,
            Steps,
            Stop
        );
        await world.SettleAsync(Stop);
        var right = history.Right();
        Assert.True(right.Count >= 10, $"only {right.Count} stand");

        var services = world.Server.Services;
        var own = await StandingAsync(services.GetRequiredService<INotificationStore>());
        Assert.Equal(Sorted(right.Where(IsNoStatus)), Sorted(own.Where(IsNoStatus)));

        var events = await EventsAsync(services);
        for (var time = 0; time < Times; time++)
        {
            using var replay = new Replay(services);
            await replay.RingAsync(history.Bells, Stop);
            await replay.TellAsync(events, new Random(seed + (100 * time)), Stop);
            Assert.Equal(Sorted(right), Sorted(await StandingAsync(replay.Store)));
            Assert.Equal(replay.Raised.Distinct(), replay.Raised);
        }
    }

    /// <summary>Bells were rung at some moment, and what was posted before is not told.</summary>
    private static bool IsNoStatus(NotificationKey key) => key.Kind != NotificationKind.Status;

    private static IEnumerable<NotificationKey> Sorted(IEnumerable<NotificationKey> keys) =>
        keys.OrderBy(key => key.ToString(), StringComparer.Ordinal);

    private static async Task<List<NotificationKey>> StandingAsync(INotificationStore store) =>
        [.. (await store.AllAboveAsync(default, int.MaxValue, Stop)).Select(one => one.Key)];

    private static async Task<List<Committed>> EventsAsync(IServiceProvider services)
    {
        var line = Assert.Single(services.GetRequiredService<DeliveryLines>().All);
        return services
            .GetRequiredService<EventTypes>()
            .ReadAll(await line.Outbox.ReadAsync(0, int.MaxValue, Stop));
    }

    /// <summary>The two consumers with a store of their own.</summary>
    private sealed class Replay : ICommitObserver, IDisposable
    {
        private readonly SqliteFile _database = new();
        private readonly SqlBellStore _bells;
        private readonly IReadOnlyList<IEventConsumer> _consumers;

        public Replay(IServiceProvider services)
        {
            var options = Options.Create(new NotificationsOptions { Chunk = 2 });
            Store = new SqlNotificationStore(_database.Database, options);
            _bells = new SqlBellStore(_database.Database);
            _database.Database.Writes.Observe(this);
            var posts = services.GetRequiredService<IPosts>();
            var find = new FindNotified(
                posts,
                services.GetRequiredService<IGraph>(),
                services.GetRequiredService<IAccounts>()
            );
            _consumers =
            [
                new NotifyOnEvents(
                    find,
                    Store,
                    _bells,
                    new SqlReaderStore(_database.Database),
                    new SqlNotificationMailStore(_database.Database)
                ),
                new RingBells(posts, find, Store, _bells, options),
            ];
        }

        public INotificationStore Store { get; }

        public List<NotificationId> Raised { get; } = [];

        public async Task RingAsync(IReadOnlyList<Bell> bells, CancellationToken stop)
        {
            foreach (var bell in bells)
            {
                await _bells.RingAsync(bell, long.MaxValue - 1, stop);
            }
        }

        public async Task TellAsync(
            IReadOnlyList<Committed> events,
            Random random,
            CancellationToken stop
        )
        {
            Committed[] told = [.. events, .. events, .. events.Where(_ => random.Next(2) == 0)];
            random.Shuffle(told);
            for (var at = 0; at < told.Length; )
            {
                var stretch = told[at..Math.Min(told.Length, at + random.Next(1, 40))];
                at += stretch.Length;
                foreach (var consumer in _consumers)
                {
                    await consumer.HandleAsync(
                        [.. stretch.Where(one => consumer.Reads.Contains(one.Event.GetType()))],
                        stop
                    );
                }
            }
        }

        public void OnCommitted(IReadOnlyList<Committed> group) =>
            Raised.AddRange(
                group
                    .Select(one => one.Event)
                    .OfType<NotificationsRaised>()
                    .SelectMany(one => one.Raised)
                    .Select(one => one.Id)
            );

        public void Forget() { }

        public void Dispose() => _database.Dispose();
    }
}
