using System.Globalization;
using System.IO.Compression;
using System.Text;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Commands;

public sealed class ImportTests : IDisposable
{
    private const string TweetColumns = "text=text,user=screen_name,date=created_at,id=id,url=link";

    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task A_graph_imported_twice_is_there_once_and_counted()
    {
        var graph = TestData.Path("small-graph.tsv.gz");

        var first = await _folder.RunAsync("import", "graph", graph);
        var second = await _folder.RunAsync("import", "graph", graph);

        Assert.True(first.Exit == 0, first.ToString());
        Assert.Contains("23939 stored, 0 already there", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 stored, 23939 already there", second.Output, StringComparison.Ordinal);
        Assert.Equal(23_939, _folder.Count("follows"));
        Assert.Equal(3_726, _folder.Count("accounts"));
        Assert.Equal(23_939L, _folder.Sql("SELECT sum(followers) FROM account_counts"));
        Assert.Equal(0, (await _folder.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task Posts_imported_twice_are_there_once_with_their_dates_and_line_ends()
    {
        var tweets = TestData.Path("tweets.csv");

        var first = await _folder.RunAsync("import", "posts", tweets, "--columns", TweetColumns);
        var second = await _folder.RunAsync("import", "posts", tweets, "--columns", TweetColumns);

        Assert.True(first.Exit == 0, first.ToString());
        Assert.Contains("200 posts read: 200 stored", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 stored, 200 already there", second.Output, StringComparison.Ordinal);
        Assert.Equal(200, _folder.Count("posts"));
        Assert.Equal(34, _folder.Count("posts WHERE instr(text, char(10)) > 0"));
        // All of one night: 2017-08-27, as milliseconds since 2006 above the low 22 bits of the ids.
        var day = (
            new DateTimeOffset(2017, 8, 27, 0, 0, 0, TimeSpan.Zero) - Snowflake.Epoch
        ).TotalMilliseconds;
        Assert.Equal(
            200,
            _folder.Count(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"posts WHERE (id >> 22) BETWEEN {day} AND {day + 86_400_000}"
                )
            )
        );
        Assert.Equal(0, (await _folder.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task Posts_go_to_the_accounts_with_the_most_followers_round_robin()
    {
        var graph = _folder.Write("graph", "1 3\n2 3\n1 2\n");
        var posts = _folder.Write(
            "posts.csv",
            """
            user,text,date
            a,first,2017-01-01
            b,second,2017-01-02
            A,third,2017-01-03
            c,fourth,2017-01-04
            d,fifth,2017-01-05

            """
        );

        await _folder.RunAsync("import", "graph", graph);
        var answer = await _folder.RunAsync("import", "posts", posts, "--authors", "imported");

        Assert.True(answer.Exit == 0, answer.ToString());
        Assert.Equal(3, _folder.Count("accounts"));
        Assert.Equal(
            "u3 u2 u3 u1 u3",
            Names("SELECT a.username FROM posts p JOIN accounts a ON a.id = p.author ORDER BY p.id")
        );
    }

    [Fact]
    public async Task Many_posts_of_one_author_at_one_moment_all_get_ids_of_their_own()
    {
        var rows = new StringBuilder("user,text,date\n");
        for (var i = 0; i < 200; i++)
        {
            rows.AppendLine(CultureInfo.InvariantCulture, $"ali,post {i},2017-01-01");
        }

        var answer = await _folder.RunAsync(
            "import",
            "posts",
            _folder.Write("posts.csv", rows.ToString())
        );

        Assert.True(answer.Exit == 0, answer.ToString());
        Assert.Equal(200, _folder.Count("posts"));
        Assert.Equal(4, _folder.Count("(SELECT DISTINCT id >> 22 FROM posts)"));
    }

    [Fact]
    public async Task An_import_that_was_killed_is_whole_after_it_was_started_again()
    {
        var rows = new StringBuilder();
        for (var i = 0; i < 30_000; i++)
        {
            rows.AppendLine(
                CultureInfo.InvariantCulture,
                $$"""{"user":"user{{i % 500}}","text":"post {{i}} #tag{{i % 7}}","date":{{1_500_000_000 + i}}}"""
            );
        }

        var file = _folder.Write("posts.jsonl", rows.ToString());
        long stored;
        using (var import = CommandProcess.Start("import", "posts", file, "--data", _folder.Data))
        {
            stored = SomeStored(import, "posts");
            import.Kill();
            await import.EndAsync();
        }

        var again = await _folder.RunAsync("import", "posts", file);

        Assert.InRange(stored, 1, 29_999);
        Assert.True(again.Exit == 0, again.ToString());
        Assert.DoesNotContain(" 0 already there", again.Output, StringComparison.Ordinal);
        Assert.Equal(30_000, _folder.Count("posts"));
        Assert.Equal(30_000, _folder.Count("imported_posts"));
        Assert.Equal(30_000L, _folder.Sql("SELECT sum(posts) FROM account_counts"));
        Assert.Equal(0, (await _folder.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task A_graph_that_breaks_off_is_told_and_counted_as_far_as_it_goes()
    {
        var file = Path.Combine(Path.GetDirectoryName(_folder.Data)!, "graph.gz");
        await using (var packed = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        await using (var lines = new StreamWriter(packed))
        {
            for (var follower = 0; follower < 20_000; follower++)
            {
                await lines.WriteLineAsync($"{follower} {follower * 7919 % 20_000 + 20_000}");
            }
        }

        await using (var cut = File.OpenWrite(file))
        {
            cut.SetLength(cut.Length * 9 / 10);
        }

        var answer = await _folder.RunAsync("import", "graph", file);

        Assert.Equal(1, answer.Exit);
        Assert.InRange(_folder.Count("follows"), 1, 19_999);
        Assert.Equal(
            _folder.Count("follows"),
            _folder.Sql("SELECT sum(followers) FROM account_counts")
        );
        Assert.Equal(0, (await _folder.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task What_stands_before_a_broken_record_is_imported()
    {
        var file = _folder.Write(
            "posts.csv",
            "user,text,date\nana,one,2017-08-26\nben,two,2017-08-26\nana,\"three,2017-08-26\n"
        );

        var answer = await _folder.RunAsync("import", "posts", file);

        Assert.Equal(1, answer.Exit);
        Assert.Contains("never closed", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _folder.Count("posts"));
    }

    [Fact]
    public async Task A_graph_import_that_was_killed_is_whole_after_it_was_started_again()
    {
        var rows = new StringBuilder();
        for (var follower = 0; follower < 10_000; follower++)
        {
            for (var i = 1; i <= 30; i++)
            {
                rows.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"{follower} {(follower + (i * i * 7)) % 10_000}"
                );
            }
        }

        var file = _folder.Write("graph", rows.ToString());
        long stored;
        using (var import = CommandProcess.Start("import", "graph", file, "--data", _folder.Data))
        {
            stored = SomeStored(import, "follows");
            import.Kill();
            await import.EndAsync();
        }

        var again = await _folder.RunAsync("import", "graph", file);

        Assert.InRange(stored, 1, 299_999);
        Assert.True(again.Exit == 0, again.ToString());
        Assert.DoesNotContain(" 0 already there", again.Output, StringComparison.Ordinal);
        Assert.Equal(300_000, _folder.Count("follows"));
        Assert.Equal(300_000, _folder.Count("followers"));
        Assert.Equal(300_000L, _folder.Sql("SELECT sum(followers) FROM account_counts"));
        Assert.Equal(0, (await _folder.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task Rows_that_cannot_be_taken_are_counted_with_reason_and_line_and_the_others_are_taken()
    {
        var file = _folder.Write(
            "posts.csv",
            "user,text,date\nali,hello &amp; welcome,2017-01-01\nali,too old,1999-01-01\n,nobody's,2017-01-01\nali,2017-01-01\n"
        );

        var answer = await _folder.RunAsync("import", "posts", file);

        Assert.True(answer.Exit == 0, answer.ToString());
        Assert.Contains(
            "4 posts read: 1 stored, 0 already there, 3 refused",
            answer.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("line 3: \"1999-01-01\"", answer.Output, StringComparison.Ordinal);
        Assert.Equal("hello & welcome", _folder.Sql("SELECT text FROM posts"));
    }

    [Theory]
    [InlineData("There is no file", "import", "graph", "nowhere.tsv")]
    [InlineData("There is no file", "import", "posts", "nowhere.csv")]
    [InlineData("is no edge list: line 1", "import", "graph", "tweets.csv")]
    [InlineData("has no column user", "import", "posts", "tweets.csv")]
    [InlineData("says nothing", "import", "posts", "tweets.csv", "--columns", "words=text")]
    [InlineData("import a graph first", "import", "posts", "tweets.csv", "--authors", "imported")]
    [InlineData("not \"mine\"", "import", "posts", "tweets.csv", "--authors", "mine")]
    public async Task What_cannot_be_imported_is_told_with_what_would_be_right(
        string said,
        string command,
        string what,
        string file,
        params string[] more
    )
    {
        var answer = await _folder.RunAsync([command, what, TestData.Path(file), .. more]);

        Assert.Equal(1, answer.Exit);
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Names(string sql) =>
        (string)_folder.Sql($"SELECT group_concat(username, ' ') FROM ({sql})")!;

    /// <summary>Waits until the import has stored something.</summary>
    private long SomeStored(CommandProcess import, string table)
    {
        var stored = 0L;
        SpinWait.SpinUntil(() =>
        {
            stored = File.Exists(Path.Combine(_folder.Data, "rookery.db")) ? SoFar(table) : 0;
            return stored > 0 || import.HasEnded;
        });
        return stored;
    }

    private long SoFar(string table)
    {
        try
        {
            return _folder.Count(table);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Its tables are being made.
            return 0;
        }
    }
}
