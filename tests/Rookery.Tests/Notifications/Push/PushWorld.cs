using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.Mail;
using Rookery.Media;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.Telemetry;
using Rookery.TestKit;
using Rookery.Tests.Reading;

namespace Rookery.Tests.Notifications.Push;

/// <summary>Pushes alone, on a database of their own, by a clock that the test moves: ana is followed by whom the test says, and has one subscription.</summary>
internal sealed class PushWorld : IPushSender, IMails, IGraph, IDisposable
{
    public static readonly AccountId Ana = new(1);

    private readonly SqliteFile _database;
    private readonly ServiceProvider _telemetry;
    private readonly KnownAccounts _accounts = new(
        Enumerable.Range(1, 2_000).Select(id => new AccountId(id))
    );
    private readonly SqlNotificationStore _notifications;
    private readonly VapidKeys _keys;
    private readonly ConcurrentQueue<OutgoingPush> _pushes = new();
    private long _events;

    public PushWorld(Action<PushOptions>? configure = null)
    {
        _database = new SqliteFile(Time);
        _telemetry = new ServiceCollection().AddTelemetry().BuildServiceProvider();
        configure?.Invoke(Settings);
        var (options, mail) = (Options.Create(Settings), Options.Create(new MailOptions()));
        var seal = new SealTokens(new PushSecret("a secret of this test"));
        _notifications = new SqlNotificationStore(
            _database.Database,
            Options.Create(new NotificationsOptions())
        );
        Store = new SqlPushStore(_database.Database);
        _keys = new VapidKeys(Store);
        Keep = new KeepSubscriptions(Store, seal, options);
        var posts = new ScriptedPosts();
        var telemetry = _telemetry.GetRequiredService<TelemetryEvents>();
        Sending = new SendPushes(
            Store,
            new SendPush(
                Store,
                this,
                _accounts,
                new ChoosePushes(
                    _notifications,
                    new FindNotified(posts, this, _accounts),
                    posts,
                    _accounts,
                    options,
                    Time
                ),
                new WritePush(seal, this, Options.Create(new MediaOptions())),
                new MakePush(_keys, this, options, mail, Time),
                options,
                telemetry,
                NullLogger<SendPush>.Instance
            ),
            options,
            telemetry,
            Time,
            NullLogger<SendPushes>.Instance
        );
    }

    public FakeTime Time { get; } = new();

    public PushOptions Settings { get; } = new();

    public IPushStore Store { get; }

    public KeepSubscriptions Keep { get; }

    public SendPushes Sending { get; }

    public PushClient Client { get; } = new();

    public AuthToken Session { get; } = AuthToken.Draw();

    /// <summary>What was sent, or tried, in order.</summary>
    public IReadOnlyList<OutgoingPush> Pushes => [.. _pushes];

    public Func<OutgoingPush, PushOutcome> Answer { get; set; } =
        _ => new PushOutcome(PushFate.Sent);

    /// <summary>What stands between ana and the other.</summary>
    public Func<AccountId, Relationship> Between { get; set; } =
        other => new Relationship(other, false, FollowedBy: true, false, false, false);

    public HashSet<TokenHash> EndedSessions => _accounts.EndedSessions;

    public async Task<PushSubscription> SubscribeAsync(
        CancellationToken stop,
        PushPolicy policy = PushPolicy.All,
        string language = "en",
        params string[] alerts
    )
    {
        var wishes = new PushWishes(alerts.DefaultIfEmpty("follow").ToHashSet(), policy);
        var made = await Keep.SubscribeAsync(
            new SubscribeRequest(
                Ana,
                Session.Text,
                "https://push.example/one",
                Client.P256dh,
                Client.Auth,
                IsStandard: true,
                wishes,
                TellsToken: true,
                language,
                ""
            ),
            stop
        );
        return made.Value;
    }

