using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications;

public sealed class SqliteNotificationStoreTests() : NotificationStoreContract(new SqliteFile());

public sealed class PostgresNotificationStoreTests()
    : NotificationStoreContract(PostgresDatabase.Create());

/// <summary>What every store of notifications promises.</summary>
public abstract class NotificationStoreContract : IDisposable
{
    private const int Most = 16;
    private const string Consumer = "notifications";

    private static readonly Page _all = new(Page.MaxCount);

    private readonly TestDatabase _database;
    private readonly AccountId _me = Fresh.Account();
    private readonly AccountId _ana = Fresh.Account();
    private readonly AccountId _bob = Fresh.Account();
    private readonly PostId _post = new(Fresh.Account().Value);
    private long _sequence;

    private protected NotificationStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlNotificationStore(
            database.Database,
            Options.Create(new NotificationsOptions { MostKept = Most })
        );
        Readers = new SqlReaderStore(database.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected INotificationStore Store { get; }

    private protected IReaderStore Readers { get; }

    private NotificationKey Like => new(_me, NotificationKind.Like, _ana, _post);

    [Fact]
    public async Task What_is_raised_is_listed_newest_first_with_ids_that_a_number_of_JavaScript_holds()
    {
        await RaiseAsync(Like);
        await RaiseAsync(new(_me, NotificationKind.Follow, _bob, default));
        await RaiseAsync(Like with { Recipient = _bob });
        var mine = await ListAsync();
        Assert.Equal(
            [NotificationKind.Follow, NotificationKind.Like],
            mine.Select(one => one.Kind)
        );
        Assert.True(mine[0].Id > mine[1].Id);
        Assert.True(mine[0].Id.Value < 1L << 53);
        Assert.InRange(
            mine[0].CreatedAt,
            TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow().AddMinutes(5)
        );
        Assert.Equal(mine[1], await Store.FindAsync(_me, mine[1].Id, Stop));
        Assert.Null(await Store.FindAsync(_bob, mine[1].Id, Stop));
    }

    [Fact]
    public async Task The_newest_id_is_known_whosever_it_is_and_whatever_became_of_it()
    {
        await RaiseAsync(Like);
        await RaiseAsync(new(_bob, NotificationKind.Follow, _ana, default));
        var newest = Assert
            .Single(await Store.ListAsync(_bob, NotificationFilter.All, _all, Stop))
            .Id;
        Assert.Equal(newest, await Store.NewestIdAsync(Stop));
        await Store.DismissAsync(_bob, [newest], Stop);
        Assert.Equal(newest, await Store.NewestIdAsync(Stop));
        await Store.RemoveAsync([newest], Stop);
        Assert.True(await Store.NewestIdAsync(Stop) < newest);
    }

    [Fact]
    public async Task An_event_is_applied_once_whichever_outbox_it_is_of()
    {
        Assert.Equal(1, await ApplyAsync(new NotifyingEvent(7, null, [new(Like, true)])));
        await Store.ApplyAsync(Consumer, [new NotifyingEvent(8, null, [new(Like, false)])], Stop);
        Assert.Equal(0, await ApplyAsync(new NotifyingEvent(7, null, [new(Like, true)])));
        Assert.Empty(await ListAsync());
        var other = Like with { Actor = _bob };
        Assert.Equal(1, await ApplyAsync(new NotifyingEvent(7, "another", [new(other, true)])));
        Assert.Equal(0, await ApplyAsync(new NotifyingEvent(7, "another", [new(other, true)])));
        Assert.Single(await ListAsync());

        var happened = new Committed(7, new PostLiked(_ana, _post));
        Committed[] asked =
        [
            happened,
            happened with
            {
                Sequence = 9,
            },
            happened with
            {
                Outbox = "another",
            },
            happened with
            {
                Outbox = "a third",
            },
        ];
        Assert.Equal(
            [asked[1], asked[3]],
            (await Store.NewAmongAsync(Consumer, asked, Stop)).OrderBy(one =>
                one.Outbox is not null
            )
        );
    }

    [Fact]
    public async Task Of_what_is_told_of_one_thing_the_newest_counts_in_any_order()
    {
        await ApplyAsync(new NotifyingEvent(11, null, [new(Like, false)]));
        Assert.Equal(0, await ApplyAsync(new NotifyingEvent(10, null, [new(Like, true)])));
        Assert.Empty(await ListAsync());
        // Nobody was told before.
        Assert.Equal(1, await ApplyAsync(new NotifyingEvent(12, null, [new(Like, true)])));
        await ApplyAsync(new NotifyingEvent(13, null, [new(Like, false)]));
        Assert.Equal(0, await ApplyAsync(new NotifyingEvent(14, null, [new(Like, true)])));
        await ApplyAsync(new NotifyingEvent(15, null, [new(Like, false)]));
        // In one go, and the wrong way round.
        var other = Like with
        {
            Actor = _bob,
        };
        await Store.ApplyAsync(
            Consumer,
            [
                new NotifyingEvent(17, null, [new(other, false)]),
                new NotifyingEvent(16, null, [new(other, true)]),
            ],
            Stop
        );
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_is_taken_back_of_a_post_whose_author_nobody_knows_is_told_to_nobody_any_more()
    {
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Actor = _bob });
        await RaiseAsync(Like with { Kind = NotificationKind.Repost });
        var late = Sequence();
        await ApplyAsync(Next(Like with { Recipient = default }, stands: false));
        Assert.Equal(
            [NotificationKind.Repost, NotificationKind.Like],
            (await ListAsync()).Select(one => one.Kind)
        );
        Assert.Equal([_ana, _bob], (await ListAsync()).Select(one => one.Actor));
        // From before, and of a row that is there alone: the next one stands in the old place.
        Assert.Equal(0, await ApplyAsync(new NotifyingEvent(late, null, [new(Like, true)])));
        Assert.Equal(2, (await ListAsync()).Count);
        Assert.Equal(0, await ApplyAsync(Next(Like, stands: true)));
        Assert.Equal(3, (await ListAsync()).Count);
        // What was dismissed stays so.
        await Store.ClearAsync(_me, Stop);
        await ApplyAsync(Next(Like with { Recipient = default }, stands: false));
        Assert.Equal(0, await ApplyAsync(Next(Like, stands: true)));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_is_taken_back_and_done_again_stands_in_its_old_place_and_is_raised_once()
    {
        await RaiseAsync(Like);
        var first = Assert.Single(await ListAsync());
        await RaiseAsync(Like with { Actor = _bob });
        for (var again = 0; again < 3; again++)
        {
            await ApplyAsync(Next(Like, stands: false));
            Assert.Equal([_bob], (await ListAsync()).Select(one => one.Actor));
            Assert.Equal(0, await ApplyAsync(Next(Like, stands: true)));
            Assert.Equal(first, (await ListAsync())[1]);
        }
    }

    [Fact]
    public async Task What_is_dismissed_or_cleared_never_stands_again()
    {
        await RaiseAsync(Like);
        var one = Assert.Single(await ListAsync());
        Assert.Equal(0, await Store.DismissAsync(_bob, [one.Id], Stop));
        Assert.Single(await ListAsync());
        Assert.Equal(1, await Store.DismissAsync(_me, [one.Id], Stop));
        Assert.Equal(1, await Store.DismissAsync(_me, [one.Id], Stop));
        Assert.Null(await Store.FindAsync(_me, one.Id, Stop));
        await ApplyAsync(Next(Like, stands: false));
        Assert.Equal(0, await ApplyAsync(Next(Like, stands: true)));
        Assert.Empty(await ListAsync());

        var other = Like with { Actor = _bob };
        await RaiseAsync(other);
        await RaiseAsync(other with { Recipient = _ana });
        await Store.ClearAsync(_me, Stop);
        Assert.Equal(0, await ApplyAsync(Next(other, stands: true)));
        Assert.Empty(await ListAsync());
        Assert.Single(await ListAsync(of: _ana));
    }

    [Fact]
    public async Task A_list_is_filtered_and_paged_both_ways()
    {
        for (var i = 0; i < 6; i++)
        {
            await RaiseAsync(Like with { Post = new PostId(100 + i) });
            await RaiseAsync(new(_me, NotificationKind.Mention, _bob, new PostId(200 + i)));
        }

        var all = await ListAsync();
        Assert.Equal(12, all.Count);
        Assert.Equal(
            all.Where(one => one.Kind == NotificationKind.Mention),
            await ListAsync(
                new NotificationFilter(new HashSet<NotificationKind> { NotificationKind.Mention })
            )
        );
        Assert.Empty(await ListAsync(new NotificationFilter(new HashSet<NotificationKind>())));
        Assert.Equal(
            all.Where(one => one.Actor == _ana),
            await ListAsync(new NotificationFilter(Actor: _ana))
        );
        Assert.Empty(await ListAsync(new NotificationFilter(Actor: new AccountId(0))));
        var middle = new PostId(all[6].Id.Value);
        Assert.Equal(all.Skip(7).Take(2), await PageAsync(new Page(2, MaxId: middle)));
        Assert.Equal(all.Take(2), await PageAsync(new Page(2, SinceId: middle)));
        Assert.Equal(all.Skip(4).Take(2), await PageAsync(new Page(2, MinId: middle)));
        Assert.Equal(all.Take(6), await PageAsync(new Page(99, MinId: middle)));
    }

    [Fact]
    public async Task Of_each_recipient_the_newest_are_kept()
    {
        for (var i = 0; i < 3 * Most; i++)
        {
            await RaiseAsync(Like with { Post = new PostId(1_000 + i) });
            Assert.InRange((await ListAsync()).Count, 1, Most + (Most / 8));
        }

        await RaiseAsync(Like with { Recipient = _bob });
        var kept = (await ListAsync()).Select(one => one.Post.Value).ToList();
        Assert.True(kept.Count >= Most);
        Assert.Equal(
            Enumerable.Range(0, kept.Count).Select(i => 1_000L + (3 * Most) - 1 - i),
            kept
        );
        // Many at once are no more.
        var many = Enumerable
            .Range(0, 3 * Most)
            .Select(i => new NotificationChange(Like with { Post = new PostId(2_000 + i) }, true));
        await ApplyAsync(new NotifyingEvent(Sequence(), null, [.. many]));
        Assert.Equal(Most, (await ListAsync()).Count);
        Assert.Single(await ListAsync(of: _bob));
    }

    [Fact]
    public async Task Nothing_is_raised_of_kinds_that_are_switched_off_but_what_stands_is_taken_back()
    {
        await RaiseAsync(Like);
        await ChooseAsync(NotificationKind.Like, isOn: false);
        await RaiseAsync(Like with { Actor = _bob });
        await RaiseAsync(new(_me, NotificationKind.Follow, _bob, default));
        Assert.Equal(2, (await ListAsync()).Count);
        await ApplyAsync(Next(Like, stands: false));
        Assert.Equal([NotificationKind.Follow], (await ListAsync()).Select(one => one.Kind));
        await ChooseAsync(NotificationKind.Like, isOn: true);
        await RaiseAsync(Like with { Actor = _bob });
        Assert.Equal(2, (await ListAsync()).Count);
        Assert.Equal(
            new NotificationChoice(NotificationKind.Like, NotificationChannel.App, true),
            Assert.Single(await Readers.ChoicesAsync(_me, Stop))
        );
    }

    [Fact]
    public async Task Nothing_is_raised_of_posts_that_are_gone_and_what_stands_is_removed()
    {
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Actor = _bob });
        await RaiseAsync(new(_me, NotificationKind.Follow, _bob, default));
        await Store.CloseAsync([_post], Stop);
        await Store.CloseAsync([_post], Stop);
        Assert.Equal(1, await Store.RemoveSomeOnAsync([_post], 1, Stop));
        Assert.Equal(1, await Store.RemoveSomeOnAsync([_post], 9, Stop));
        Assert.Equal(0, await Store.RemoveSomeOnAsync([_post], 9, Stop));
        await RaiseAsync(Like);
        Assert.Equal([NotificationKind.Follow], (await ListAsync()).Select(one => one.Kind));
    }

    [Fact]
    public async Task Nothing_is_raised_for_or_of_an_account_that_is_closed()
    {
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Recipient = _ana, Actor = _bob });
        await RaiseAsync(Like with { Actor = _bob });
        await Store.CloseAsync(_ana, Stop);
        Assert.Equal(1, await Store.RemoveSomeOfAsync(_ana, 1, Stop));
        Assert.Equal(1, await Store.RemoveSomeOfAsync(_ana, 9, Stop));
        Assert.Equal(0, await Store.RemoveSomeOfAsync(_ana, 9, Stop));
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Recipient = _ana, Actor = _bob });
        Assert.Equal([_bob], (await ListAsync()).Select(one => one.Actor));
        Assert.Empty(await ListAsync(of: _ana));
    }

    [Fact]
    public async Task What_one_was_told_of_another_can_be_removed()
    {
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Actor = _bob });
        await RaiseAsync(Like with { Recipient = _ana, Actor = _me });
        await Store.RemoveBetweenAsync(_me, _ana, Stop);
        Assert.Equal([_bob], (await ListAsync()).Select(one => one.Actor));
        Assert.Single(await ListAsync(of: _ana));
    }

    [Fact]
    public async Task All_that_stand_are_gone_through_in_their_order()
    {
        await RaiseAsync(Like);
        await RaiseAsync(Like with { Recipient = _bob });
        await RaiseAsync(Like with { Actor = _bob });
        await ApplyAsync(Next(Like, stands: false));
        var all = new List<Notification>();
        while (
            await Store.AllAboveAsync(all.Count > 0 ? all[^1].Id : default, 1, Stop) is [var next]
        )
        {
            all.Add(next);
        }

        Assert.Equal(all.OrderBy(one => one.Id), all);
        var mine = all.Where(one => one.Key.Recipient == _me || one.Key.Recipient == _bob).ToList();
        Assert.Equal(2, mine.Count);
        Assert.Equal(2, await Store.RemoveAsync([.. mine.Select(one => one.Id)], Stop));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Who_raises_is_heard_of_what_was_raised_and_of_nothing_else()
    {
        var heard = new Heard();
        _database.Database.Writes.Observe(heard);
        await RaiseAsync(Like);
        var one = Assert.Single(await ListAsync());
        await ApplyAsync(Next(Like, stands: false));
        await ApplyAsync(Next(Like, stands: true));
        await Store.DismissAsync(_me, [one.Id], Stop);
        Assert.Equal([new RaisedNotification(_me, one.Id)], heard.Raised);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private long Sequence() => Interlocked.Increment(ref _sequence) + 1_000;

    private NotifyingEvent Next(NotificationKey key, bool stands) =>
        new(Sequence(), null, [new NotificationChange(key, stands)]);

    private Task<int> RaiseAsync(NotificationKey key) => ApplyAsync(Next(key, stands: true));

    private Task<int> ApplyAsync(NotifyingEvent happened) =>
        Store.ApplyAsync(Consumer, [happened], Stop);

    private Task ChooseAsync(NotificationKind kind, bool isOn) =>
        Readers.ChooseAsync(
            _me,
            [new NotificationChoice(kind, NotificationChannel.App, isOn)],
            Stop
        );

    private ValueTask<IReadOnlyList<Notification>> ListAsync(
        NotificationFilter? filter = null,
        AccountId? of = null
    ) => Store.ListAsync(of ?? _me, filter ?? NotificationFilter.All, _all, Stop);

    private ValueTask<IReadOnlyList<Notification>> PageAsync(Page page) =>
        Store.ListAsync(_me, NotificationFilter.All, page, Stop);

    private sealed class Heard : ICommitObserver
    {
        public List<RaisedNotification> Raised { get; } = [];

        public void OnCommitted(IReadOnlyList<Committed> group) =>
            Raised.AddRange(
                group
                    .Select(one => one.Event)
                    .OfType<NotificationsRaised>()
                    .SelectMany(one => one.Raised)
            );

        public void Forget() { }
    }
}
