using Xunit;

namespace Rookery.SystemTests.Commands;

public sealed class VerifyTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task A_folder_with_nothing_in_it_is_not_called_right()
    {
        Directory.CreateDirectory(_folder.Data);

        var answer = await _folder.RunAsync("verify");

        Assert.Equal(2, answer.Exit);
        Assert.Contains("nothing was compared", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made()
    {
        var answer = await _folder.RunAsync("verify");

        Assert.Equal(1, answer.Exit);
        Assert.False(Directory.Exists(_folder.Data));
    }

    [Fact]
    public Task What_is_missing_is_found_and_said_and_repaired() =>
        FindsAndRepairsAsync(
            (
                "followers against follows",
                "DELETE FROM followers WHERE follower = (SELECT max(follower) FROM followers)"
            ),
            (
                "blocked by against blocks",
                "INSERT INTO blocks (blocker, blocked, created_at) VALUES (1, 2, 0)"
            ),
            ("likers against likes", "INSERT INTO likes (account, post) VALUES (1, 2)"),
            ("mentions of standing posts", "UPDATE mentions SET visibility = 3"),
            ("hashtags of posts", "DELETE FROM hashtag_posts"),
            ("outbox and inbox", "UPDATE relay_position SET published_through = 1000000"),
            ("counters of accounts", "DELETE FROM account_counts"),
            (
                "counters of posts",
                "INSERT INTO likes (account, post) SELECT 1, max(id) FROM posts; INSERT INTO likers (post, account) SELECT max(id), 1 FROM posts"
            )
        );

    [Fact]
    public Task What_should_not_be_there_is_found_and_said_and_repaired() =>
        FindsAndRepairsAsync(
            (
                "followers against follows",
                "INSERT INTO followers (followee, follower) VALUES (1, 2)"
            ),
            (
                "blocked by against blocks",
                "INSERT INTO blocked_by (blocked, blocker) VALUES (1, 2)"
            ),
            ("likers against likes", "INSERT INTO likers (post, account) VALUES (2, 1)"),
            (
                "mentions of standing posts",
                "INSERT INTO mentions (account, post, visibility) VALUES (1, 2, 0)"
            ),
            (
                "hashtags of posts",
                "INSERT INTO hashtag_posts (hashtag, post) SELECT 'wrong', max(id) FROM posts; INSERT INTO hashtag_posts (hashtag, post) VALUES ('wrong', 1)"
            ),
            (
                "outbox and inbox",
                "INSERT INTO inbox (consumer, sequence) VALUES ('post-counts', 1000000)"
            ),
            ("outbox and inbox", "UPDATE consumer_positions SET applied_through = 1000000"),
            (
                "notifications",
                "INSERT INTO notifications (id, recipient, kind, actor, post, state, as_of) VALUES (1, 1, 0, 2, 0, 0, 1)"
            ),
            ("bells against follows", "INSERT INTO bells (author, reader, as_of) VALUES (1, 2, 0)"),
            (
                "counters of accounts",
                "UPDATE account_counts SET followers = followers + 1 WHERE account = (SELECT min(account) FROM account_counts)"
            ),
            (
                "counters of posts",
                "INSERT INTO post_counts (post, likes, reposts, replies) SELECT max(id), 5, 0, 0 FROM posts"
            )
        );

    [Fact]
    public async Task Verifying_alone_changes_nothing()
    {
        await FillAsync();
        _folder.Sql("DELETE FROM followers");

        await _folder.RunAsync("verify");

        Assert.Equal(0, _folder.Count("followers"));
    }

    [Fact]
    public async Task Every_kind_of_derived_thing_is_compared()
    {
        await FillAsync();

        var answer = await _folder.RunAsync("verify");

        Assert.True(answer.Exit == 0, answer.ToString());
        foreach (
            var part in new[]
            {
                "followers against follows: 3",
                "mentions of standing posts: 1",
                "hashtags of posts: 3",
                "counters of accounts: 3",
                "home timelines: 2",
                "author heads in memory: [1-9]",
                "rendered posts in memory: [1-9]",
            }
        )
        {
            Assert.Matches($"(?m)^{part}", answer.Output);
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task FindsAndRepairsAsync(params (string Where, string Damage)[] damages)
    {
        await FillAsync();
        foreach (var (_, damage) in damages)
        {
            _folder.Sql(damage);
        }

        var found = await _folder.RunAsync("verify");
        var repaired = await _folder.RunAsync("verify", "--repair");
        var after = await _folder.RunAsync("verify");

        Assert.True(found.Exit == 1, found.ToString());
        foreach (var (where, _) in damages)
        {
            Assert.Matches($"(?m)^{where}: [0-9]+ compared, [1-9][0-9]* different$", found.Output);
        }

        Assert.True(repaired.Exit == 1, repaired.ToString());
        Assert.Contains("was repaired", repaired.Error, StringComparison.Ordinal);
        Assert.True(after.Exit == 0, after.ToString());
    }

    private async Task FillAsync()
    {
        var graph = _folder.Write("graph", "1 3\n2 3\n1 2\n");
        var posts = _folder.Write(
            "posts.csv",
            "user,text,date\nu3,one #tag,2017-01-01\nu3,two,2017-01-02\nu2,three,2017-01-03\n"
        );
        Assert.Equal(0, (await _folder.RunAsync("import", "graph", graph)).Exit);
        Assert.Equal(0, (await _folder.RunAsync("import", "posts", posts)).Exit);
        // A handle must have three letters to be mentioned, which those of a small graph have not.
        _folder.Sql(
            "INSERT INTO mentions (account, post, visibility) SELECT (SELECT min(id) FROM accounts), max(id), 0 FROM posts"
        );
    }
}
