using Rookery.Graph;
using Xunit;

namespace Rookery.Contract.Tests.Graph;

/// <summary>Who asks whether he may follow.</summary>
public abstract partial class GraphStoreContract
{
    [Fact]
    public async Task A_request_stands_for_both_is_no_follow_and_is_told_once()
    {
        Assert.True((await Store.RequestAsync(Alice, Bob, Token)).Value);
        Assert.False((await Store.RequestAsync(Alice, Bob, Token)).Value);
        Assert.Equal([Alice], await ListAsync(new RequestsTo(Bob)));
        Assert.Empty(await ListAsync(new RequestsTo(Alice)));
        Assert.Empty(await ListAsync(new FollowersOf(Bob)));
        Assert.Empty((await Store.RelationsOfAsync(Alice, Token)).Followees);
        Assert.Equal(
            new Relationship(Bob, false, false, false, false, false, Requested: true),
            await OneAsync(Alice, Bob)
        );
        Assert.Equal(
            new Relationship(Alice, false, false, false, false, false, RequestedBy: true),
            await OneAsync(Bob, Alice)
        );
        Assert.Equal((1L, 0L), (await CountAsync(Alice), await CountAsync(Bob)));
        Assert.Equal(1, await Store.CountRequestsAsync(Bob, 10, Token));
        Assert.Equal([new FollowRequested(Alice, Bob)], Events);
    }

