using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Adapters.Sql;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>The end of a process whose reads the database owes.</summary>
public sealed class ReaderThreadsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closing_waits_no_longer_than_anybody_for_a_read_that_is_not_answered()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var options = new SqlOptions
        {
            Default = await (await servers.PostgresAsync()).CreateDatabaseAsync(Stop),
            Readers = 1,
            PatienceSeconds = 1,
        };
        using var engine = new PostgresEngine(
            SqlPlace.OfAll("", options),
            options,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        var readers = new ReaderThreads(engine, options, () => false, NullLogger.Instance);
        var begun = new TaskCompletionSource();
        var owed = readers.RunAsync(
            session =>
            {
                begun.SetResult();
                return session.Many("SELECT pg_sleep(20)", _ => 0).Count;
            },
            atLeisure: true
        );
        var behind = readers.RunAsync(_ => 0, atLeisure: true);
        await begun.Task.WaitAsync(Stop);

        var closing = Task.Run(readers.Dispose, Stop);
        await closing.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => owed);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => behind);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => readers.RunAsync(_ => 0));
    }
}