    /// <summary>Of the same account, at services whose names begin with <c>slow</c>.</summary>
    public async Task<int> SubscribeOthersAsync(int count, CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            await Keep.SubscribeAsync(
                new SubscribeRequest(
                    Ana,
                    AuthToken.Draw().Text,
                    $"https://slow{i}.example/one",
                    Client.P256dh,
                    Client.Auth,
                    IsStandard: true,
                    new PushWishes(new HashSet<string> { "follow" }, PushPolicy.All),
                    TellsToken: true,
                    "en",
                    ""
                ),
                stop
            );
        }

        return (await Keep.OfAsync(Ana, stop)).Count;
    }

    /// <summary>Each of them follows ana.</summary>
    public Task RaiseAsync(CancellationToken stop, params IEnumerable<int> actors) =>
        ApplyAsync(true, actors, stop);

    public Task TakeBackAsync(CancellationToken stop, params IEnumerable<int> actors) =>
        ApplyAsync(false, actors, stop);

    public async Task DismissAllAsync(CancellationToken stop) =>
        await _notifications.ClearAsync(Ana, stop);

    /// <summary>Sends until nothing is due.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await Sending.HandleAsync(stop) > 0) { }
    }

    public Task<PushOutcome> SendAsync(OutgoingPush push, CancellationToken token)
    {
        _pushes.Enqueue(push);
        return Task.FromResult(Answer(push));
    }

    /// <summary>What the client reads in a push.</summary>
    public System.Text.Json.JsonElement Read(OutgoingPush push) =>
        Client.Read(new PushReceived("", new Dictionary<string, string>(), push.Body.ToArray()));

    public void Dispose()
    {
        Sending.Dispose();
        _keys.Dispose();
        _telemetry.Dispose();
        _database.Dispose();
        Client.Dispose();
    }

    public string LinkTo(string path) => $"https://rookery.example{path}";

    public ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<Relationship>>([
            .. pairs.Select(pair => Between(pair.Other)),
        ]);

    Task IMails.OrderAsync(MailOrder order, CancellationToken token) =>
        throw new NotSupportedException();

    ValueTask<MailState?> IMails.StateAsync(string key, CancellationToken token) =>
        throw new NotSupportedException();

    ValueTask<MailBacklog> IMails.BacklogAsync(CancellationToken token) =>
        throw new NotSupportedException();

    ValueTask<IReadOnlySet<string>> IMails.UnwantedAsync(
        AccountId account,
        CancellationToken token
    ) => throw new NotSupportedException();

    Task IMails.WantAsync(AccountId account, string kind, bool isWanted, CancellationToken token) =>
        throw new NotSupportedException();

    int IGraph.CopyFollowees(AccountId viewer, ref int[] followees) =>
        throw new NotSupportedException();

    HiddenAccounts? IGraph.HiddenFrom(AccountId viewer) => throw new NotSupportedException();

    ValueTask IGraph.LoadAsync(AccountId viewer, CancellationToken token) =>
        throw new NotSupportedException();

    ValueTask<IReadOnlyList<AccountId>> IGraph.FolloweesInTruthAsync(
        AccountId viewer,
        CancellationToken token
    ) => throw new NotSupportedException();

    ValueTask<IReadOnlyList<Relationship>> IGraph.RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        CancellationToken token
    ) => throw new NotSupportedException();

    ValueTask<IReadOnlyList<AccountId>> IGraph.FollowersAfterAsync(
        AccountId followee,
        AccountId after,
        int limit,
        CancellationToken token
    ) => throw new NotSupportedException();

    private async Task ApplyAsync(bool stands, IEnumerable<int> actors, CancellationToken stop)
    {
        foreach (var actor in actors)
        {
            var key = new NotificationKey(
                Ana,
                NotificationKind.Follow,
                new AccountId(actor),
                default
            );
            var told = new NotifyingEvent(++_events, null, [new NotificationChange(key, stands)]);
            // As consumers are told, twice.
            await _notifications.ApplyAsync("test", [told], stop);
            await _notifications.ApplyAsync("test", [told], stop);
        }
    }
}
