using Npgsql;
using Rookery.TestKit.Servers;

namespace Rookery.Load;

/// <summary>The PostgreSQL that a load runs on: one that is named, or one that is started from Debian's packages and writes to the disk as a real one does.</summary>
internal sealed class LoadDatabase : IAsyncDisposable
{
    private readonly PostgresServer? _server;

    private LoadDatabase(PostgresServer? server, string connection) =>
        (_server, Connection) = (server, connection);

    public string Connection { get; }

    /// <param name="connection">Null: one is started.</param>
    public static async Task<LoadDatabase> OpenAsync(string? connection)
    {
        if (connection is not null)
        {
            return new LoadDatabase(null, connection);
        }

        var server = await PostgresServer.StartAsync(
            CancellationToken.None,
            new PostgresSetup(Fsync: true)
        );
        return new LoadDatabase(server, await server.CreateDatabaseAsync(CancellationToken.None));
    }

    /// <summary>Of the programs that use it.</summary>
    public async Task<long> CountConnectionsAsync()
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rookery'",
            connection
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
