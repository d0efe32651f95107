using System.Collections.Concurrent;
using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>Two processes that write to one PostgreSQL database.</summary>
public sealed class SeveralProcessesTests : IDisposable
{
    private const int Posts = 200;
    private const int Writers = 8;

    private readonly PostgresDatabase _one = PostgresDatabase.Create();
    private readonly PostgresDatabase _other;
    private readonly Log _seenByOne = new();
    private readonly Log _seenByOther = new();

    public SeveralProcessesTests()
    {
        _one.Database.Writes.Observe(_seenByOne);
        _other = _one.Another();
        _other.Database.Writes.Observe(_seenByOther);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task See_each_others_commits_once_and_in_one_order_in_which_ids_only_grow()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer => PostManyAsync(writer % 2 == 0 ? _one : _other, writer))
        );

        var all = Writers * Posts;
        await Wait.UntilAsync(
            () => Task.FromResult(_seenByOne.Count >= all && _seenByOther.Count >= all),
            () => $"{_seenByOne.Count} and {_seenByOther.Count} of {all} are seen",
            Stop
        );
        var sequences = Enumerable.Range(1, all).Select(sequence => (long)sequence);
        Assert.Equal(sequences, _seenByOne.Sequences);
        Assert.Equal(sequences, _seenByOther.Sequences);
        Assert.Equal(_seenByOne.Ids, _seenByOther.Ids);
        Assert.Equal(all, _seenByOne.Ids.Distinct().Count());
        // Within a millisecond the order is arbitrary, as a group's own is.
        var times = _seenByOne.Ids.Select(id => Snowflake.MillisecondsOf(id.Value)).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task One_of_them_is_first_and_when_it_ends_another_is()
    {
        await Wait.UntilAsync(
            () => Task.FromResult(_one.Database.IsFirst != _other.Database.IsFirst),
            () => "one is first",
            Stop
        );
        var (first, second) = _one.Database.IsFirst ? (_one, _other) : (_other, _one);
        using var third = _one.Another();
        first.Database.Dispose();
        await Wait.UntilAsync(
            () => Task.FromResult(second.Database.IsFirst != third.Database.IsFirst),
            () => "another is first",
            Stop
        );
    }

    [Fact]
    public async Task Are_never_told_of_a_write_before_it_is_told_to_them_that_read()
    {
        for (var i = 1; i <= 20; i++)
        {
            var (writer, reader, seen) =
                i % 2 == 0 ? (_one, _other, _seenByOther) : (_other, _one, _seenByOne);
            await new SqlGraphStore(writer.Database).FollowAsync(
                new AccountId(i),
                new AccountId(99),
                Stop
            );
            // The next write of the other process: what was answered before it began is known to it when it is answered.
            await new SqlGraphStore(reader.Database).FollowAsync(
                new AccountId(i),
                new AccountId(98),
                Stop
            );

            Assert.Contains(new Followed(new AccountId(i), new AccountId(99)), seen.Events);
        }
    }

    [Fact]
    public async Task One_that_was_away_for_longer_than_events_are_kept_forgets_what_it_held()
    {
        var graph = new SqlGraphStore(_one.Database);
        await graph.FollowAsync(new AccountId(1), new AccountId(2), Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(_seenByOther.Count == 1),
            () => "the first is seen",
            Stop
        );
        await _one.Database.Writes.RunAsync(
            commit =>
            {
                commit.Emit(new Followed(new AccountId(1), new AccountId(3)));
                commit.Flush();
                return commit.Session.Execute("DELETE FROM outbox");
            },
            Stop
        );

        await Wait.UntilAsync(
            () => Task.FromResult(_seenByOther.Forgotten > 0),
            () => "what is held is forgotten",
            Stop
        );
        await graph.FollowAsync(new AccountId(1), new AccountId(4), Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(_seenByOther.Count == 2),
            () => "the next is seen",
            Stop
        );
    }

    [Fact]
    public async Task Group_of_a_process_that_stands_still_is_ended_and_the_other_goes_on()
    {
        using var still = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource();
        var held = _one.Database.Writes.RunAsync(
            commit =>
            {
                commit.Session.Execute("DELETE FROM follows");
                begun.TrySetResult();
                still.Wait(TimeSpan.FromSeconds(20), Stop);
                return 0;
            },
            Stop
        );

        await begun.Task;
        Assert.True(
            (
                await new SqlGraphStore(_other.Database).FollowAsync(
                    new AccountId(1),
                    new AccountId(2),
                    Stop
                )
            ).Value
        );

        still.Release();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => held);
        Assert.True(
            (
                await new SqlGraphStore(_one.Database).FollowAsync(
                    new AccountId(1),
                    new AccountId(3),
                    Stop
                )
            ).Value
        );
    }

    [Fact]
    public async Task An_act_that_takes_something_away_is_answered_when_the_other_knows_of_it()
    {
        var graph = new SqlGraphStore(_one.Database);
        for (var i = 1; i <= 50; i++)
        {
            var (follower, followee) = (new AccountId(i), new AccountId(99));
            await graph.FollowAsync(follower, followee, Stop);
            await graph.UnfollowAsync(follower, followee, Stop);

            Assert.Contains(new Unfollowed(follower, followee), _seenByOther.Events);
        }
    }

    [Fact]
    public async Task One_that_cannot_know_of_it_has_lost_its_lease_by_then_and_learns_of_it_with_the_next()
    {
        using var still = new SemaphoreSlim(0);
        var graph = new SqlGraphStore(_one.Database);
        await graph.FollowAsync(new AccountId(1), new AccountId(2), Stop);
        Assert.True(await _other.Database.RenewAsync(Stop));
        // Its commit thread stands still in a transaction of its own, which the server will end.
        var begun = new TaskCompletionSource();
        _seenByOther.OnForget = () =>
        {
            begun.TrySetResult();
            still.Wait(TimeSpan.FromSeconds(20), Stop);
        };
        var standing = _other.Database.Writes.ForgetAsync(Stop);
        await begun.Task;

        await graph.UnfollowAsync(new AccountId(1), new AccountId(2), Stop);

        Assert.False(_other.Database.IsHeld);
        _seenByOther.OnForget = null;
        still.Release();
        await Wait.UntilAsync(
            async () => await _other.Database.RenewAsync(Stop),
            () => "the lease is held again",
            Stop
        );
        Assert.Contains(new Unfollowed(new AccountId(1), new AccountId(2)), _seenByOther.Events);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => standing);
    }

    public void Dispose()
    {
        _other.Dispose();
        _one.Dispose();
    }

    private static async Task PostManyAsync(TestDatabase database, int writer)
    {
        var posts = new SqlPostStore(database.Database);
        // All in one partition, so that they use up its milliseconds.
        var author = new AccountId(((writer + 1L) << 22) | 5 << 12);
        for (var i = 0; i < Posts; i++)
        {
            var post = new NewPost(
                author,
                PostKind.Post,
                Visibility.Public,
                $"{writer}/{i}",
                default,
                default,
                [],
                [],
                null
            );
            Assert.True((await posts.AcceptAsync(post, Stop)).Succeeded);
        }
    }

    private sealed class Log : ICommitObserver
    {
        private readonly ConcurrentQueue<Committed> _seen = new();
        private int _forgotten;

        public int Count => _seen.Count;

        public int Forgotten => Volatile.Read(ref _forgotten);

        public IEnumerable<long> Sequences => _seen.Select(committed => committed.Sequence);

        public IEnumerable<DomainEvent> Events => _seen.Select(committed => committed.Event);

        public List<PostId> Ids =>
            [.. Events.OfType<PostAccepted>().Select(accepted => accepted.Post)];

        public void OnCommitted(IReadOnlyList<Committed> group)
        {
            foreach (var committed in group)
            {
                _seen.Enqueue(committed);
            }
        }

        public Action? OnForget { get; set; }

        public void Forget()
        {
            Interlocked.Increment(ref _forgotten);
            OnForget?.Invoke();
        }
    }
}
