using Rookery.TestKit;

namespace Rookery.SystemTests.Crashes;

/// <summary>What must hold after a crash.</summary>
internal sealed class CrashChecks(
    string folder,
    CrashLog log,
    IReadOnlyList<CrashWriter> writers,
    CancellationToken stop
)
{
    /// <summary>Entries of each home timeline that are compared; one, drawn by lot, is compared to its end.</summary>
    private const int Newest = 1_000;

    /// <summary>Cheap enough for every start.</summary>
    public async Task AfterStartAsync(Random random)
    {
        Stored();
        var posts = log.Posts.Where(post => post.IsAcknowledged).ToArray();
        for (var i = 0; i < 3 && posts.Length > 0; i++)
        {
            var post = posts[random.Next(posts.Length)];
            var author = writers.Single(writer => writer.Id == post.Author);
            var answer = await author.Client.PostAsync(post.Text, stop, key: post.Key);
            Promise.Keep(
                answer.Require(201).Id("tweet_id") == post.Id.Value,
                Promise.OneKeyOnePost,
                () => $"{post} was sent again and answered {answer}"
            );
        }
    }

    public async Task EverythingAsync(ServerProcess server)
    {
        using var database = new DatabaseProbe(folder);
        await Wait.UntilAsync(
            () => Task.FromResult(database.Unrelayed == 0),
            () => $"the outbox is relayed; {database.Unrelayed} events are not\n{server.Output}",
            stop
        );
        Promise.Keep(
            database.DeadLetters == 0,
            Promise.NoDeadLetters,
            () => $"{database.DeadLetters} dead letters\n{server.Output}"
        );
        var oracle = OracleOf(Stored());
        foreach (var writer in writers)
        {
            await HomeAsync(writer, oracle, writer == writers[log.Posts.Count % writers.Count]);
            await AccountCountsAsync(writer, oracle);
        }

        PostCounts(database, oracle);
    }

    /// <summary>Each acknowledged post stands once under its id, unless it was deleted; each other at most once.</summary>
    private Dictionary<string, PostId> Stored()
    {
        using var database = new DatabaseProbe(folder);
        var rows = database.Rows(
            "SELECT text, count(*), max(id) FROM posts WHERE state = 0 GROUP BY text",
            row => (Text: row.GetString(0), Count: row.GetInt64(1), Id: new PostId(row.GetInt64(2)))
        );
        foreach (var (text, count, _) in rows)
        {
            Promise.Keep(
                count == 1,
                Promise.OneKeyOnePost,
                () => $"\"{text}\" stands {count} times"
            );
        }

        var stored = rows.ToDictionary(row => row.Text, row => row.Id);
        foreach (var post in log.Posts.Where(post => post.IsAcknowledged))
        {
            var stands = stored.TryGetValue(post.Text, out var id) && id == post.Id;
            Promise.Keep(
                stands || log.IsDeleted(post.Id),
                Promise.AcknowledgedIsStored,
                () => $"{post} was acknowledged and is not stored"
            );
            Promise.Keep(
                !stands || !log.IsDeleted(post.Id),
                Promise.AcknowledgedIsStored,
                () => $"the deletion of {post} was acknowledged and is not stored"
            );
        }

        return stored;
    }

    private Oracle OracleOf(IReadOnlyDictionary<string, PostId> stored)
    {
        var oracle = new Oracle();
        log.Tell(oracle, stored);
        foreach (var writer in writers)
        {
            oracle.SignUp(writer.Id);
            foreach (var other in writer.Follows)
            {
                oracle.Follow(writer.Id, other);
            }

            foreach (var post in writer.Likes.Where(post => oracle.Find(post) is not null))
            {
                oracle.Like(writer.Id, post);
            }
        }

        return oracle;
    }

    private async Task HomeAsync(CrashWriter writer, Oracle oracle, bool toTheEnd)
    {
        var right = oracle.Home(writer.Id);
        right = toTheEnd ? right : [.. right.Take(Newest)];
        var shown = new List<PostId>();
        while (shown.Count < right.Count || shown.Count == 0)
        {
            PostId? below = shown.Count == 0 ? null : shown[^1];
            var page = await writer.Client.HomeAsync(new Page(Page.MaxCount, below), stop);
            shown.AddRange(page.Select(entry => entry.Id));
            if (page.Count == 0)
            {
                break;
            }
        }

        Promise.Same(
            right,
            toTheEnd ? shown : [.. shown.Take(right.Count)],
            Promise.HomeIsTheOracles,
            () => $"home of {writer.Client.Username}"
        );
    }

    private async Task AccountCountsAsync(CrashWriter writer, Oracle oracle)
    {
        var shown = (await writer.Client.UserAsync(writer.Id, stop)).Require(200).Json;
        var (posts, followers, following) = (
            oracle.PostsOf(writer.Id),
            oracle.FollowersOf(writer.Id),
            oracle.FollowingOf(writer.Id)
        );
        Promise.Keep(
            shown.GetProperty("post_count").GetInt64() == posts
                && shown.GetProperty("follower_count").GetInt64() == followers
                && shown.GetProperty("following_count").GetInt64() == following,
            Promise.CountersAreTheCounts,
            () => $"{posts} posts, {followers} followers, {following} followed; shown is {shown}"
        );
    }

    private static void PostCounts(DatabaseProbe database, Oracle oracle)
    {
        var counted = database
            .Rows(
                "SELECT post, likes FROM post_counts",
                row => (Post: new PostId(row.GetInt64(0)), Likes: row.GetInt64(1))
            )
            .ToDictionary(row => row.Post, row => row.Likes);
        foreach (var (post, counts) in oracle.Counts())
        {
            var likes = counted.GetValueOrDefault(post);
            Promise.Keep(
                likes == counts.Likes,
                Promise.CountersAreTheCounts,
                () => $"post {post} has {counts.Likes} likes, counted are {likes}"
            );
        }
    }
}
