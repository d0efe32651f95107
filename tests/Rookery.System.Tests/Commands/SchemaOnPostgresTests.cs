using System.Diagnostics;
using Npgsql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Commands;

/// <summary>What <c>schema --dialect postgres</c> prints, given to a real PostgreSQL.</summary>
public sealed class SchemaOnPostgresTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_service_can_be_laid_out_in_a_database_of_its_own()
    {
        await using var server = await PostgresServer.StartAsync(Stop);
        using var folder = new TemporaryFolder();
        foreach (var service in new[] { "accounts", "graph", "posts" })
        {
            var schema = await CommandProcess.RunAsync("schema", service, "--dialect", "postgres");
            var database = await server.CreateDatabaseAsync(Stop);
            var file = Path.Combine(folder.Path, $"{service}.sql");
            await File.WriteAllTextAsync(file, schema.Output, Stop);
            await WithPsqlAsync(database, file);
            Assert.Equal(0L, await NullableColumnsAsync(database));
        }
    }

    /// <summary>As an operator would.</summary>
    private static async Task WithPsqlAsync(string database, string file)
    {
        var to = new NpgsqlConnectionStringBuilder(database);
        var printed = await ServerUser.RunAsync(
            new ProcessStartInfo(
                "psql",
                [
                    .. $"-v ON_ERROR_STOP=1 -h {to.Host} -p {to.Port} -U {to.Username} -f".Split(
                        ' '
                    ),
                    file,
                    to.Database!,
                ]
            ),
            Stop
        );
        Assert.Contains("CREATE TABLE", printed, StringComparison.Ordinal);
    }

    private static async Task<object?> NullableColumnsAsync(string database)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND is_nullable = 'YES'",
            connection
        );
        return await command.ExecuteScalarAsync(Stop);
    }
}
