using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests;

/// <summary>A database of its own on the PostgreSQL that all tests share.</summary>
internal sealed class PostgresDatabase(string connection, TimeProvider? time, string listener = "")
    : TestDatabase(time)
{
    // A clock that a test moves says nothing of the server's.
    private const int AnyClock = 1_000_000_000;

    /// <summary>Whoever constructs a test cannot await.</summary>
    public static PostgresDatabase Create(TimeProvider? time = null) =>
        new(CreateAsync().GetAwaiter().GetResult(), time);

    /// <summary>The same through a pooler that gives a connection for each transaction.</summary>
    public static PostgresDatabase CreatePooled(TimeProvider? time = null)
    {
        var direct = CreateAsync().GetAwaiter().GetResult();
        return new(PoolerOfAsync(direct).GetAwaiter().GetResult(), time, direct);
    }

    /// <summary>The same database, as another process opens it.</summary>
    public PostgresDatabase Another() => new(connection, Time, listener);

    protected override (string Path, SqlOptions Options) Where() =>
        (
            "",
            new SqlOptions
            {
                Default = connection,
                Listener = listener,
                Readers = 2,
                ClockToleranceSeconds = AnyClock,
            }
        );

    private static async Task<string> PoolerOfAsync(string direct)
    {
        var pooler = await (await ServersAsync()).PgBouncerAsync();
        return pooler.ConnectionString(new NpgsqlConnectionStringBuilder(direct).Database!);
    }

    private static async Task<SharedServers> ServersAsync() =>
        await TestContext.Current.GetFixture<SharedServers>()
        ?? throw new InvalidOperationException("The assembly has no servers.");

    private static async Task<string> CreateAsync()
    {
        var postgres = await (await ServersAsync()).PostgresAsync();
        return await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
    }
}
