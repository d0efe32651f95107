using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

public sealed class SqliteGroupedWritesTests() : GroupedWritesTests(new SqliteFile(null));

public sealed class PostgresGroupedWritesTests() : GroupedWritesTests(PostgresDatabase.Create());

public sealed class PooledGroupedWritesTests()
    : GroupedWritesTests(PostgresDatabase.CreatePooled());

/// <summary>Writes that are committed together see each other, as if each had been committed before the next.</summary>
public abstract class GroupedWritesTests : IDisposable
{
    private readonly AccountId _ana = Fresh.Account();
    private readonly AccountId _bob = Fresh.Account();
    private readonly TestDatabase _database;
    private readonly SqlPostStore _posts;
    private readonly SqlGraphStore _graph;

    private protected GroupedWritesTests(TestDatabase database)
    {
        _database = database;
        (_posts, _graph) = (
            new SqlPostStore(database.Database),
            new SqlGraphStore(database.Database)
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posts_with_one_key_are_one_post()
    {
        var key = new IdempotencyKey("a key", new byte[] { 1 });
        var (first, second, other) = await TogetherAsync(() =>
            (
                _posts.AcceptAsync(Draft(_ana, key: key), Stop),
                _posts.AcceptAsync(Draft(_ana, key: key), Stop),
                _posts.AcceptAsync(
                    Draft(_ana, key: new IdempotencyKey("a key", new byte[] { 2 })),
                    Stop
                )
            )
        );

        Assert.False((await first).Value.Repeated);
        Assert.True((await second).Value.Repeated);
        Assert.Equal((await first).Value.Post.Id, (await second).Value.Post.Id);
        Assert.Equal(ProblemKind.KeyReused, (await other).Problem!.Kind);
        Assert.Single(_database.Outbox());
    }

    [Fact]
    public async Task Likes_reposts_and_follows_are_made_once_and_ended_once()
    {
        var post = (await _posts.AcceptAsync(Draft(_ana), Stop)).Value.Post.Id;
        var (likes, reposts, follows) = await TogetherAsync(() =>
            (
                Three(() => _posts.LikeAsync(_bob, post, Stop)),
                Three(() => _posts.AcceptAsync(Draft(_bob, original: post), Stop)),
                Three(() => _graph.FollowAsync(_bob, _ana, Stop))
            )
        );

        Assert.Equal([true, false, false], (await likes).Select(answer => answer.Value));
        Assert.Equal([true, false, false], (await follows).Select(answer => answer.Value));
        Assert.Equal([false, true, true], (await reposts).Select(answer => answer.Value.Repeated));
        Assert.Single((await reposts).Select(answer => answer.Value.Post.Id).Distinct());

        var (unlikes, unfollows) = await TogetherAsync(() =>
            (
                Three(() => _posts.UnlikeAsync(_bob, post, Stop)),
                Three(() => _graph.UnfollowAsync(_bob, _ana, Stop))
            )
        );

        bool[] once = [true, false, false];
        Assert.Equal(once, await unlikes);
        Assert.Equal(once, await unfollows);
        Assert.Equal(
            ["PostAccepted", "PostLiked", "PostAccepted", "Followed", "PostUnliked", "Unfollowed"],
            _database.Outbox().Select(happened => happened.GetType().Name)
        );
    }

    [Fact]
    public async Task What_is_deleted_closed_or_blocked_in_between_is_so_for_whoever_comes_behind()
    {
        var post = (await _posts.AcceptAsync(Draft(_ana), Stop)).Value.Post.Id;
        await _graph.BlockAsync(_ana, _bob, Stop);
        // The acts that others' answers hang on are written before these, whatever was known when the group began.
        var (deleted, closed) = await TogetherAsync(() =>
            (_posts.DeleteAsync(post, _ana, Stop), _posts.CloseAuthorAsync(_ana, Stop))
        );
        Assert.True((await deleted).Value);
        await closed;

        var (like, late, follow) = await TogetherAsync(() =>
            (
                _posts.LikeAsync(_bob, post, Stop),
                _posts.AcceptAsync(Draft(_ana), Stop),
                _graph.FollowAsync(_bob, _ana, Stop)
            )
        );
        Assert.False((await like).Succeeded);
        Assert.False((await late).Succeeded);
        Assert.Equal(ProblemKind.Forbidden, (await follow).Problem!.Kind);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Task<T[]> Three<T>(Func<Task<T>> act) =>
        Task.WhenAll(Enumerable.Range(0, 3).Select(_ => act()));

    private Task<T> TogetherAsync<T>(Func<T> begin) =>
        Together.BeginAsync(_database.Database.Writes, begin, Stop);

    private static NewPost Draft(
        AccountId author,
        PostId original = default,
        IdempotencyKey? key = null
    ) =>
        new(
            author,
            original.Value == 0 ? PostKind.Post : PostKind.Repost,
            Visibility.Public,
            original.Value == 0 ? "A heron." : "",
            default,
            original,
            [],
            [],
            key
        );
}
