using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

public sealed class SqlitePostRemovalTests() : SqlPostRemovalTests(new SqliteFile());

public sealed class PostgresPostRemovalTests() : SqlPostRemovalTests(PostgresDatabase.Create());

/// <summary>What hangs on a deleted post is hidden by its deletion and removed in chunks behind it.</summary>
public abstract class SqlPostRemovalTests : IDisposable
{
    private static readonly AccountId Star = new(1);

    private readonly TestDatabase _database;
    private readonly SqlPostStore _store;
    private readonly Recorder _recorder = new();

    private protected SqlPostRemovalTests(TestDatabase database)
    {
        _database = database;
        _database.Database.Writes.Observe(_recorder);
        _store = new SqlPostStore(_database.Database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deleting_a_post_is_one_event_however_many_reposted_it()
    {
        var original = await PostAsync(Star);
        await RepostAsync(original, 2, 12);

        await _store.DeleteAsync(original, Star, Token);

        Assert.Equal(original, Assert.Single(_recorder.Deleted).Post);
    }

    [Fact]
    public async Task Repost_of_a_deleted_post_is_not_found_while_its_row_still_stands()
    {
        var original = await PostAsync(Star);
        var repost = Assert.Single(await RepostAsync(original, 2, 2));
        Assert.Single(await _store.GetManyAsync(new[] { repost }, Token));

        await _store.DeleteAsync(original, Star, Token);

        Assert.Empty(await _store.GetManyAsync(new[] { repost }, Token));
        Assert.Equal(1, await _store.RemoveSomeOnAsync([original], 10, Token));
        Assert.Equal([original, repost], _recorder.Deleted.Select(deleted => deleted.Post));
    }

    [Fact]
    public async Task Repost_of_a_post_by_a_closed_author_is_not_found()
    {
        var original = await PostAsync(Star);
        var repost = Assert.Single(await RepostAsync(original, 2, 2));

        await _store.CloseAuthorAsync(Star, Token);

        Assert.Empty(await _store.GetManyAsync(new[] { repost }, Token));
    }

    [Fact]
    public async Task Reposts_and_likes_go_in_chunks_until_nothing_is_left()
    {
        var (original, other) = (await PostAsync(Star), await PostAsync(Star));
        var reposts = await RepostAsync(original, 2, 12);
        for (var account = 2; account <= 10; account++)
        {
            await _store.LikeAsync(new AccountId(account), original, Token);
        }

        await _store.LikeAsync(new AccountId(2), other, Token);
        await _store.DeleteAsync(original, Star, Token);

        // The other post stands: nothing of it may be touched, even where it is named by mistake.
        var removed = new List<int>();
        while (await _store.RemoveSomeOnAsync([other, original], 8, Token) is var some and > 0)
        {
            removed.Add(some);
        }

        Assert.Equal([8, 8, 4], removed);
        Assert.Equal(
            [original, .. reposts],
            _recorder.Deleted.Select(deleted => deleted.Post).Order()
        );
        Assert.Equal(1, Rows("likes"));
        Assert.Equal(1, Rows("likers"));
    }

    [Fact]
    public async Task Counters_of_a_deleted_post_do_not_come_back_with_its_reposts_events()
    {
        var original = await PostAsync(Star);
        await RepostAsync(original, 2, 4);
        await _store.LikeAsync(Star, original, Token);
        await _store.DeleteAsync(original, Star, Token);
        await _store.RemoveSomeOnAsync([original], 10, Token);

        var sequence = 0;
        foreach (var deleted in _recorder.Deleted)
        {
            await _store.CountAsync("counts", [new Committed(++sequence, deleted)], Token);
        }

        await _store.CountAsync(
            "counts",
            [new Committed(++sequence, new PostLiked(Star, original))],
            Token
        );
        Assert.Equal(0, Rows("post_counts"));
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private long Rows(string table) =>
        _database.Database.Read(session => session.Number($"SELECT count(*) FROM {table}", -1));

    private Task<PostId> PostAsync(AccountId author) =>
        AcceptAsync(new(author, PostKind.Post, default, "text", default, default, [], [], null));

    private async Task<List<PostId>> RepostAsync(PostId original, int first, int last)
    {
        var reposts = new List<PostId>();
        for (var author = first; author <= last; author++)
        {
            reposts.Add(
                await AcceptAsync(
                    new(
                        new AccountId(author),
                        PostKind.Repost,
                        default,
                        "",
                        default,
                        original,
                        [],
                        [],
                        null
                    )
                )
            );
        }

        return reposts;
    }

    private async Task<PostId> AcceptAsync(NewPost post) =>
        (await _store.AcceptAsync(post, Token)).Value.Post.Id;

    private sealed class Recorder : ICommitObserver
    {
        public List<PostDeleted> Deleted { get; } = [];

        public void OnCommitted(IReadOnlyList<Committed> group) =>
            Deleted.AddRange(group.Select(committed => committed.Event).OfType<PostDeleted>());

        public void Forget() => Deleted.Clear();
    }
}
