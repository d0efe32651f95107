using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>A PostgreSQL that stands still: connections stay, and nothing is answered.</summary>
public sealed class PostgresPatienceTests
{
    private static readonly AccountId Ana = new(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_are_refused_within_their_patience_and_go_on_when_it_goes_on()
    {
        await using var postgres = await PostgresServer.StartAsync(Stop);
        using var database = await OpenAsync(postgres, patience: 60);
        var graph = new SqlGraphStore(database);
        await graph.FollowAsync(Ana, new AccountId(2), Stop);
        Assert.Equal(1, await graph.CountFolloweesAsync(Ana, Stop));
        await postgres.StopAsync();

        // More than there are connections, and some that come when all of those have waited in vain. Nobody waits for as long as is set: the database does not
        // say what others commit either.
        var times = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => UnreadAsync(graph)));
        var later = await UnreadAsync(graph);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"refused after {string.Join(", ", times.Append(later).Select(time => $"{time.TotalSeconds:F2}"))} s"
        );
        Assert.All(times, time => Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        Assert.InRange(later, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        await postgres.ContinueAsync();
        await Wait.UntilAsync(
            async () => await ReadsAsync(graph),
            () => "reads are answered again",
            Stop
        );
    }

    [Fact]
    public async Task A_read_that_takes_long_is_refused_and_one_at_leisure_is_waited_for()
    {
        await using var postgres = await PostgresServer.StartAsync(Stop);
        using var database = await OpenAsync(postgres, patience: 1);
        const string Slow = "SELECT 7::bigint FROM pg_sleep(2)";

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await database.ReadAsync(session => session.Number(Slow, 0))
        );
        Assert.Equal(7, await database.ReadAtLeisureAsync(session => session.Number(Slow, 0)));
        Assert.Equal(8, await database.ReadAsync(session => session.Number("SELECT 8::bigint", 0)));
    }

    [Fact]
    public async Task Writes_are_refused_within_their_patience_and_go_on_when_it_goes_on()
    {
        await using var postgres = await PostgresServer.StartAsync(Stop);
        using var database = await OpenAsync(postgres, patience: 1);
        var graph = new SqlGraphStore(database);
        await graph.FollowAsync(Ana, new AccountId(2), Stop);
        await postgres.StopAsync();

        // One that the database has; one that waits behind it; one that comes when it has stood still for as long as anybody waits.
        var (taken, waiting) = (RefusedAsync(graph, 3), RefusedAsync(graph, 4));
        var times = new[] { await taken, await waiting, await RefusedAsync(graph, 5) };

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"refused after {string.Join(", ", times.Select(time => $"{time.TotalSeconds:F2}"))} s"
        );
        Assert.All(times, time => Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(3)));
        Assert.NotNull(database.Writes.Problem);
        await postgres.ContinueAsync();
        await Wait.UntilAsync(
            async () => await SucceedsAsync(graph),
            () => "writes are taken again",
            Stop
        );
        Assert.Null(database.Writes.Problem);
    }

    [Fact]
    public async Task A_commit_that_nobody_answered_is_told_of_once_where_it_stands_and_nothing_is_forgotten()
    {
        await using var postgres = await PostgresServer.StartAsync(
            Stop,
            new PostgresSetup { Settings = ["synchronous_commit=on"] }
        );
        using var database = await OpenAsync(postgres, patience: 60);
        var seen = new RecordingObserver();
        database.Writes.Observe(seen);
        var graph = new SqlGraphStore(database);
        await graph.FollowAsync(Ana, new AccountId(2), Stop);

        // It is on the disk, and its answer waits for a standby that there is not, until the connection is cut.
        await AwaitStandbyAsync(postgres, "nobody");
        await UntilCommitsWaitAsync(postgres);
        var unanswered = Assert.ThrowsAsync<StoreUnavailableException>(() =>
            graph.FollowAsync(new AccountId(7), new AccountId(2), Stop)
        );
        await Wait.UntilAsync(
            async () =>
            {
                await postgres.RunAsync(
                    postgres.ConnectionString("postgres"),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                    Stop
                );
                return unanswered.IsCompleted;
            },
            () => "the connection is cut",
            Stop
        );
        await unanswered;
        await AwaitStandbyAsync(postgres, "");
        await Wait.UntilAsync(
            async () => await SucceedsAsync(graph),
            () => "writes are taken again",
            Stop
        );

        Assert.Equal([Ana.Value, 7, Ana.Value], seen.Groups.SelectMany(group => group));
        Assert.Equal(0, seen.Forgotten);
    }

    private static async Task AwaitStandbyAsync(PostgresServer postgres, string name)
    {
        var anywhere = postgres.ConnectionString("postgres");
        await postgres.RunAsync(
            anywhere,
            $"ALTER SYSTEM SET synchronous_standby_names = '{name}'",
            Stop
        );
        await postgres.RunAsync(anywhere, "SELECT pg_reload_conf()", Stop);
    }

    /// <summary>It reads its settings again when it comes to that, and commits that go before do not wait.</summary>
    private static async Task UntilCommitsWaitAsync(PostgresServer postgres)
    {
        const string Commit = "SELECT pg_logical_emit_message(true, 'test', 'a commit')";
        const string Release = """
            DO $$ BEGIN
                PERFORM pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep';
                IF NOT FOUND THEN RAISE EXCEPTION 'no commit waits'; END IF;
            END $$
            """;
        var anywhere = postgres.ConnectionString("postgres");
        var commit = Task.CompletedTask;
        await Wait.UntilAsync(
            async () =>
            {
                if (commit.IsCompleted)
                {
                    await commit;
                    commit = postgres.RunAsync(anywhere, Commit, Stop);
                }

                try
                {
                    await postgres.RunAsync(anywhere, Release, Stop);
                    return true;
                }
                catch (PostgresException)
                {
                    return false;
                }
            },
            () => "commits wait for a standby",
            Stop
        );
        await commit;
    }

    private static async Task<SqlDatabase> OpenAsync(PostgresServer postgres, int patience) =>
        SqlDatabase.Open(
            "",
            new SqlOptions
            {
                Default = await postgres.CreateDatabaseAsync(Stop),
                PatienceSeconds = patience,
                Readers = 2,
            },
            TestDatabase.Events,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );

    private static async Task<TimeSpan> UnreadAsync(SqlGraphStore graph)
    {
        var since = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await graph.CountFolloweesAsync(Ana, Stop)
        );
        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<bool> ReadsAsync(SqlGraphStore graph)
    {
        try
        {
            return await graph.CountFolloweesAsync(Ana, Stop) == 1;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static async Task<TimeSpan> RefusedAsync(SqlGraphStore graph, long followee)
    {
        var since = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            graph.FollowAsync(Ana, new AccountId(followee), Stop)
        );
        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<bool> SucceedsAsync(SqlGraphStore graph)
    {
        try
        {
            await graph.FollowAsync(Ana, new AccountId(6), Stop);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
