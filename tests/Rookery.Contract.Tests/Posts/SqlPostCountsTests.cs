using System.Collections.Concurrent;
using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

public sealed class SqlitePostCountsTests() : SqlPostCountsTests(new SqliteFile());

public sealed class PostgresPostCountsTests() : SqlPostCountsTests(PostgresDatabase.Create());

/// <summary>That counting events comes to the same as counting anew, also for what follows a post's end.</summary>
public abstract class SqlPostCountsTests : ICommitObserver, IDisposable
{
    private const string Consumer = "post-counts";

    private static readonly AccountId Ana = new(1_000);
    private static readonly AccountId Bob = new(2_000);

    private readonly TestDatabase _database;
    private readonly ConcurrentQueue<Committed> _events = new();
    private readonly SqlPostStore _posts;

    private protected SqlPostCountsTests(TestDatabase database)
    {
        _database = database;
        _posts = new SqlPostStore(_database.Database);
        _database.Database.Writes.Observe(this);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_ends_after_its_post_leaves_no_number_behind(bool countedBetween)
    {
        var post = await PostAsync(Ana, PostKind.Post);
        var reply = await PostAsync(Bob, PostKind.Reply, parent: post);
        await PostAsync(Bob, PostKind.Repost, original: post);
        await _posts.LikeAsync(Bob, post, Stop);
        await CountAsync();
        await _posts.DeleteAsync(post, Ana, Stop);
        if (countedBetween)
        {
            await CountAsync();
        }

        await _posts.DeleteAsync(reply, Bob, Stop);
        await _posts.UnlikeAsync(Bob, post, Stop);
        await CountAsync();

        Assert.Empty(await DifferencesAsync());
        Assert.DoesNotContain(Counted(), number => number.Likes < 0 || number.Replies < 0);
    }

    [Fact]
    public async Task A_standing_post_has_the_numbers_that_a_new_count_finds()
    {
        var post = await PostAsync(Ana, PostKind.Post);
        var reply = await PostAsync(Bob, PostKind.Reply, parent: post);
        await PostAsync(Ana, PostKind.Reply, parent: post);
        await _posts.LikeAsync(Bob, post, Stop);
        await _posts.DeleteAsync(reply, Bob, Stop);
        Assert.NotEmpty(await DifferencesAsync());

        await CountAsync();

        Assert.Empty(await DifferencesAsync());
        Assert.Equal(new PostCounts(1, 0, 1), Counted().Last());
    }

    void ICommitObserver.OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            _events.Enqueue(committed);
        }
    }

    void ICommitObserver.Forget() { }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<PostId> PostAsync(
        AccountId author,
        PostKind kind,
        PostId parent = default,
        PostId original = default
    )
    {
        var post = new NewPost(
            author,
            kind,
            Visibility.Public,
            "text",
            parent,
            original,
            [],
            [],
            null
        );
        return (await _posts.AcceptAsync(post, Stop)).Value.Post.Id;
    }

    /// <summary>All events from the first on: what was applied before is not applied again.</summary>
    private Task CountAsync() =>
        _posts.CountAsync(Consumer, [.. _events.Where(committed => committed.Sequence > 0)], Stop);

    private IEnumerable<PostCounts> Counted() =>
        _events
            .Select(committed => committed.Event)
            .OfType<PostsCounted>()
            .SelectMany(counted => counted.Numbers)
            .Select(number => number.Counts);

    private async Task<IReadOnlyList<PostCountDifference>> DifferencesAsync() =>
        (
            await new SqlDerivedTables(SqlDatabases.Only(_database.Database)).PostCountsAfterAsync(
                default,
                100,
                Stop
            )
        ).Differences;
}
