using System.Diagnostics;
using Npgsql;

namespace Rookery.TestKit.Servers;

/// <summary>How a PostgreSQL is started.</summary>
/// <param name="Fsync">Off is faster, and what a crash of the machine would lose, a SIGKILL of the server does not.</param>
internal sealed record PostgresSetup(bool Fsync = false)
{
    /// <summary>Of its configuration, like <c>max_connections=20</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}

/// <summary>One PostgreSQL, which everybody on the machine may enter as <see cref="SuperUser"/>.</summary>
internal sealed class PostgresServer : RealServer
{
    public const string SuperUser = "app";

    private static readonly ServerUser Postgres = new("postgresql-15", "postgres", Binaries());
    private static readonly Lazy<Task<ServerFolder>> Template = new(MakeTemplateAsync);
    private static int _databases;

    private readonly PostgresSetup _setup;

    private PostgresServer(ServerFolder folder, PostgresSetup setup)
        : base(Postgres, folder) => _setup = setup;

    private string Cluster => Path.Combine(Folder, "cluster");

    public static async Task<PostgresServer> StartAsync(
        CancellationToken stop,
        PostgresSetup? setup = null
    )
    {
        var template = await Template.Value.WaitAsync(stop);
        var server = new PostgresServer(
            await Postgres.NewFolderAsync(stop),
            setup ?? new PostgresSetup()
        );
        await Postgres.RunAsync(
            server.Folder,
            "cp",
            ["-a", template.Under("cluster"), server.Cluster],
            stop
        );
        await Started.Async(server, stop);
        return server;
    }

    /// <summary>Another server that follows this one's log and answers reads; asynchronous, as long as nobody names it in synchronous_standby_names.</summary>
    public async Task<PostgresServer> StartReplicaAsync(CancellationToken stop)
    {
        var replica = new PostgresServer(await Postgres.NewFolderAsync(stop), _setup);
        var slot = $"replica_{replica.Port}";
        await Postgres.RunAsync(
            replica.Folder,
            "pg_basebackup",
            [
                .. $"-h 127.0.0.1 -p {Port} -U {SuperUser} -R -X stream -c fast -C -S {slot} -D".Split(
                    ' '
                ),
                replica.Cluster,
            ],
            stop
        );
        await Started.Async(replica, stop);
        return replica;
    }

    /// <summary>Makes a replica take writes. Whoever does that sees to it that its primary takes none any more.</summary>
    public Task PromoteAsync(CancellationToken stop) =>
        Postgres.RunAsync(Folder, "pg_ctl", ["-D", Cluster, "-w", "promote"], stop);

    /// <summary>An empty database that nobody else has; answers how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken stop)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}", stop);
        return ConnectionString(name);
    }

    /// <summary>One that holds what another does, to which nobody is connected.</summary>
    public async Task<string> CopyDatabaseAsync(string connection, CancellationToken stop)
    {
        var (name, template) = (
            $"test_{Interlocked.Increment(ref _databases)}",
            new NpgsqlConnectionStringBuilder(connection).Database
        );
        // Connections that are kept for the next use count as some.
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {template}", stop);
        return ConnectionString(name);
    }

    /// <summary>Runs a script as the superuser; the database is one of <see cref="CreateDatabaseAsync"/>.</summary>
    public Task RunAsync(string connection, string script, CancellationToken stop) =>
        ExecuteAsync(new NpgsqlConnectionStringBuilder(connection).Database!, script, stop);

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = SuperUser,
            Database = database,
        }.ConnectionString;

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1", stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>In the foreground: what it logs is its output.</summary>
    protected override ProcessStartInfo Command()
    {
        string[] settings =
        [
            $"port={Port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={Folder}",
            $"fsync={(_setup.Fsync ? "on" : "off")}",
            "shared_buffers=64MB",
            "wal_log_hints=on",
            "max_prepared_transactions=50",
            // Every process takes some of each of its databases.
            "max_connections=300",
            .. _setup.Settings,
        ];
        return User.Start(
            Folder,
            "postgres",
            ["-D", Cluster, .. settings.SelectMany(setting => new[] { "-c", setting })]
        );
    }

    /// <summary>On a connection of its own: one from a pool may be to a server that was killed.</summary>
    private async Task ExecuteAsync(string database, string sql, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(
            $"{ConnectionString(database)};Pooling=false;Timeout=5"
        );
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>A second of work, and the same for all: each server begins with a copy.</summary>
    private static async Task<ServerFolder> MakeTemplateAsync()
    {
        var folder = await Postgres.NewFolderAsync(CancellationToken.None);
        await Postgres.RunAsync(
            folder.Path,
            "initdb",
            [
                .. $"-U {SuperUser} -A trust -E UTF8 --locale=C.UTF-8 --no-sync -D".Split(' '),
                folder.Under("cluster"),
            ],
            CancellationToken.None
        );
        return folder;
    }

    /// <summary>Debian keeps them off the path, one folder for each version.</summary>
    private static string? Binaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
                .Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;
}
