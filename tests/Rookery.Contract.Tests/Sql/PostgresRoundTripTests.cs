using System.Diagnostics;
using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.Media;
using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>How often a group of writes goes to PostgreSQL and back, and whose fault it is where one of its statements fails.</summary>
public sealed class PostgresRoundTripTests : IDisposable
{
    private const int Posts = 64;

    private readonly PostgresDatabase _database = PostgresDatabase.Create();
    private readonly SqlPostStore _posts;
    private readonly SqlGraphStore _graph;

    public PostgresRoundTripTests() =>
        (_posts, _graph) = (
            new SqlPostStore(_database.Database),
            new SqlGraphStore(_database.Database)
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CommitQueue Writes => _database.Database.Writes;

    [Fact]
    public async Task Requests_and_what_takes_them_back_need_no_more()
    {
        const int budget = 3;
        var people = Fresh.Accounts(Posts);
        foreach (var one in people.Skip(2).Take(2))
        {
            await _graph.RequestAsync(one, people[0], Stop);
            await _graph.FollowAsync(one, people[1], Stop);
        }

        using var trips = await CountAsync();
        var counted = await Together.BeginAsync(
            Writes,
            () =>
            {
                trips.Reset();
                return Task.WhenAll([
                    .. people
                        .Skip(4)
                        .Select(one => (Task)_graph.RequestAsync(one, people[0], Stop)),
                    .. people
                        .Skip(2)
                        .Take(2)
                        .SelectMany(one =>
                            new[] { people[0], people[1] }.Select(other =>
                                (Task)_graph.UnfollowAsync(one, other, Stop)
                            )
                        ),
                ]);
            },
            Stop
        );
        await counted;

        Assert.InRange(trips.Count, budget, budget + 2);
        Assert.Equal(4 + Posts - 4 + 4, _database.Outbox().Count);
    }

    /// <summary>One begins the group and reads all that its members need, one writes and commits. The third is the end of the group that held it back.</summary>
    [Fact]
    public async Task A_group_takes_two_however_many_posts_likes_and_follows_are_in_it()
    {
        const int budget = 3;
        var authors = Fresh.Accounts(Posts);
        var first = await PostAsync(authors[0]);
        using var trips = await CountAsync();
        var counted = await Together.BeginAsync(
            Writes,
            () =>
            {
                trips.Reset();
                return Task.WhenAll([
                    .. authors.Select(author => (Task)PostAsync(author, first)),
                    .. authors.Select(author => _posts.LikeAsync(author, first, Stop)),
                    .. authors
                        .Skip(1)
                        .Select(author => _graph.FollowAsync(author, authors[0], Stop)),
                ]);
            },
            Stop
        );
        await counted;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{trips.Count} round trips for {3 * Posts - 1} writes"
        );
        // Between groups the process may have looked what others have written: one trip each time.
        Assert.InRange(trips.Count, budget, budget + 2);
        Assert.Equal(1 + Posts + Posts + Posts - 1, _database.Outbox().Count);
    }

    [Fact]
    public async Task Counting_takes_as_many_for_one_event_as_for_a_hundred()
    {
        var authors = Fresh.Accounts(100);
        var post = await PostAsync(authors[0]);
        using var trips = await CountAsync();
        var events = authors.Select(
            (author, i) => new Committed(1_000 + i, new PostLiked(author, post))
        );

        await _posts.CountAsync("likes", [.. events], Stop);

        Assert.InRange(trips.Count, 4, 6);
        Assert.Equal(
            100,
            Assert.Single(await _posts.GetManyAsync(new[] { post }, Stop)).Counts.Likes
        );
    }

    [Fact]
    public async Task A_statement_that_was_put_off_and_fails_is_its_own_writers_fault()
    {
        var (good, bad, other) = await Together.BeginAsync(
            Writes,
            () => (PostAsync(Fresh.Account()), BreakAsync(), PostAsync(Fresh.Account())),
            Stop
        );

        await good;
        await other;
        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.Equal(2, _database.Outbox().Count);
        Assert.Null(Writes.Problem);
        await PostAsync(Fresh.Account());
    }

    [Fact]
    public async Task Nor_is_it_the_fault_of_who_reads_behind_it()
    {
        var (bad, reading) = await Together.BeginAsync(
            Writes,
            () =>
                (
                    BreakAsync(),
                    Writes.RunAsync(
                        commit => commit.Session.Number("SELECT count(*) FROM posts", -1),
                        Stop
                    )
                ),
            Stop
        );

        Assert.Equal(0, await reading);
        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.Empty(_database.Outbox());
    }

    public void Dispose() => _database.Dispose();

    /// <summary>A mention of no post with a key that is there twice: nobody knows before the database is asked.</summary>
    private Task<int> BreakAsync() =>
        Writes.RunAsync(
            commit =>
            {
                commit.Emit(new Followed(Fresh.Account(), Fresh.Account()));
                for (var i = 0; i < 2; i++)
                {
                    commit.Session.Later(
                        "INSERT INTO closed_members (account) VALUES (@account)",
                        7L
                    );
                }

                return 0;
            },
            Stop
        );

    private async Task<PostId> PostAsync(AccountId author, PostId parent = default)
    {
        var post = new NewPost(
            author,
            parent.Value == 0 ? PostKind.Post : PostKind.Reply,
            Visibility.Public,
            "A heron.",
            parent,
            default,
            [Fresh.Account()],
            ["heron"],
            null
        )
        {
            Media =
            [
                new(Fresh.Medium(author), BlobName.Draw(MediaKind.Png), 1, 1, "", default, ""),
            ],
            HeldUntil = DateTimeOffset.MaxValue,
        };
        return (await _posts.AcceptAsync(post, Stop)).Value.Post.Id;
    }

    private async Task<RoundTrips> CountAsync() =>
        new(await Writes.RunAsync(_ => Environment.CurrentManagedThreadId, Stop));

    /// <summary>What the commit thread sends, as the driver tells of it.</summary>
    private sealed class RoundTrips : IDisposable
    {
        private readonly ActivityListener _listener;
        private int _count;

        public RoundTrips(int thread)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                    ActivitySamplingResult.AllData,
                ActivityStarted = _ =>
                {
                    if (Environment.CurrentManagedThreadId == thread)
                    {
                        Interlocked.Increment(ref _count);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public int Count => Volatile.Read(ref _count);

        public void Reset() => Volatile.Write(ref _count, 0);

        public void Dispose() => _listener.Dispose();
    }
}
