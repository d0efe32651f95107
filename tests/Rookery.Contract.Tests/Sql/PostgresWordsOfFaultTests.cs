using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.Contract.Tests.Delivery;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>What an operator reads when PostgreSQL cannot be used.</summary>
public sealed class PostgresWordsOfFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1", "127.0.0.1:1")]
    [InlineData("Host=127.0.0.1:1,127.0.0.2:2", "127.0.0.1:1", "127.0.0.2:2")]
    public void Each_host_has_its_own_reason(string connection, params string[] hosts)
    {
        using var source = new NpgsqlDataSourceBuilder(connection).BuildMultiHost();
        var fault = Assert.ThrowsAny<NpgsqlException>(() => source.OpenConnection());
        var why = PostgresFault.Explain(fault);
        Assert.All(
            hosts,
            host => Assert.Contains($"{host}: Connection refused", why, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("inner exception", why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task That_commits_are_not_heard_of_is_said_once_in_words_and_so_is_its_end()
    {
        var servers = await TestContext.Current.GetFixture<SharedServers>();
        var text = await (await servers!.PostgresAsync()).CreateDatabaseAsync(Stop);
        using var database = new PostgresDatabase(text, null);
        Assert.NotNull(database.Database);
        var (tries, isAway) = (0, false);
        NpgsqlConnection? used = null;
        var log = new TestLog();
        using var peers = new PostgresPeers(
            Open,
            () => Task.FromResult(default(Told)),
            _ => Task.FromResult(0L),
            "PostgreSQL at db1:5432, database rookery (Databases:Default)",
            log
        );
        Volatile.Write(ref isAway, true);
        await EndAsync(text, used!.ProcessID);
        await Wait.UntilAsync(
            () => Task.FromResult(Volatile.Read(ref tries) > 3),
            () => log.Text,
            Stop
        );
        Volatile.Write(ref isAway, false);
        await Wait.UntilAsync(
            () => Task.FromResult(log.Contains("says again")),
            () => log.Text,
            Stop
        );

        var lines = log.Text.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("(Databases:Default) does not say", lines[0], StringComparison.Ordinal);

        NpgsqlConnection Open()
        {
            Interlocked.Increment(ref tries);
            used = new NpgsqlConnection(
                Volatile.Read(ref isAway) ? "Host=127.0.0.1;Port=1" : $"{text};Pooling=false"
            );
            used.Open();
            return used;
        }
    }

    private static async Task EndAsync(string text, int process)
    {
        await using var source = NpgsqlDataSource.Create(text);
        await using var command = source.CreateCommand("SELECT pg_terminate_backend($1)");
        command.Parameters.AddWithValue(process);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
