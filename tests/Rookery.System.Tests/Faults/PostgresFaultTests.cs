using Npgsql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>What happens to PostgreSQL while people post: nothing that was acknowledged is lost, nothing is there twice.</summary>
[Collection(nameof(LongTests))]
public sealed class PostgresFaultTests
{
    private const int Authors = 12;

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_and_started_again()
    {
        await using var postgres = await StartAsync();
        await using var server = await ServeAsync(await postgres.CreateDatabaseAsync(Stop));
        var posts = await AcknowledgedPosts.OfAsync(server.Process.Http, Authors);

        await posts.DuringAsync(
            () => postgres.RestartAsync(Stop),
            "PostgreSQL killed and started again",
            postgres.ProcessId
        );
    }

    [Fact]
    [Trait("Length", "soak")]
    public async Task Standing_still_for_20_seconds()
    {
        await using var postgres = await StartAsync();
        await using var server = await ServeAsync(await postgres.CreateDatabaseAsync(Stop));
        var posts = await AcknowledgedPosts.OfAsync(server.Process.Http, Authors);

        await posts.DuringAsync(
            async () =>
            {
                await postgres.StopAsync();
                await Task.Delay(Still, TimeProvider.System, Stop);
                await postgres.ContinueAsync();
            },
            "PostgreSQL standing still for 20 s",
            postgres.ProcessId
        );
    }

    [Fact]
    public async Task Lost_with_its_machine_and_its_standby_promoted()
    {
        await using var postgres = await StartAsync();
        await using var standby = await postgres.StartReplicaAsync(Stop);
        await WaitForStandbyAsync(postgres);
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Stop))
        {
            Host = $"127.0.0.1:{postgres.Port},127.0.0.1:{standby.Port}",
        };
        await using var server = await ServeAsync(database.ConnectionString);
        var posts = await AcknowledgedPosts.OfAsync(server.Process.Http, Authors);

        await posts.DuringAsync(
            async () =>
            {
                await postgres.KillAsync();
                await standby.PromoteAsync(Stop);
            },
            "PostgreSQL's primary killed, its standby promoted",
            postgres.ProcessId
        );
    }

    [Fact]
    public async Task A_start_outlasts_a_database_that_confirms_nothing_for_a_while()
    {
        await using var postgres = await StartAsync();
        var database = await postgres.CreateDatabaseAsync(Stop);
        await (await ServeAsync(database)).DisposeAsync();
        // What a start finds written it does not write again.
        await postgres.RunAsync(database, "DELETE FROM capability_homes", Stop);
        await SetStandbysAsync(postgres, "one that is not there");

        var starting = ServeAsync(database, ("Databases__PatienceSeconds", "1"));
        await Task.WhenAny(
            starting,
            Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, Stop)
        );
        Assert.False(starting.IsCompleted, "The start did not wait for its write.");
        await SetStandbysAsync(postgres, "");

        await using var server = await starting;
        await AcknowledgedPosts.OfAsync(server.Process.Http, 1);
    }

    private static Task<PostgresServer> StartAsync() =>
        PostgresServer.StartAsync(
            Stop,
            new PostgresSetup(Fsync: true) { Settings = ["synchronous_commit=on"] }
        );

    /// <summary>From here on a commit waits for the standby's disk too. The standby has no such setting: promoted, it is alone.</summary>
    private static async Task WaitForStandbyAsync(PostgresServer postgres)
    {
        await SetStandbysAsync(postgres, "*");
        await using var connection = new NpgsqlConnection(
            $"{postgres.ConnectionString("postgres")};Pooling=false"
        );
        await connection.OpenAsync(Stop);
        await using var look = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'",
            connection
        );
        await Wait.UntilAsync(
            async () => (long)(await look.ExecuteScalarAsync(Stop))! == 1,
            () => "the standby is synchronous",
            Stop
        );
    }

    private static async Task SetStandbysAsync(PostgresServer postgres, string names)
    {
        var quoted = names is "" or "*" ? names : $"\"{names}\"";
        foreach (
            var sql in new[]
            {
                $"ALTER SYSTEM SET synchronous_standby_names = '{quoted}'",
                "SELECT pg_reload_conf()",
            }
        )
        {
            await postgres.RunAsync(postgres.ConnectionString("postgres"), sql, Stop);
        }
    }

    private static async Task<Served> ServeAsync(
        string database,
        params (string Variable, string Value)[] more
    )
    {
        var folder = new TemporaryFolder();
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["Databases__Default"] = database;
        foreach (var (variable, value) in more)
        {
            environment[variable] = value;
        }

        return new Served(folder, await ServerProcess.StartAsync(folder.Path, Stop, environment));
    }

    private sealed record Served(TemporaryFolder Folder, ServerProcess Process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            Folder.Dispose();
        }
    }
}
