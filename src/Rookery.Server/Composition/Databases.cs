using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Api;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.Sharing;
using Rookery.Telemetry;

namespace Rookery.Server.Composition;

/// <summary>
/// What there is once for each database: its outbox, the bus and the relay of its events with the consumers that know such events, and its lease. Where the
/// capabilities share one, that is all there is.
/// </summary>
internal static class Databases
{
    private static readonly Dictionary<string, IReadOnlyList<EventType>> EventsOf = new()
    {
        ["accounts"] = [.. AccountEvents.Types, .. ReportEvents.Types],
        ["graph"] = GraphEvents.Types,
        ["posts"] = PostEvents.Types,
        ["notifications"] = NotificationEvents.Types,
        // It tells nobody of anything.
        ["media"] = [],
    };

    /// <summary>Registers it, before the capabilities, which would take one database for all there is.</summary>
    /// <param name="roles">Whose consumers this process runs.</param>
    public static IServiceCollection AddDatabases(
        this IServiceCollection services,
        IReadOnlyList<Role> roles
    ) =>
        services
            .AddSingleton<ICommitLease>(provider => new CommitLeases(
                Remembered(provider.GetRequiredService<SqlDatabases>())
            ))
            .AddSingleton(provider => new SessionsLease(
                provider.GetRequiredService<SqlDatabases>().Accounts
            ))
            .AddSingleton<SqlOutboxes>()
            .AddSingleton<Func<SharedKind, IOutboxStore>>(provider =>
                kind =>
                    provider
                        .GetRequiredService<SqlOutboxes>()
                        .Of(kind == SharedKind.Card ? "accounts" : "posts")
            )
            .AddSingleton(Share)
            .AddSingleton(provider => LinesOf(provider, roles))
            .AddHostedService<RunBuses>()
            .AddSingleton<IReadiness>(provider => new SqlReadiness(
                WrittenBy(roles, provider.GetRequiredService<SqlDatabases>())
            ))
            .AddSingleton<IReadiness, BusReadiness>();

    /// <summary>Tells who keeps things in memory of the commits of every database, and who counts by sequences of its own one's.</summary>
    public static void Connect(IServiceProvider provider)
    {
        var databases = provider.GetRequiredService<SqlDatabases>();
        foreach (var database in databases.All)
        {
            database.Writes.Telemetry = provider.GetRequiredService<TelemetryEvents>();
        }

        foreach (var observer in provider.GetServices<ICommitObserver>())
        {
            foreach (var database in databases.All)
            {
                database.Writes.Observe(observer);
            }
        }

        var shared = provider.GetRequiredService<SharedSources>();
        databases.Posts.Writes.Observe(shared.Posts.Changes);
        if (shared.Cards != shared.Posts)
        {
            databases.Accounts.Writes.Observe(shared.Cards.Changes);
        }
    }

    /// <summary>Those of its own roles' capabilities; all, where its roles write to none.</summary>
    private static IReadOnlyList<SqlDatabase> WrittenBy(
        IReadOnlyList<Role> roles,
        SqlDatabases databases
    )
    {
        var own = roles
            .Where(role => EventsOf.ContainsKey(role.Name))
            .Select(role => databases.Of(role.Name))
            .Distinct()
            .ToList();
        return own.Count > 0 ? own : databases.All;
    }

    /// <summary>Those whose events somebody keeps something of: what is remembered rests on them, and on no other.</summary>
    private static IReadOnlyList<SqlDatabase> Remembered(SqlDatabases databases) =>
        [.. new[] { databases.Accounts, databases.Graph, databases.Posts }.Distinct()];

    /// <summary>Those that tell of something, or have marks of what others told.</summary>
    private static IReadOnlyList<SqlDatabase> Telling(SqlDatabases databases) =>
        [.. Remembered(databases).Append(databases.Notifications).Distinct()];

    private static SharedSources Share(IServiceProvider provider)
    {
        var databases = provider.GetRequiredService<SqlDatabases>();
        var cache = provider.GetRequiredService<ISharedCache>();
        var telemetry = provider.GetRequiredService<TelemetryEvents>();
        var posts = SharedSource.Of(cache, databases.Posts, telemetry);
        return new SharedSources(
            posts,
            databases.Accounts == databases.Posts
                ? posts
                : SharedSource.Of(cache, databases.Accounts, telemetry)
        );
    }