    [Fact]
    public async Task Whom_one_lets_in_follows_once()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        await Store.RequestAsync(Carol, Bob, Token);
        Assert.Equal(2, await Store.AcceptAsync(Bob, [Alice, Carol, new(104)], Token));
        Assert.Equal(0, await Store.AcceptAsync(Bob, [Alice], Token));
        Assert.False(await Store.RejectAsync(Bob, Alice, Token));
        Assert.Equal([Carol, Alice], await ListAsync(new FollowersOf(Bob)));
        Assert.Equal([Bob], await ListAsync(new FolloweesOf(Alice)));
        Assert.Empty(await ListAsync(new RequestsTo(Bob)));
        Assert.False((await Store.RequestAsync(Alice, Bob, Token)).Value);
        Assert.Equal(
            [
                new FollowRequestEnded(Alice, Bob, true),
                new Followed(Alice, Bob),
                new FollowRequestEnded(Carol, Bob, true),
                new Followed(Carol, Bob),
            ],
            Events.Skip(2)
        );
    }

    [Fact]
    public async Task A_request_that_is_refused_or_taken_back_is_gone_and_can_be_made_again()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        Assert.False(await Store.RejectAsync(Alice, Bob, Token));
        Assert.True(await Store.RejectAsync(Bob, Alice, Token));
        Assert.True((await Store.RequestAsync(Alice, Bob, Token)).Value);
        Assert.True(await Store.UnfollowAsync(Alice, Bob, Token));
        Assert.False(await Store.UnfollowAsync(Alice, Bob, Token));
        Assert.Equal(0, await Store.AcceptAsync(Bob, [Alice], Token));
        Assert.Empty(await ListAsync(new FollowersOf(Bob)));
        Assert.Equal(
            [
                new FollowRequested(Alice, Bob),
                new FollowRequestEnded(Alice, Bob, false),
                new FollowRequested(Alice, Bob),
                new FollowRequestEnded(Alice, Bob, false),
            ],
            Events
        );
    }

    [Fact]
    public async Task A_block_ends_requests_both_ways_and_forbids_new_ones()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        await Store.RequestAsync(Bob, Alice, Token);
        await Store.BlockAsync(Alice, Bob, Token);
        Assert.Empty(await ListAsync(new RequestsTo(Alice)));
        Assert.Empty(await ListAsync(new RequestsTo(Bob)));
        Assert.Equal(0, await Store.AcceptAsync(Bob, [Alice], Token));
        Assert.Equal(
            [
                new FollowRequestEnded(Alice, Bob, false),
                new FollowRequestEnded(Bob, Alice, false),
                new Blocked(Alice, Bob),
            ],
            Events.Skip(2)
        );
        Assert.Equal(
            ProblemKind.Forbidden,
            (await Store.RequestAsync(Bob, Alice, Token)).Problem?.Kind
        );
    }

    [Fact]
    public async Task A_member_that_leaves_takes_its_requests_with_it_and_no_new_ones_are_stored()
    {
        foreach (var id in Enumerable.Range(1, 3))
        {
            await Store.RequestAsync(new(id), Bob, Token);
            await Store.RequestAsync(Bob, new(10 + id), Token);
        }

        await Store.CloseMemberAsync(Bob, Token);
        Assert.Empty(await ListAsync(new RequestsTo(new(11))));
        Assert.Equal(0, await Store.CountRequestsAsync(new(11), 10, Token));
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.RequestAsync(Carol, Bob, Token)).Problem?.Kind
        );
        // Whoever lets in who is gone is not followed.
        Assert.Equal(1, await Store.AcceptAsync(new(12), [Bob], Token));
        Assert.Empty(await ListAsync(new FollowersOf(new(12))));
        while (await Store.RemoveSomeOfAsync(Bob, 2, Token))
        {
            // Until nothing is left.
        }

        Assert.Equal(6, Events.OfType<FollowRequestEnded>().Distinct().Count());
        Assert.Empty(await Store.RequestersAsync(Bob, 10, Token));
    }

    [Fact]
    public async Task What_one_has_asked_is_taken_back_in_chunks()
    {
        foreach (var id in Enumerable.Range(1, 5))
        {
            await Store.RequestAsync(Alice, new(id), Token);
        }

        await Store.RequestAsync(Bob, new(1), Token);
        Assert.Equal(3, await Store.WithdrawSomeAsync(Alice, 3, Token));
        Assert.Equal(2, await Store.WithdrawSomeAsync(Alice, 3, Token));
        Assert.Equal(0, await Store.WithdrawSomeAsync(Alice, 3, Token));
        Assert.Equal([Bob], await ListAsync(new RequestsTo(new(1))));
        Assert.Equal(5, Events.OfType<FollowRequestEnded>().Distinct().Count());
    }

    [Fact]
    public async Task Beside_a_follow_a_request_is_not_seen_until_somebody_ends_it()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        // It was unlocked meanwhile.
        Assert.True((await Store.FollowAsync(Alice, Bob, Token)).Value);
        Assert.Equal(
            new Relationship(Bob, true, false, false, false, false),
            await OneAsync(Alice, Bob)
        );
        Assert.Equal(
            new Relationship(Alice, false, true, false, false, false),
            (await Store.BetweenAsync([(Bob, Alice)], Now, Token))[0]
        );
        Assert.Empty(await ListAsync(new RequestsTo(Bob)));
        Assert.Equal(0, await Store.CountRequestsAsync(Bob, 10, Token));
        Assert.Equal([Alice], await Store.RequestersAsync(Bob, 10, Token));
        Assert.Equal(1, await Store.AcceptAsync(Bob, [Alice], Token));
        Assert.Empty(await Store.RequestersAsync(Bob, 10, Token));
        Assert.Single(Events.OfType<Followed>());

        await Store.UnfollowAsync(Alice, Bob, Token);
        await Store.RequestAsync(Alice, Bob, Token);
        await Store.FollowAsync(Alice, Bob, Token);
        Assert.True(await Store.UnfollowAsync(Alice, Bob, Token));
        // Else unlocking would bring the follow back.
        Assert.Empty(await Store.RequestersAsync(Bob, 10, Token));
    }

    [Fact]
    public async Task An_import_answers_the_requests_that_it_stores_the_follows_of()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        await Store.RequestAsync(Carol, Bob, Token);
        var before = Events.Count;
        Assert.Equal(
            2,
            await Store.ImportFollowsAsync([(Alice, Bob), (Alice, Carol)], null, Token)
        );
        Assert.Equal([Carol], await Store.RequestersAsync(Bob, 10, Token));
        Assert.Equal(
            [new FollowRequestEnded(Alice, Bob, true)],
            Events.Skip(before).OfType<FollowRequestEnded>()
        );
        Assert.Equal([Alice], await ListAsync(new FollowersOf(Bob)));
    }

    [Fact]
    public async Task Requests_are_counted_up_to_a_bound_and_paged_by_id()
    {
        foreach (var id in Enumerable.Range(1, 7))
        {
            await Store.RequestAsync(new(id), Alice, Token);
        }

        Assert.Equal(7, await Store.CountRequestsAsync(Alice, 100, Token));
        Assert.Equal(3, await Store.CountRequestsAsync(Alice, 3, Token));
        Assert.Equal([7, 6, 5], await AskedAsync(new Page(3)));
        Assert.Equal([4, 3, 2], await AskedAsync(new Page(3, MaxId: new(5))));
        Assert.Equal([5, 4, 3], await AskedAsync(new Page(3, MinId: new(2))));
        Assert.Equal(3, (await Store.RequestersAsync(Alice, 3, Token)).Count);

        async Task<IEnumerable<long>> AskedAsync(Page page) =>
            (await Store.ListAsync(new RequestsTo(Alice), page, Now, Token)).Select(id => id.Value);
    }

    [Fact]
    public async Task What_was_asked_is_there_after_a_reopen()
    {
        await Store.RequestAsync(Alice, Bob, Token);
        await Store.RequestAsync(Carol, Bob, Token);
        await Store.RejectAsync(Bob, Carol, Token);
        await ReopenAsync();

        Assert.Equal([Alice], await ListAsync(new RequestsTo(Bob)));
        Assert.False((await Store.RequestAsync(Alice, Bob, Token)).Value);
    }

    [Fact]
    public async Task Of_those_who_end_one_request_at_once_one_does_and_what_is_told_adds_up()
    {
        for (var i = 0; i < 20; i++)
        {
            var (one, other) = (new AccountId(1000 + i), new AccountId(2000 + i));
            var before = Events.Count;
            Assert.Single(
                await ManyAsync(() => Store.RequestAsync(one, other, Token)),
                asked => asked.Value
            );
            var accepting = ManyAsync(() => Store.AcceptAsync(other, [one], Token), 3);
            var rejecting = ManyAsync(() => Store.RejectAsync(other, one, Token), 2);
            var withdrawing = i % 2 == 0 ? Store.UnfollowAsync(one, other, Token) : null;
            var blocking = i % 3 == 0 ? Store.BlockAsync(other, one, Token) : null;
            var accepted = (await accepting).Sum();
            var rejected = (await rejecting).Count(done => done);
            _ = withdrawing is null || await withdrawing;
            _ = blocking is null || (await blocking).Value;

            Assert.InRange(accepted + rejected, 0, 1);
            var told = Events.Skip(before).ToList();
            Assert.Single(told.OfType<FollowRequested>());
            var ended = Assert.Single(told.OfType<FollowRequestEnded>());
            Assert.Equal(accepted == 1, ended.IsAccepted);
            Assert.Equal(accepted, told.OfType<Followed>().Count());
            var follows = told.OfType<Followed>().Count() - told.OfType<Unfollowed>().Count();
            Assert.Equal(follows == 1 ? [one] : [], await ListAsync(new FollowersOf(other)));
            Assert.Empty(await Store.RequestersAsync(other, 10, Token));
            if (blocking is not null)
            {
                Assert.Equal(0, follows);
            }
        }

        static Task<T[]> ManyAsync<T>(Func<Task<T>> write, int times = 8) =>
            Task.WhenAll(Enumerable.Range(0, times).Select(_ => write()));
    }

    private ValueTask<long> CountAsync(AccountId account) =>
        Store.CountFolloweesAsync(account, Token);
}
