using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests;

/// <summary>A database of its own on the PostgreSQL that all tests share.</summary>
internal sealed class PostgresDatabase(string connection, TimeProvider? time) : TestDatabase(time)
{
    // A clock that a test moves says nothing of the server's.
    private const int AnyClock = 1_000_000_000;

    /// <summary>Whoever constructs a test cannot await.</summary>
    public static PostgresDatabase Create(TimeProvider? time = null) =>
        new(CreateAsync().GetAwaiter().GetResult(), time);

    /// <summary>The same database, as another process opens it.</summary>
    public PostgresDatabase Another() => new(connection, Time);

    protected override (string Path, SqlOptions Options) Where() =>
        (
            "",
            new SqlOptions
            {
                Default = connection,
                Readers = 2,
                ClockToleranceSeconds = AnyClock,
            }
        );

    private static async Task<string> CreateAsync()
    {
        var servers =
            await TestContext.Current.GetFixture<SharedServers>()
            ?? throw new InvalidOperationException("The assembly has no servers.");
        var postgres = await servers.PostgresAsync();
        return await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
    }
}
