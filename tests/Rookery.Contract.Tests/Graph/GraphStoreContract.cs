using Rookery.Graph;
using Xunit;

namespace Rookery.Contract.Tests.Graph;

/// <summary>What every graph store promises.</summary>
public abstract partial class GraphStoreContract
{
    private static readonly AccountId Alice = new(101);
    private static readonly AccountId Bob = new(102);
    private static readonly AccountId Carol = new(103);
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IGraphStore Store { get; set; }

    /// <summary>Everything committed so far, in order.</summary>
    protected abstract IReadOnlyList<DomainEvent> Events { get; }

    /// <summary>The store is closed and opened on what it left.</summary>
    protected abstract ValueTask ReopenAsync();

    [Fact]
    public async Task A_follow_stands_for_both_and_is_told_once()
    {
        Assert.True((await Store.FollowAsync(Alice, Bob, Token)).Value);
        Assert.False((await Store.FollowAsync(Alice, Bob, Token)).Value);
        Assert.Equal([Bob], await ListAsync(new FolloweesOf(Alice)));
        Assert.Equal([Alice], await ListAsync(new FollowersOf(Bob)));
        Assert.Empty(await ListAsync(new FollowersOf(Alice)));
        Assert.Equal([new Followed(Alice, Bob)], Events);
    }

