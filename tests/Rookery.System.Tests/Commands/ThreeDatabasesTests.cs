using Npgsql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Commands;

/// <summary>Commands on an installation with a database for each capability.</summary>
public sealed class ThreeDatabasesTests : IAsyncLifetime
{
    private readonly CommandFolder _folder = new();
    private IReadOnlyDictionary<string, string> _databases = null!;
    private Dictionary<string, string> _environment = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        _databases = await DividedDatabases.CreateAsync(await servers.PostgresAsync(), Stop);
        _environment = _databases.ToDictionary(
            setting => DividedDatabases.VariableOf(setting.Key),
            setting => setting.Value
        );
        _environment["Databases__Readers"] = "2";
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_import_is_counted_a_dead_letter_is_found_and_what_is_wrong_is_mended()
    {
        var graph = _folder.Write("graph", "1 3\n2 3\n1 2\n");
        var posts = _folder.Write(
            "posts.csv",
            "user,text,date\na,first,2017-01-01\nb,second #tag,2017-01-02\n"
        );
        await SucceedAsync("import", "graph", graph);
        await SucceedAsync("import", "posts", posts, "--columns", "user=user,text=text,date=date");
        await SucceedAsync("verify");
        Assert.Equal(
            3,
            await SqlAsync("Databases:Accounts", "SELECT sum(followers) FROM account_counts")
        );
        Assert.Equal(
            2,
            await SqlAsync("Databases:Accounts", "SELECT sum(posts) FROM account_counts")
        );

        // One wrong thing in each: a counter, a mirrored row, a mark beyond the other outbox's last event, and a letter.
        await SqlAsync("Databases:Accounts", "UPDATE account_counts SET followers = followers + 7");
        await SqlAsync("Databases:Graph", "DELETE FROM followers");
        await SqlAsync(
            "Databases:Accounts",
            $"INSERT INTO inbox (consumer, sequence) VALUES ('account-counts/{await OutboxAsync("Databases:Posts")}', 1000000)"
        );
        await SqlAsync(
            "Databases:Graph",
            "INSERT INTO dead_letters SELECT 'fan-out', sequence, name, version, payload, 5, 'of a test', 0 FROM outbox LIMIT 1"
        );

        var wrong = await RunAsync("verify");
        Assert.Equal(1, wrong.Exit);
        Assert.Contains(
            "event 1000000 is marked as applied",
            wrong.Output,
            StringComparison.Ordinal
        );
        await RunAsync("verify", "--repair");
        await SucceedAsync("verify");
        var letters = await SucceedAsync("admin", "dead-letters", "list");
        Assert.Contains("of a test", letters.Output, StringComparison.Ordinal);
        var replayed = await SucceedAsync("admin", "dead-letters", "replay", "--all");
        Assert.Contains("1 applied, 0 failed again", replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_names_two_events_is_refused_until_it_is_said_whose()
    {
        // An operator's command looks at what is there; the first one makes the tables.
        Directory.CreateDirectory(_folder.Data);
        await SucceedAsync("admin", "dead-letters", "list");
        foreach (var setting in new[] { "Databases:Graph", "Databases:Posts" })
        {
            await SqlAsync(
                setting,
                "INSERT INTO dead_letters VALUES ('fan-out', 17, 'of.tests', 1, '\\x00', 5, 'unreadable', 0)"
            );
        }

        var listed = await SucceedAsync("admin", "dead-letters", "list");
        Assert.Contains("fan-out 17  graph  of.tests", listed.Output, StringComparison.Ordinal);
        Assert.Contains(
            "fan-out 17  posts,notifications  of.tests",
            listed.Output,
            StringComparison.Ordinal
        );

        string[] named = ["--consumer", "fan-out", "--sequence", "17"];
        string[] discard = ["admin", "dead-letters", "discard", .. named, "--yes"];
        string[] replay = ["admin", "dead-letters", "replay", .. named];
        foreach (var vague in new[] { await RunAsync(discard), await RunAsync(replay) })
        {
            Assert.Equal(1, vague.Exit);
            Assert.Contains(
                "--database graph or --database posts",
                vague.Error,
                StringComparison.Ordinal
            );
        }

        var elsewhere = await RunAsync([.. discard, "--database", "accounts"]);
        Assert.Contains("no such dead letter", elsewhere.Error, StringComparison.Ordinal);
        var replayed = await RunAsync([.. replay, "--database", "posts"]);
        Assert.Contains("0 applied, 1 failed again", replayed.Output, StringComparison.Ordinal);
        await SucceedAsync([.. discard, "--database", "posts"]);
        var left = await SucceedAsync("admin", "dead-letters", "list");
        Assert.Contains("fan-out 17  graph", left.Output, StringComparison.Ordinal);
        Assert.Contains("1 dead letters", left.Output, StringComparison.Ordinal);
        await SucceedAsync(discard);
    }

    private Task<CommandAnswer> RunAsync(params string[] arguments) =>
        CommandProcess.RunInAsync(_environment, [.. arguments, "--data", _folder.Data]);

    private async Task<CommandAnswer> SucceedAsync(params string[] arguments)
    {
        var answer = await RunAsync(arguments);
        Assert.True(answer.Exit == 0, answer.ToString());
        return answer;
    }

    private async Task<string> OutboxAsync(string setting) =>
        (string)(await AskAsync(setting, "SELECT outbox FROM relay_position"))!;

    private async Task<long> SqlAsync(string setting, string sql) =>
        Convert.ToInt64(
            await AskAsync(setting, sql) ?? 0L,
            System.Globalization.CultureInfo.InvariantCulture
        );

    private async Task<object?> AskAsync(string setting, string sql)
    {
        await using var connection = new NpgsqlConnection($"{_databases[setting]};Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
