using Microsoft.Extensions.Options;
using Rookery.Adapters.Memory;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Tests.Graph;
using Rookery.Tests.Reading;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>What events do to the timelines that stand.</summary>
public sealed class FanOutTests
{
    private static readonly AccountId Author = new(1);
    private static readonly AccountId Reader = new(2);
    private static readonly AccountId Other = new(3);

    private readonly FailingStore _store;
    private readonly MemoryPostponedParts _postponed = new();
    private readonly FanOut _fanOut;

    public FanOutTests()
    {
        var options = Options.Create(new TimelinesOptions { MergeAtReadAbove = 10 });
        _store = new FailingStore(new MemoryTimelineStore(options, new FakeTime()));
        _fanOut = new FanOut(
            new SameFollowers([Reader]),
            new ScriptedPosts(),
            _store,
            _postponed,
            new MergedAuthors(options, new AccountOrdinals()),
            new LargeFanOuts(options),
            options,
            OwnMeters.Unheard(),
            new FakeTime()
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_post_is_pushed_to_the_authors_followers()
    {
        await BuildAsync(Reader, Other);
        await HandleAsync(Posted());
        Assert.Single((await _store.ReadAsync(Reader, 9, Stop)).Entries);
        Assert.Empty((await _store.ReadAsync(Other, 9, Stop)).Entries);
    }

    [Fact]
    public async Task A_timeline_whose_owner_follows_more_is_dropped_also_where_the_follow_was_imported()
    {
        await BuildAsync(Reader, Other);
        await HandleAsync(new Followed(Reader, Author));
        Assert.Equal([Other], await OwnersAsync());
        await HandleAsync(new FollowsImported([Other]));
        Assert.Empty(await OwnersAsync());
    }

    [Fact]
    public async Task A_post_that_is_given_up_leaves_no_timeline_that_lacks_it()
    {
        await BuildAsync(Reader, Other);
        await _fanOut.GiveUpAsync(new Committed(1, Posted()), Stop);
        Assert.Equal([Other], await OwnersAsync());
    }

    [Fact]
    public async Task A_push_that_can_never_be_leaves_no_timeline_that_lacks_it()
    {
        await BuildAsync(Reader, Other);
        _store.Fault = new InvalidOperationException("never");
        await Assert.ThrowsAsync<InvalidOperationException>(() => HandleAsync(Posted()));
        Assert.Equal([Other], await OwnersAsync());
    }

    [Fact]
    public async Task A_push_that_must_wait_leaves_the_timelines_alone()
    {
        await BuildAsync(Reader);
        _store.Fault = new StoreUnavailableException("later");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => HandleAsync(Posted()));
        Assert.Equal([Reader], await OwnersAsync());
    }

    [Fact]
    public async Task A_part_that_is_away_is_noted_and_nobody_waits_for_it()
    {
        _store.Fault = new StoreUnavailableException("away") { Parts = ["0-9"] };
        await _fanOut.HandleAsync([new(4, Posted()), new(5, Posted())], Stop);
        Assert.Equal([new PostponedPart("0-9", 4, 5)], await _postponed.AllAsync(Stop));
    }

    [Fact]
    public async Task What_is_made_up_onto_a_part_that_is_away_again_is_not_taken_for_done()
    {
        _store.Fault = new StoreUnavailableException("away") { Parts = ["0-9"] };
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _fanOut.Onto(_store).HandleAsync([new(4, Posted())], Stop)
        );
        Assert.Empty(await _postponed.AllAsync(Stop));
    }

    private static PostAccepted Posted() =>
        new(
            new PostId(10),
            Author,
            PostKind.Post,
            Visibility.Public,
            AuthorClass.Pushed,
            default,
            default,
            []
        );

    private Task HandleAsync(DomainEvent happened) =>
        _fanOut.HandleAsync([new Committed(1, happened)], Stop);

    private async Task BuildAsync(params AccountId[] owners)
    {
        foreach (var owner in owners)
        {
            var rebuild = await _store.BeginRebuildAsync(owner, Stop);
            await _store.FinishRebuildAsync(owner, rebuild!.Value, [], default, Stop);
        }
    }

    private ValueTask<List<AccountId>> OwnersAsync() => _store.OwnersAsync(Stop).ToListAsync(Stop);

    private sealed class FailingStore(ITimelineStore inner) : ITimelineStore
    {
        public Exception? Fault { get; set; }

        public ValueTask PushAsync(
            ReadOnlyMemory<AccountId> owners,
            TimelineEntry entry,
            CancellationToken token
        ) => Fault is null ? inner.PushAsync(owners, entry, token) : throw Fault;

        public ValueTask<RebuildToken?> BeginRebuildAsync(
            AccountId owner,
            CancellationToken token
        ) => inner.BeginRebuildAsync(owner, token);

        public ValueTask<bool> FinishRebuildAsync(
            AccountId owner,
            RebuildToken rebuild,
            IReadOnlyList<TimelineEntry> newestFirst,
            PostId floor,
            CancellationToken token
        ) => inner.FinishRebuildAsync(owner, rebuild, newestFirst, floor, token);

        public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token) =>
            inner.DropAsync(owners, token);

        public ValueTask<TimelinePart> ReadAsync(
            AccountId owner,
            int newest,
            CancellationToken token
        ) => inner.ReadAsync(owner, newest, token);

        public IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token) =>
            inner.OwnersAsync(token);
    }

    /// <summary>Everybody has the same followers.</summary>
    private sealed class SameFollowers(AccountId[] followers) : ScriptedGraph
    {
        public override ValueTask<IReadOnlyList<AccountId>> FollowersAfterAsync(
            AccountId followee,
            AccountId after,
            int limit,
            CancellationToken token
        ) =>
            ValueTask.FromResult<IReadOnlyList<AccountId>>([
                .. followers.Where(follower => follower > after).Take(limit),
            ]);
    }
}