    [Fact]
    public async Task An_unfollow_ends_it_for_both_and_is_told_once()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        Assert.True(await Store.UnfollowAsync(Alice, Bob, Token));
        Assert.False(await Store.UnfollowAsync(Alice, Bob, Token));
        Assert.Empty(await ListAsync(new FolloweesOf(Alice)));
        Assert.Empty(await ListAsync(new FollowersOf(Bob)));
        Assert.Equal([new Followed(Alice, Bob), new Unfollowed(Alice, Bob)], Events);
    }

    [Fact]
    public async Task A_block_ends_the_follows_both_ways_and_forbids_new_ones()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.FollowAsync(Bob, Alice, Token);
        Assert.True((await Store.BlockAsync(Alice, Bob, Token)).Value);
        Assert.False((await Store.BlockAsync(Alice, Bob, Token)).Value);
        Assert.Empty(await ListAsync(new FollowersOf(Alice)));
        Assert.Empty(await ListAsync(new FollowersOf(Bob)));
        Assert.Equal([Bob], await ListAsync(new BlocksOf(Alice)));
        Assert.Empty(await ListAsync(new BlocksOf(Bob)));
        Assert.Equal(
            [new Unfollowed(Alice, Bob), new Unfollowed(Bob, Alice), new Blocked(Alice, Bob)],
            Events.Skip(2)
        );
        var own = (await Store.FollowAsync(Alice, Bob, Token)).Problem!;
        var others = (await Store.FollowAsync(Bob, Alice, Token)).Problem!;
        Assert.Equal((ProblemKind.Forbidden, ProblemKind.Forbidden), (own.Kind, others.Kind));
        Assert.Contains("unblock", own.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("block", others.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_unblock_the_other_block_still_forbids()
    {
        await Store.BlockAsync(Alice, Bob, Token);
        await Store.BlockAsync(Bob, Alice, Token);
        Assert.True(await Store.UnblockAsync(Alice, Bob, Token));
        Assert.False(await Store.UnblockAsync(Alice, Bob, Token));
        Assert.False((await Store.FollowAsync(Alice, Bob, Token)).Succeeded);
        await Store.UnblockAsync(Bob, Alice, Token);
        Assert.True((await Store.FollowAsync(Alice, Bob, Token)).Value);
    }

    [Fact]
    public async Task A_mute_holds_until_its_end()
    {
        var end = Now.AddMinutes(1).ToUnixTimeMilliseconds();
        Assert.True((await Store.MuteAsync(Alice, Bob, end, Token)).Value);
        Assert.False((await Store.MuteAsync(Alice, Bob, end, Token)).Value);
        Assert.Equal([Bob], await ListAsync(new MutesOf(Alice)));
        Assert.True((await OneAsync(Alice, Bob)).Muting);
        Assert.False((await OneAsync(Alice, Bob, Now.AddMinutes(1))).Muting);
        Assert.Empty(await ListAsync(new MutesOf(Alice), now: Now.AddMinutes(1)));
        Assert.True((await Store.MuteAsync(Alice, Bob, 0, Token)).Value);
        Assert.True((await OneAsync(Alice, Bob, Now.AddYears(100))).Muting);
        Assert.True(await Store.UnmuteAsync(Alice, Bob, Token));
        Assert.False(await Store.UnmuteAsync(Alice, Bob, Token));
        Assert.False((await OneAsync(Alice, Bob)).Muting);
        Assert.Equal(
            [new Muted(Alice, Bob, end), new Muted(Alice, Bob, 0), new Unmuted(Alice, Bob)],
            Events
        );
    }

    [Fact]
    public async Task Relationships_come_in_the_order_asked_for_unknown_and_repeated_ones_too()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.FollowAsync(Carol, Alice, Token);
        await Store.BlockAsync(new AccountId(104), Alice, Token);
        AccountId[] others = [Carol, new(999), Bob, new(104), Carol];
        var all = await Store.RelationshipsAsync(Alice, others, Now, Token);
        Assert.Equal(others, all.Select(relation => relation.Account));
        Assert.Equal(new Relationship(Carol, false, true, false, false, false), all[0]);
        Assert.Equal(new Relationship(new(999), false, false, false, false, false), all[1]);
        Assert.Equal(new Relationship(Bob, true, false, false, false, false), all[2]);
        Assert.Equal(new Relationship(new(104), false, false, false, true, false), all[3]);
        Assert.Empty(await Store.RelationshipsAsync(Alice, Array.Empty<AccountId>(), Now, Token));
    }

    [Fact]
    public async Task What_stands_between_many_pairs_is_what_stands_between_each()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.BlockAsync(Bob, Carol, Token);
        await Store.MuteAsync(Carol, Alice, Now.AddHours(1).ToUnixTimeMilliseconds(), Token);
        AccountId[] people = [Alice, Bob, Carol, new(999)];
        var pairs = people
            .SelectMany(viewer => people.Select(other => (viewer, other)))
            .Reverse()
            .ToList();
        var all = await Store.BetweenAsync(pairs, Now, Token);
        foreach (var ((viewer, other), relation) in pairs.Zip(all))
        {
            Assert.Equal(await OneAsync(viewer, other), relation);
        }

        Assert.Equal(pairs.Count, all.Count);
        Assert.Empty(await Store.BetweenAsync([], Now, Token));
        Assert.False(
            (await Store.BetweenAsync([(Carol, Alice)], Now.AddHours(2), Token))[0].Muting
        );
    }

    [Fact]
    public async Task A_viewers_relations_are_all_that_was_stored()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.BlockAsync(Alice, new(104), Token);
        await Store.BlockAsync(new(105), Alice, Token);
        await Store.MuteAsync(Alice, Carol, 0, Token);
        var (followees, hidden) = await Store.RelationsOfAsync(Alice, Token);
        Assert.Equal([Bob], followees);
        Assert.True(hidden.Blocks(new(104)) && hidden.Blocks(new(105)) && !hidden.Blocks(Carol));
        Assert.True(hidden.Mutes(Carol, Now) && !hidden.Mutes(Bob, Now));
        Assert.True((await Store.RelationsOfAsync(Bob, Token)).Hidden.IsEmpty);
    }

    [Fact]
    public async Task Pages_go_down_and_since_and_min_cut_as_they_say()
    {
        foreach (var id in Enumerable.Range(1, 9))
        {
            await Store.FollowAsync(new(id), Alice, Token);
        }

        Assert.Equal([9, 8, 7], await IdsAsync(new Page(3)));
        Assert.Equal([6, 5, 4], await IdsAsync(new Page(3, MaxId: new(7))));
        Assert.Equal([9, 8, 7], await IdsAsync(new Page(3, SinceId: new(2))));
        Assert.Equal([5, 4, 3], await IdsAsync(new Page(3, MinId: new(2))));
        Assert.Equal([4, 3], await IdsAsync(new Page(3, MaxId: new(5), MinId: new(2))));
        Assert.Empty(await IdsAsync(new Page(3, MaxId: new(1))));
    }

    [Fact]
    public async Task Chunks_go_up_and_meet_no_account_twice()
    {
        foreach (var id in Enumerable.Range(1, 9))
        {
            await Store.FollowAsync(new(id), Alice, Token);
            await Store.FollowAsync(Alice, new(id), Token);
        }

        Assert.Equal([1, 2, 3, 4], await AfterAsync(new FollowersOf(Alice), 0, 4));
        Assert.Equal([5, 6, 7, 8], await AfterAsync(new FollowersOf(Alice), 4, 4));
        Assert.Equal([9], await AfterAsync(new FolloweesOf(Alice), 8, 4));
        Assert.Empty(await AfterAsync(new FolloweesOf(Alice), 9, 4));
    }

    [Fact]
    public async Task With_a_closed_member_nothing_new_is_stored_and_it_is_in_no_list()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.FollowAsync(Bob, Alice, Token);
        await Store.CloseMemberAsync(Bob, Token);
        await Store.CloseMemberAsync(Bob, Token);
        Assert.Single(Events.OfType<MemberClosed>());
        Assert.Empty(await ListAsync(new FolloweesOf(Alice)));
        Assert.Empty(await ListAsync(new FollowersOf(Alice)));
        Assert.Empty(await AfterAsync(new FollowersOf(Alice), 0, 9));
        foreach (
            var refused in new[]
            {
                await Store.FollowAsync(Carol, Bob, Token),
                await Store.FollowAsync(Bob, Carol, Token),
                await Store.BlockAsync(Carol, Bob, Token),
                await Store.MuteAsync(Carol, Bob, 0, Token),
            }
        )
        {
            Assert.Equal(ProblemKind.NotFound, refused.Problem?.Kind);
        }

        Assert.Equal(0, await Store.ImportFollowsAsync([(Carol, Bob), (Bob, Carol)], null, Token));
    }

    [Fact]
    public async Task What_a_closed_member_left_is_removed_in_chunks_with_its_events()
    {
        foreach (var id in Enumerable.Range(1, 5))
        {
            await Store.FollowAsync(new(id), Bob, Token);
            await Store.FollowAsync(Bob, new(id), Token);
            await Store.BlockAsync(Bob, new(10 + id), Token);
            await Store.BlockAsync(new(20 + id), Bob, Token);
            await Store.MuteAsync(Bob, new(30 + id), 0, Token);
            await Store.MuteAsync(new(40 + id), Bob, 0, Token);
        }

        await Store.CloseMemberAsync(Bob, Token);
        var before = Events.Count;
        var chunks = 0;
        while (await Store.RemoveSomeOfAsync(Bob, 2, Token))
        {
            chunks++;
        }

        Assert.Equal(18, chunks);
        var told = Events.Skip(before).ToList();
        Assert.Equal(10, told.OfType<Unfollowed>().Distinct().Count());
        Assert.Equal(10, told.OfType<Unblocked>().Distinct().Count());
        Assert.Equal(10, told.OfType<Unmuted>().Distinct().Count());
        var (followees, hidden) = await Store.RelationsOfAsync(Bob, Token);
        Assert.True(followees.Count == 0 && hidden.IsEmpty);
        Assert.False(await Store.RemoveSomeOfAsync(Bob, 2, Token));
    }

    [Fact]
    public async Task An_import_stores_each_follow_once_and_names_whose_lists_grew()
    {
        await Store.BlockAsync(Carol, Alice, Token);
        await Store.FollowAsync(Bob, Carol, Token);
        (AccountId, AccountId)[] follows =
        [
            (Bob, Alice),
            (Alice, Bob),
            (Alice, Alice),
            (Alice, Carol),
            (Carol, Alice),
            (Bob, Carol),
            (Alice, Bob),
        ];
        var before = Events.Count;
        Assert.Equal(2, await Store.ImportFollowsAsync(follows, null, Token));
        Assert.Equal(0, await Store.ImportFollowsAsync(follows, null, Token));
        var told = Assert.IsType<FollowsImported>(Assert.Single(Events.Skip(before)));
        Assert.Equal([Alice, Bob], told.Followers);
        Assert.Equal([Bob], await ListAsync(new FolloweesOf(Alice)));
        Assert.Equal([Alice], await ListAsync(new FollowersOf(Bob)));
        Assert.Equal([Carol, Alice], await ListAsync(new FolloweesOf(Bob)));
    }

    [Fact]
    public async Task A_large_import_is_told_in_events_of_bounded_size()
    {
        var follows = Enumerable
            .Range(1, 5000)
            .Select(id => (Follower: new AccountId(1000 + id), Followee: Alice))
            .ToList();
        Assert.Equal(5000, await Store.ImportFollowsAsync(follows, null, Token));
        var told = Events.OfType<FollowsImported>().ToList();
        Assert.All(
            told,
            one => Assert.InRange(one.Followers.Count, 1, FollowsImported.MaxFollowers)
        );
        Assert.Equal(
            follows.Select(follow => follow.Follower),
            told.SelectMany(one => one.Followers)
        );
        Assert.Equal(5000, (await AfterAsync(new FollowersOf(Alice), 0, 9999)).Count);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_reopen()
    {
        await Store.FollowAsync(Alice, Bob, Token);
        await Store.FollowAsync(Alice, Carol, Token);
        await Store.UnfollowAsync(Alice, Carol, Token);
        await Store.BlockAsync(Carol, Alice, Token);
        await Store.MuteAsync(Alice, Bob, 0, Token);
        await Store.CloseMemberAsync(new(104), Token);
        await ReopenAsync();

        var (followees, hidden) = await Store.RelationsOfAsync(Alice, Token);
        Assert.Equal([Bob], followees);
        Assert.True(hidden.Blocks(Carol) && hidden.Mutes(Bob, Now));
        Assert.Equal([Alice], await ListAsync(new FollowersOf(Bob)));
        Assert.False((await Store.FollowAsync(new(104), Bob, Token)).Succeeded);
    }

    [Fact]
    public async Task Of_parallel_writes_of_one_pair_one_changes_it_and_is_told()
    {
        var follows = await ManyAsync(() => Store.FollowAsync(Alice, Bob, Token));
        Assert.Single(follows, follow => follow.Value);
        var unfollows = await ManyAsync(() => Store.UnfollowAsync(Alice, Bob, Token));
        Assert.Single(unfollows, changed => changed);
        var mutes = await ManyAsync(() => Store.MuteAsync(Alice, Bob, 0, Token));
        Assert.Single(mutes, mute => mute.Value);
        var blocks = await ManyAsync(() => Store.BlockAsync(Alice, Bob, Token));
        Assert.Single(blocks, block => block.Value);
        Assert.Equal(
            [
                new Followed(Alice, Bob),
                new Unfollowed(Alice, Bob),
                new Muted(Alice, Bob, 0),
                new Blocked(Alice, Bob),
            ],
            Events
        );

        static Task<T[]> ManyAsync<T>(Func<Task<T>> write) =>
            Task.WhenAll(Enumerable.Range(0, 16).Select(_ => write()));
    }

    [Fact]
    public async Task Follows_beside_a_block_of_the_same_pair_never_outlive_it()
    {
        for (var i = 0; i < 30; i++)
        {
            var (one, other) = (new AccountId(1000 + i), new AccountId(2000 + i));
            var following = new[]
            {
                Store.FollowAsync(one, other, Token),
                Store.FollowAsync(other, one, Token),
            };
            var blocking = Store.BlockAsync(one, other, Token);
            var later = Store.FollowAsync(other, one, Token);
            var follows = await Task.WhenAll([.. following, later]);
            Assert.True((await blocking).Value);
            Assert.Empty(await ListAsync(new FolloweesOf(one)));
            Assert.Empty(await ListAsync(new FollowersOf(one)));
            Assert.Empty(await ListAsync(new FolloweesOf(other)));
            Assert.Empty(await ListAsync(new FollowersOf(other)));
            Assert.All(
                follows.Where(follow => !follow.Succeeded),
                follow => Assert.Equal(ProblemKind.Forbidden, follow.Problem!.Kind)
            );

            // What was told adds up to what stands.
            var told = Events.Where(e =>
                e is Followed f && (f.Follower == one || f.Follower == other)
            );
            var ended = Events.Where(e =>
                e is Unfollowed u && (u.Follower == one || u.Follower == other)
            );
            Assert.Equal(told.Count(), ended.Count());
        }
    }

    [Fact]
    public async Task A_list_of_a_hundred_thousand_is_read_whole_in_order_beside_changes()
    {
        const int Many = 100_000;
        var followers = Enumerable.Range(1, Many).Select(id => new AccountId(1_000_000 + id));
        await Store.ImportFollowsAsync(
            [.. followers.Select(follower => (follower, Alice))],
            null,
            Token
        );
        var read = new List<AccountId>(Many);
        await foreach (
            var id in new FollowStream(Store, new FollowersOf(Alice)).WithCancellation(Token)
        )
        {
            read.Add(id);
            if (read.Count % 30_000 == 0)
            {
                // Behind and ahead of where the stream is; neither may make it skip or repeat the others.
                await Store.UnfollowAsync(read[^5], Alice, Token);
                await Store.FollowAsync(new(2_000_000 + read.Count), Alice, Token);
            }
        }

        Assert.Equal(followers, read.Where(id => id.Value <= 1_000_000 + Many));
        Assert.Equal(read.Distinct().Order(), read);
    }

    [Fact]
    public async Task A_follow_that_ends_while_it_is_imported_ends_on_both_sides()
    {
        await ImportWhileAsync(() => Store.UnfollowAsync(Alice, Carol, Token));
        Assert.Empty(await ListAsync(new FolloweesOf(Alice)));
        Assert.Equal([Bob], await ListAsync(new FollowersOf(Carol)));
    }

    [Fact]
    public async Task A_block_while_its_follow_is_imported_ends_it_on_both_sides()
    {
        await ImportWhileAsync(() => Store.BlockAsync(Carol, Alice, Token));
        Assert.Empty(await ListAsync(new FolloweesOf(Alice)));
        Assert.Equal([Bob], await ListAsync(new FollowersOf(Carol)));
    }

    [Fact]
    public async Task A_member_that_leaves_while_its_followers_are_imported_keeps_none()
    {
        await ImportWhileAsync(async () =>
        {
            // Both wait for the same commit, ahead of the rest of the import.
            var closed = Store.CloseMemberAsync(Carol, Token);
            var removed = Store.RemoveSomeOfAsync(Carol, 100, Token);
            await Task.WhenAll(closed, removed);
        });
        Assert.Empty(await ListAsync(new FollowersOf(Carol)));
        Assert.Empty(await ListAsync(new FolloweesOf(Alice)));
        Assert.Empty(await ListAsync(new FolloweesOf(Bob)));
        Assert.False(await Store.RemoveSomeOfAsync(Carol, 100, Token));
    }

    /// <summary>Alice's and Bob's follows of Carol are imported, and something is asked for as soon as half of it is done.</summary>
    private async Task ImportWhileAsync(Func<Task> meanwhile)
    {
        Task? done = null;
        await Store.ImportFollowsAsync(
            [(Alice, Carol), (Bob, Carol)],
            part => done ??= part >= 0.5 ? meanwhile() : null,
            Token
        );
        await done!;
    }

    private async Task<IReadOnlyList<AccountId>> ListAsync(
        MemberList list,
        DateTimeOffset? now = null
    ) => await Store.ListAsync(list, new Page(Page.DefaultCount), now ?? Now, Token);

    private async Task<IReadOnlyList<long>> IdsAsync(Page page) =>
        [
            .. (await Store.ListAsync(new FollowersOf(Alice), page, Now, Token)).Select(id =>
                id.Value
            ),
        ];

    private async Task<IReadOnlyList<long>> AfterAsync(FollowList list, long after, int limit) =>
        [.. (await Store.ListAfterAsync(list, new(after), limit, Token)).Select(id => id.Value)];

    private async Task<Relationship> OneAsync(
        AccountId viewer,
        AccountId other,
        DateTimeOffset? now = null
    ) => (await Store.RelationshipsAsync(viewer, new[] { other }, now ?? Now, Token))[0];
}
