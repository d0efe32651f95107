using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications.Push;

public sealed class SqlitePushStoreTests() : PushStoreContract(new SqliteFile());

public sealed class PostgresPushStoreTests() : PushStoreContract(PostgresDatabase.Create());

/// <summary>What every store of pushes promises. That what is raised is queued: see the contract of notifications.</summary>
public abstract class PushStoreContract : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly TestDatabase _database;
    private readonly AccountId _me = Fresh.Account();
    private readonly TokenHash _session = AuthToken.Draw().Hash;

    private protected PushStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlPushStore(database.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected IPushStore Store { get; }

    [Fact]
    public async Task A_subscription_is_read_as_it_was_made_and_another_of_its_session_takes_its_place()
    {
        Assert.Null(await Store.OfSessionAsync(_session, Stop));
        var made = await Store.SubscribeAsync(New(), Stop);
        Assert.Equal(_me, made.Account);
        Assert.Equal(_session, made.Session);
        Assert.Equal("https://push.example/a", made.Receiver.Endpoint);
        Assert.Equal(new byte[] { 4, 1 }, made.Receiver.P256dh.ToArray());
        Assert.Equal(new byte[] { 7 }, made.Receiver.Auth.ToArray());
        Assert.True(made.Receiver.IsStandard);
        Assert.Equal(["follow", "mention"], made.Wishes.Alerts.Order());
        Assert.Equal(PushPolicy.Followed, made.Wishes.Policy);
        Assert.Empty(made.SealedToken.ToArray());
        Assert.Equal(("de", "Firefox"), (made.Language, made.Device));
        Assert.Equal(new PushDelivery(0, null, null, "", 0), made.Delivery);

        var other = New() with
        {
            Receiver = New().Receiver with
            {
                Endpoint = "https://push.example/b",
                IsStandard = false,
            },
            SealedToken = new byte[] { 1, 2, 3 },
        };
        var again = await Store.SubscribeAsync(other, Stop);
        Assert.Equal("https://push.example/b", again.Receiver.Endpoint);
        Assert.False(again.Receiver.IsStandard);
        Assert.Equal(new byte[] { 1, 2, 3 }, again.SealedToken.ToArray());
        Assert.Equal(again.Id, Assert.Single(await Store.OfAsync(_me, Stop)).Id);
        Assert.Equal(again.Id, (await Store.OfSessionAsync(_session, Stop))!.Id);
    }

    [Fact]
    public async Task One_endpoint_of_an_account_has_one_subscription_and_anothers_is_left_alone()
    {
        await Store.SubscribeAsync(New(), Stop);
        var somebody = Fresh.Account();
        await Store.SubscribeAsync(
            New() with
            {
                Account = somebody,
                Session = AuthToken.Draw().Hash,
            },
            Stop
        );
        var last = await Store.SubscribeAsync(New() with { Session = AuthToken.Draw().Hash }, Stop);
        Assert.Equal(last.Id, Assert.Single(await Store.OfAsync(_me, Stop)).Id);
        Assert.Single(await Store.OfAsync(somebody, Stop));
        Assert.Null(await Store.OfSessionAsync(_session, Stop));
    }

    [Fact]
    public async Task Wishes_change_and_nothing_else()
    {
        Assert.Null(await Store.WishAsync(_session, Wishes("status"), Stop));
        var made = await Store.SubscribeAsync(New(), Stop);
        var changed = await Store.WishAsync(_session, Wishes("status"), Stop);
        Assert.Equal(["status"], changed!.Wishes.Alerts);
        Assert.Equal(PushPolicy.None, changed.Wishes.Policy);
        Assert.Equal(made.Receiver.Endpoint, changed.Receiver.Endpoint);
    }

    [Fact]
    public async Task What_an_account_removes_is_its_own_and_goes_with_what_waits()
    {
        var made = await Store.SubscribeAsync(New(), Stop);
        Assert.True(await Store.TestAsync(_session, Stop));
        Assert.Equal(0, await Store.RemoveAsync(Fresh.Account(), [made.Id], Stop));
        Assert.Single(await Store.WaitingAsync(made.Id, 10, Stop));
        Assert.Equal(1, await Store.RemoveAsync(_me, [made.Id], Stop));
        Assert.Empty(await Store.WaitingAsync(made.Id, 10, Stop));
        Assert.Empty(await Store.OfAsync(_me, Stop));
        Assert.False(await Store.TestAsync(_session, Stop));
    }

    [Fact]
    public async Task Each_is_claimed_by_one_until_that_settles_or_the_claim_lapses()
    {
        var made = await Store.SubscribeAsync(New(), Stop);
        Assert.Empty(await ClaimAsync());
        await Store.TestAsync(_session, Stop);
        await Store.TestAsync(_session, Stop);
        Assert.True(await AreDueAsync());
        var claimed = (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ClaimAsync())))
            .SelectMany(all => all)
            .ToList();
        var lane = Assert.Single(claimed);
        Assert.False(await AreDueAsync());
        var waiting = Assert.Single(await Store.WaitingAsync(made.Id, 10, Stop));
        Assert.True(waiting.IsTest);

        await SettleAsync(lane, new PushSettlement([], Failure: "busy"));
        var failed = (await Store.OfSessionAsync(_session, Stop))!.Delivery;
        Assert.Equal((1, "busy", 1), (failed.Failures, failed.Failure, failed.Waiting));
        Assert.NotNull(failed.FailedAt);
        var backlog = await Store.BacklogAsync(Stop);
        Assert.True(backlog.Failing >= 1 && backlog.Waiting >= 1 && backlog.Subscriptions >= 1);
        Assert.NotNull(backlog.OldestFrom);

        Assert.Empty(await ClaimAsync(failingToo: false));
        lane = Assert.Single(await ClaimAsync());
        Assert.Equal(1, lane.Subscription.Delivery.Failures);
        await SettleAsync(lane, new PushSettlement([default], IsSent: true));
        var sent = (await Store.OfSessionAsync(_session, Stop))!.Delivery;
        Assert.Equal((0, "", 0), (sent.Failures, sent.Failure, sent.Waiting));
        Assert.NotNull(sent.SentAt);
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Who_was_too_slow_settles_nothing_but_what_was_sent()
    {
        var made = await Store.SubscribeAsync(New(), Stop);
        await Store.TestAsync(_session, Stop);
        var slow = Assert.Single(await Store.ClaimAsync(10_000, TimeSpan.Zero, true, Stop), IsMine);
        var fast = Assert.Single(await ClaimAsync());
        Assert.NotEqual(slow.Claim, fast.Claim);
        await SettleAsync(slow, new PushSettlement([], Failure: "late"));
        Assert.Equal(0, (await Store.OfSessionAsync(_session, Stop))!.Delivery.Failures);
        Assert.Empty(await ClaimAsync());
        await SettleAsync(slow, new PushSettlement([default], IsSent: true));
        Assert.Empty(await Store.WaitingAsync(made.Id, 10, Stop));
        Assert.NotNull((await Store.OfSessionAsync(_session, Stop))!.Delivery.SentAt);
        await SettleAsync(fast, new PushSettlement([]));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task What_is_raised_is_queued_once_for_those_who_want_it()
    {
        var wanting = await Store.SubscribeAsync(New(), Stop);
        var second = await Store.SubscribeAsync(Elsewhere("b", PushPolicy.All, "follow"), Stop);
        var other = await Store.SubscribeAsync(Elsewhere("c", PushPolicy.All, "status"), Stop);
        var none = await Store.SubscribeAsync(Elsewhere("d", PushPolicy.None, "follow"), Stop);
        var notifications = new SqlNotificationStore(
            _database.Database,
            Microsoft.Extensions.Options.Options.Create(new NotificationsOptions())
        );
        var events = Fresh
            .Accounts(30)
            .Select(
                (actor, at) =>
                    new NotifyingEvent(
                        at + 1,
                        null,
                        [
                            new NotificationChange(
                                new NotificationKey(_me, NotificationKind.Follow, actor, default),
                                true
                            ),
                        ]
                    )
            )
            .ToList();
        var consumer = $"test-{_me}";
        await notifications.ApplyAsync(consumer, events[..20], Stop);
        await notifications.ApplyAsync(consumer, events, Stop);
        await notifications.ApplyAsync(consumer, events, Stop);

        var raised = await notifications.ListAsync(_me, NotificationFilter.All, new Page(80), Stop);
        Assert.Equal(30, raised.Count);
        foreach (var one in new[] { wanting, second })
        {
            Assert.Equal(
                raised.Select(told => told.Id).Reverse(),
                (await Store.WaitingAsync(one.Id, 100, Stop)).Select(push => push.Notification)
            );
        }

        Assert.Empty(await Store.WaitingAsync(other.Id, 100, Stop));
        Assert.Empty(await Store.WaitingAsync(none.Id, 100, Stop));
        var lanes = await ClaimAsync();
        Assert.Equal(
            [wanting.Id, second.Id],
            lanes.Select(lane => lane.Subscription.Id).OrderBy(id => id.Value)
        );
        Assert.Equal(
            raised.Select(one => one.Id).Order(),
            (
                await notifications.FindManyAsync(
                    _me,
                    [.. raised.Select(one => one.Id), new NotificationId(5)],
                    Stop
                )
            )
                .Select(one => one.Id)
                .Order()
        );

        // Of what cannot be sent the newest are kept.
        await Store.SettleAsync(lanes[0], new PushSettlement([], Failure: "away"), 10, Stop);
        Assert.Equal(
            raised.Take(10).Select(told => told.Id).Reverse(),
            (await Store.WaitingAsync(lanes[0].Subscription.Id, 100, Stop)).Select(push =>
                push.Notification
            )
        );
    }

    [Fact]
    public async Task There_is_one_pair_of_keys_for_ever()
    {
        // Another test may have drawn it.
        var first = await Store.KeepKeysAsync([1, 2, 3], Stop);
        Assert.Equal(first, await Store.KeepKeysAsync([4, 5, 6], Stop));
        Assert.Equal(first, await Store.KeysAsync(Stop));
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<IReadOnlyList<PushLane>> ClaimAsync(bool failingToo = true) =>
        [.. (await Store.ClaimAsync(10_000, Lease, failingToo, Stop)).Where(IsMine)];

    private bool IsMine(PushLane lane) => lane.Subscription.Account == _me;

    private ValueTask<bool> AreDueAsync() =>
        Store.AreDueAsync(TimeProvider.System.GetUtcNow().AddSeconds(1), Stop);

    private Task SettleAsync(PushLane lane, PushSettlement settlement) =>
        Store.SettleAsync(lane, settlement, 10, Stop);

    private static PushWishes Wishes(params string[] alerts) =>
        new(alerts.ToHashSet(), PushPolicy.None);

    private NewPushSubscription Elsewhere(string name, PushPolicy policy, string alert) =>
        New() with
        {
            Session = AuthToken.Draw().Hash,
            Receiver = New().Receiver with { Endpoint = $"https://push.example/{name}" },
            Wishes = new PushWishes(new HashSet<string> { alert }, policy),
        };

    private NewPushSubscription New() =>
        new(
            _me,
            _session,
            new PushReceiver("https://push.example/a", new byte[] { 4, 1 }, new byte[] { 7 }, true),
            new PushWishes(new HashSet<string> { "mention", "follow" }, PushPolicy.Followed),
            default,
            "de",
            "Firefox"
        );
}