    private static DeliveryLines LinesOf(IServiceProvider provider, IReadOnlyList<Role> roles)
    {
        var databases = provider.GetRequiredService<SqlDatabases>();
        var lines = Telling(databases)
            .ToDictionary(
                database => database,
                database => LineOf(provider, database, databases, roles)
            );
        return new DeliveryLines(
            lines[databases.Accounts],
            lines[databases.Graph],
            lines[databases.Posts],
            lines[databases.Notifications]
        );
    }

    private static DeliveryLine LineOf(
        IServiceProvider provider,
        SqlDatabase database,
        SqlDatabases databases,
        IReadOnlyList<Role> roles
    )
    {
        var outbox = provider.GetRequiredService<SqlOutboxes>().Of(database);
        var consumers = ConsumersOf(provider, database, databases, roles);
        var bus = (IEventBus)Stores.Make(typeof(IEventBus), provider, outbox, consumers);
        var past = ActivatorUtilities.CreateInstance<PastEvents>(provider, outbox);
        return new DeliveryLine(
            outbox,
            new EventSource(past, bus, database)
            {
                Outbox = OutboxOf(database, databases),
                ToldThroughAsync = async () => (await database.Writes.FollowAsync()).Through,
            }
        );
    }

    /// <summary>Those that act on events of this database's capabilities.</summary>
    private static Consumers ConsumersOf(
        IServiceProvider provider,
        SqlDatabase database,
        SqlDatabases databases,
        IReadOnlyList<Role> roles
    )
    {
        var here = roles.SelectMany(role => role.Consumers).ToHashSet();
        var events = databases
            .CapabilitiesOf(database)
            .Where(EventsOf.ContainsKey)
            .SelectMany(capability => EventsOf[capability])
            .Select(type => type.ClrType)
            .ToHashSet();
        // A SQLite file is this process's own: nobody else would ever be past its events.
        var isShared = Doors.IsShared(provider.GetRequiredService<IConfiguration>());
        var told = provider
            .GetServices<IEventConsumer>()
            .Where(one => isShared || here.Contains(one.GetType()))
            .Where(one => one.Reads.Count == 0 || one.Reads.Any(events.Contains))
            .ToList();
        var names = told.Where(one => here.Contains(one.GetType()))
            .Select(one => one.Name)
            .ToHashSet();
        return new Consumers(
            OutboxOf(database, databases) is { } outbox
                ? told.Select(one => new OfOutbox(one, outbox))
                : told,
            one => names.Contains(one.Name)
        );
    }

    /// <summary>What tells its events from those of the others; null where there is one.</summary>
    private static string? OutboxOf(SqlDatabase database, SqlDatabases databases) =>
        databases.All.Count > 1 ? database.Outbox : null;

    /// <summary>The outbox of each database.</summary>
    private sealed class SqlOutboxes
    {
        private readonly SqlDatabases _databases;
        private readonly Dictionary<SqlDatabase, IOutboxStore> _all;

        public SqlOutboxes(SqlDatabases databases, IServiceProvider provider)
        {
            _databases = databases;
            _all = databases.All.ToDictionary(
                database => database,
                database => (IOutboxStore)Stores.Make(typeof(IOutboxStore), provider, database)
            );
        }

        public IOutboxStore Of(string capability) => _all[_databases.Of(capability)];

        public IOutboxStore Of(SqlDatabase database) => _all[database];
    }

    /// <summary>What a bus knows that this process cannot do its work with.</summary>
    private sealed class BusReadiness(DeliveryLines lines) : IReadiness
    {
        public string Name => "bus";

        public string? Problem =>
            lines
                .All.Select(line => line.Source.Bus)
                .OfType<IReadiness>()
                .Select(bus => bus.Problem)
                .FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Buses run their consumers' loops.</summary>
    private sealed class RunBuses(DeliveryLines lines) : IHostedService, IDisposable
    {
        private readonly List<BackgroundService> _buses =
        [
            .. lines.All.Select(line => (BackgroundService)line.Source.Bus),
        ];

        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(_buses.Select(bus => bus.StartAsync(cancellationToken)));

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(_buses.Select(bus => bus.StopAsync(cancellationToken)));

        public void Dispose() => _buses.ForEach(bus => bus.Dispose());
    }
}
