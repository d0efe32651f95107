using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Memcached;
using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.Sharing;
using Rookery.TestKit;
using Rookery.TestKit.Servers;

namespace Rookery.Benchmarks;

/// <summary>
/// The posts and the cards of a page of 20 by 20 authors, from PostgreSQL and from memcached: time, and processor time of this process and of theirs.
/// </summary>
internal static class ReadShared
{
    private const int Accounts = 500;
    private const int PostsOfEach = 10;
    private const int OnPage = 20;
    private const int Pages = 20_000;

    public static async Task QuickAsync()
    {
        await using var postgres = await PostgresServer.StartAsync(CancellationToken.None);
        await using var memcached = await MemcachedServer.StartAsync(CancellationToken.None);
        using var database = SqlDatabase.Open(
            "",
            new SqlOptions { Default = await postgres.CreateDatabaseAsync(CancellationToken.None) },
            TestDatabase.Events,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        var (posts, accounts) = (new SqlPostStore(database), new SqlAccountStore(database));
        var outbox = new SqlOutboxStore(database, TimeProvider.System);
        await using var cache = new MemcachedSharedCache(
            Options.Create(
                new MemcachedOptions
                {
                    Nodes = $"127.0.0.1:{memcached.Port}",
                    PatienceMilliseconds = 1_000,
                }
            ),
            _ => outbox,
            NullLogger<MemcachedSharedCache>.Instance
        );
        var changes = new ChangesSeen(isUsed: true);
        database.Writes.Observe(changes);
        var reads = new SharedReads(cache, changes, database, OwnMeters.Unheard());
        var pages = await FillAsync(posts, accounts);
        var last = await outbox.LastSequenceAsync(default);
        changes.Knows(last, last, changes.Era);

        var shared = new Readers(new SharedPosts(posts, reads), new SharedCards(accounts, reads));
        var stored = new Readers(posts, accounts);
        // Filled, and both ways compiled.
        await ReadAsync(shared, pages);
        await ReadAsync(stored, pages);
        foreach (var atOnce in new[] { 1, 16 })
        {
            await MeasureAsync("PostgreSQL", stored, pages, atOnce, postgres.ProcessId);
            await MeasureAsync("memcached", shared, pages, atOnce, memcached.ProcessId);
        }
    }

    private static async Task<List<Page>> FillAsync(SqlPostStore posts, SqlAccountStore accounts)
    {
        var authors = new List<AccountId>();
        var all = new List<(AccountId Author, PostId Post)>();
        for (var i = 0; i < Accounts; i++)
        {
            var name = DisplayName.Parse($"Author {i}", "name").Value;
            authors.Add((await accounts.CreateAsync(name, default)).Id);
        }

        for (var i = 0; i < PostsOfEach; i++)
        {
            all.AddRange(
                await Task.WhenAll(
                    authors.Select(async author => (author, await PostAsync(posts, author)))
                )
            );
        }

        return
        [
            .. all.Chunk(OnPage)
                .Select(page => new Page(
                    [.. page.Select(post => post.Post)],
                    [.. page.Select(post => post.Author)]
                )),
        ];
    }

    private static async Task<PostId> PostAsync(SqlPostStore posts, AccountId author)
    {
        var post = new NewPost(
            author,
            PostKind.Post,
            Visibility.Public,
            new string('x', 100),
            default,
            default,
            [],
            [],
            null
        );
        return (await posts.AcceptAsync(post, default)).Value.Post.Id;
    }

    private static async Task ReadAsync(Readers from, List<Page> pages, int atOnce = 16)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Pages),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (read, token) =>
            {
                var page = pages[read % pages.Count];
                var posts = await from.Posts.GetManyAsync(page.Posts, token);
                var cards = await from.Cards.CardsAsync(page.Authors, token);
                if (posts.Count != OnPage || cards.Count != OnPage)
                {
                    throw new InvalidOperationException("Something is missing on a page.");
                }
            }
        );
    }

    private static async Task MeasureAsync(
        string what,
        Readers from,
        List<Page> pages,
        int atOnce,
        int server
    )
    {
        var (theirs, ours, since) = (
            ServerTime.OfAll(server),
            Environment.CpuUsage.TotalTime,
            Stopwatch.GetTimestamp()
        );
        await ReadAsync(from, pages, atOnce);
        var wall = Stopwatch.GetElapsedTime(since);
        theirs = ServerTime.OfAll(server) - theirs;
        ours = Environment.CpuUsage.TotalTime - ours;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}, {atOnce} at once: {wall.TotalMicroseconds / Pages:F0} us a page, {ours.TotalMicroseconds / Pages:F0} us of this process's processor time, {theirs.TotalMicroseconds / Pages:F0} us of the server's"
            )
        );
    }

    private sealed record Page(PostId[] Posts, AccountId[] Authors);

    private sealed record Readers(IPosts Posts, IAccountCards Cards);
}
