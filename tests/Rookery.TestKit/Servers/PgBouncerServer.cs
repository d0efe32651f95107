using System.Diagnostics;
using Npgsql;

namespace Rookery.TestKit.Servers;

/// <summary>One PgBouncer in front of a PostgreSQL, which gives a connection for each transaction.</summary>
internal sealed class PgBouncerServer : RealServer
{
    private static readonly ServerUser Postgres = new("pgbouncer", "postgres", "/usr/sbin");

    private PgBouncerServer(ServerFolder folder)
        : base(Postgres, folder) { }

    private string Settings => Path.Combine(Folder, "pgbouncer.ini");

    /// <param name="connections">To each database, at most.</param>
    public static async Task<PgBouncerServer> StartAsync(
        PostgresServer postgres,
        int connections,
        CancellationToken stop
    )
    {
        var server = new PgBouncerServer(await Postgres.NewFolderAsync(stop));
        await ServerUser.WriteAsync(
            server.Settings,
            $"""
            [databases]
            * = host=127.0.0.1 port={postgres.Port} user={PostgresServer.SuperUser}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {server.Port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            max_client_conn = 1000
            default_pool_size = {connections}
            ignore_startup_parameters = extra_float_digits
            """,
            stop
        );
        await Started.Async(server, stop);
        return server;
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = PostgresServer.SuperUser,
            Database = database,
        }.ConnectionString;

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                $"{ConnectionString("postgres")};Pooling=false;Timeout=5"
            );
            await connection.OpenAsync(stop);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteNonQueryAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    protected override ProcessStartInfo Command() => User.Start(Folder, "pgbouncer", [Settings]);
}
