using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
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
    public async Task Writes_are_refused_within_their_patience_and_go_on_when_it_goes_on()
    {
        await using var postgres = await PostgresServer.StartAsync(Stop);
        var options = new SqlOptions
        {
            Default = await postgres.CreateDatabaseAsync(Stop),
            PatienceSeconds = 1,
        };
        using var database = SqlDatabase.Open(
            "",
            options,
            TestDatabase.Events,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
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
