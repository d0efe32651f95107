using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.TestKit.Servers;

namespace Rookery.Benchmarks;

/// <summary>
/// The same synthetic posts and queries in this index, in SQLite's FTS5 and, where it is installed, under a GIN index of PostgreSQL: their words and hashtags alone, ids that grow,
/// the newest 20. One connection; times by the clock, because PostgreSQL works in another process; this index's by its thread's.
/// </summary>
public static class SearchBeside
{
    private const int Batch = 20_000;
    private const int PageSize = 20;
    private static readonly TimeSpan _perKind = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _mostToFill = TimeSpan.FromSeconds(50);

    private static readonly (string Name, int Words, bool Rare)[] _kinds =
    [
        ("one frequent word", 1, false),
        ("two frequent words", 2, false),
        ("frequent and rare", 1, true),
    ];

    public static async Task QuickAsync(int posts)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        SearchIndex.Quick(posts);
        Sqlite(posts);
        if (Directory.Exists("/usr/lib/postgresql/15"))
        {
            await PostgresAsync(posts);
        }
    }

    private static void Sqlite(int posts)
    {
        SystemSqlite.Use();
        var folder = Directory.CreateTempSubdirectory("rookery-search-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={folder.FullName}/fts");
            connection.Open();
            const string SetUp =
                "PRAGMA journal_mode=wal; PRAGMA synchronous=off; PRAGMA cache_size=-262144; PRAGMA mmap_size=2147483648; "
                + "CREATE VIRTUAL TABLE posts USING fts5(text, content='', detail=none, columnsize=0)";
            Execute(connection, SetUp);
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO posts(rowid, text) VALUES ($id, $text)";
            var id = insert.Parameters.Add("$id", SqliteType.Integer);
            var text = insert.Parameters.Add("$text", SqliteType.Text);
            var filled = Fill(
                posts,
                batch =>
                {
                    using var transaction = connection.BeginTransaction();
                    insert.Transaction = transaction;
                    foreach (var post in batch)
                    {
                        (id.Value, text.Value) = (post.Id, post.Text);
                        insert.ExecuteNonQuery();
                    }

                    transaction.Commit();
                }
            );
            var size = new FileInfo($"{folder.FullName}/fts").Length;
            Console.WriteLine(
                $"SQLite {connection.ServerVersion}, {SetUp}\n  {filled}, {(double)size / posts:N1} B/post"
            );
            using var query = connection.CreateCommand();
            query.CommandText =
                $"SELECT rowid FROM posts WHERE posts MATCH $query ORDER BY rowid DESC LIMIT {PageSize}";
            var asked = query.Parameters.Add("$query", SqliteType.Text);
            Measure(words =>
            {
                asked.Value = string.Join(' ', words.Select(word => $"\"{word}\""));
                using var reader = query.ExecuteReader();
                while (reader.Read()) { }
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PostgresAsync(int posts)
    {
        var stop = CancellationToken.None;
        await using var server = await PostgresServer.StartAsync(
            stop,
            new PostgresSetup { Settings = ["shared_buffers=1GB", "max_wal_size=4GB"] }
        );
        await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync(stop));
        await using var connection = await source.OpenConnectionAsync(stop);
        const string SetUp =
            "CREATE TABLE found (id bigint PRIMARY KEY, words tsvector NOT NULL); CREATE INDEX ON found USING gin (words) WITH (fastupdate = off)";
        await using (var create = new NpgsqlCommand(SetUp, connection))
        {
            await create.ExecuteNonQueryAsync(stop);
        }

        var filled = Fill(
            posts,
            batch =>
            {
                using var import = connection.BeginTextImport("COPY found FROM STDIN");
                foreach (var post in batch)
                {
                    import.Write($"{post.Id}\t{post.Text}\n");
                }
            }
        );
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE found", connection);
        await analyze.ExecuteNonQueryAsync(stop);
        Console.WriteLine(
            $"PostgreSQL {connection.PostgreSqlVersion}, shared_buffers=1GB, {SetUp}\n  {filled}"
        );
        await using var query = new NpgsqlCommand(
            $"SELECT id FROM found WHERE words @@ $1::tsquery ORDER BY id DESC LIMIT {PageSize}",
            connection
        );
        var asked = query.Parameters.Add(new NpgsqlParameter<string>());
        Measure(words =>
        {
            asked.Value = string.Join(" & ", words);
            using var reader = query.ExecuteReader();
            while (reader.Read()) { }
        });
    }

    /// <summary>Fewer than asked for where that would take too long.</summary>
    private static string Fill(int posts, Action<IEnumerable<(long Id, string Text)>> insert)
    {
        var source = new SyntheticPosts(1);
        var terms = new PostTerms();
        var inserting = TimeSpan.Zero;
        var added = 0;
        for (; added < posts && inserting < _mostToFill; added += Batch)
        {
            var batch = new List<(long, string)>(Batch);
            for (var i = 1; i <= Batch; i++)
            {
                source.Write(terms);
                batch.Add((added + i, TextOf(terms)));
            }

            var start = Stopwatch.GetTimestamp();
            insert(batch);
            inserting += Stopwatch.GetElapsedTime(start);
        }

        return $"{added:N0} posts: {added / inserting.TotalSeconds:N0} posts/s";
    }

    private static string TextOf(PostTerms terms)
    {
        var text = new StringBuilder();
        foreach (var term in terms)
        {
            if (term.Key[0] is (byte)TermKind.Word or (byte)TermKind.Hashtag)
            {
                text.Append(text.Length > 0 ? " " : "")
                    .Append(Encoding.UTF8.GetString(term.Key[1..]));
            }
        }

        return text.ToString();
    }

    private static void Measure(Action<string[]> search)
    {
        foreach (var (name, words, rare) in _kinds)
        {
            var random = new Random(2);
            var latencies = new List<double>();
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < _perKind)
            {
                string[] query =
                [
                    .. Enumerable
                        .Range(0, words)
                        .Select(_ => SyntheticPosts.WordOf(random.Next(8, 60))),
                    .. rare ? [SyntheticPosts.WordOf(random.Next(20_000, 50_000))] : (string[])[],
                ];
                var start = Stopwatch.GetTimestamp();
                search(query);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            latencies.Sort();
            Console.WriteLine(
                $"  {name, -20} {latencies.Count / clock.Elapsed.TotalSeconds, 8:N0} queries/s  p50 {latencies[latencies.Count / 2], 9:N1} us  p99 {latencies[(int)(latencies.Count * 0.99)], 9:N1} us"
            );
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
