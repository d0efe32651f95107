using System.Net;
using System.Net.Sockets;
using Rookery.Server.Commands;
using Rookery.Server.Composition;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Commands;

/// <summary>What stands in the way of a start is said in one line; the program ends with 1, and nothing stays open.</summary>
public sealed class FailedStartTests : IDisposable
{
    private const string FreePort = "http://127.0.0.1:0";

    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task A_file_is_no_data_folder()
    {
        var file = _folder.Write("file", "text");

        SaysOnly(await ServeAsync(file), $"The data folder {file} cannot be used");
        SaysOnly(await VerifyAsync(file), "There is no folder");
    }

    [Fact]
    public async Task A_folder_that_nobody_may_write_is_no_data_folder()
    {
        // Root may write everywhere but where the kernel alone does.
        var answer = await ServeAsync("/proc/rookery");

        SaysOnly(answer, "The data folder /proc/rookery cannot be used", "--data");
    }

    [Fact]
    public async Task A_damaged_database_is_named()
    {
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Data, "rookery.db"),
            new string('x', 8192),
            TestContext.Current.CancellationToken
        );

        SaysOnly(await ServeAsync(_folder.Data), "rookery.db cannot be opened", "backup");
        SaysOnly(await VerifyAsync(_folder.Data), "rookery.db cannot be opened", "backup");
    }

    [Fact]
    public async Task A_folder_in_the_databases_place_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Data, "rookery.db"));

        SaysOnly(await ServeAsync(_folder.Data), "rookery.db cannot be opened");
    }

    [Fact]
    public async Task A_folder_that_served_PostgreSQL_is_not_served_from_an_empty_file()
    {
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Data, "served.postgresql"),
            "Databases:Default: PostgreSQL 15.1, db1:5432/people\n",
            TestContext.Current.CancellationToken
        );
        var misspelt = new Dictionary<string, string> { ["Database__Default"] = "Host=db1" };

        foreach (var command in (string[][])[Serve(_folder.Data, FreePort), Accounts(_folder.Data)])
        {
            SaysOnly(
                await CommandProcess.RunInAsync(misspelt, command),
                "Databases:Default",
                "Databases__Default",
                "db1:5432/people",
                "served.postgresql"
            );
        }

        Assert.False(File.Exists(Path.Combine(_folder.Data, "rookery.db")));
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_left_alone()
    {
        await _folder.RunAsync("import", "graph", _folder.Write("graph", "1 2\n"));
        _folder.Sql("INSERT INTO schema_migrations (name) VALUES ('posts.9999')");

        SaysOnly(await ServeAsync(_folder.Data), "later version", "posts.9999");
        SaysOnly(await VerifyAsync(_folder.Data), "later version", "posts.9999");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var other = Taken(out var address);

        SaysOnly(await ServeAsync(_folder.Data, address), address, "already in use", "--urls");
    }

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("http://127.0.0.1:99999", "99999")]
    [InlineData("http://192.0.2.1:8080", "http://192.0.2.1:8080 cannot be listened on")]
    [InlineData("https://127.0.0.1:0", "https://127.0.0.1:0 is no address")]
    [InlineData("http://127.0.0.1:0/path", "/path is no address")]
    public async Task An_address_that_cannot_be_served_is_named(string address, string said) =>
        SaysOnly(await ServeAsync(_folder.Data, address), said);

    [Theory]
    [InlineData("Delivery__BatchSize", "0", "BatchSize")]
    [InlineData("Delivery__BatchSize", "many", "Delivery:BatchSize")]
    [InlineData("Databases__GroupSize", "0", "GroupSize")]
    [InlineData("Databases__GroupSize", "many", "Databases:GroupSize")]
    [InlineData("Databases__Readers", "0", "Databases:Readers is 0; it must be from 1 to 1000")]
    [InlineData(
        "Databases__Default",
        "postgres://ana:secret@db1:5433/people",
        "The setting Databases:Default is a URL",
        "like Host=db1;Port=5433;Database=people;Username=ana;Password=…"
    )]
    [InlineData(
        "Databases__Default",
        "Host=db1;Hots=db2",
        "The setting Databases:Default is no connection string",
        "hots"
    )]
    [InlineData(
        "Databases__Default",
        "Host=db1;Port=1;port = 2",
        "The setting Databases:Default says Port 2 times"
    )]
    [InlineData(
        "Databases__Default",
        "Database=d;Username=u",
        "The setting Databases:Default names no Host"
    )]
    [InlineData(
        "Databases__Default",
        "Host=db1:1;Port=2",
        "The setting Databases:Default names two ports: Host says 1 and Port says 2"
    )]
    [InlineData(
        "Databases__Default",
        "Host=127.0.0.1:1;Database=d;Username=u",
        "PostgreSQL at 127.0.0.1:1, database d (Databases:Default)",
        "refused"
    )]
    [InlineData(
        "Redis__Nodes",
        "redis://ana:secret@127.0.0.1:6379",
        "Redis:Nodes: it names nodes as host:port",
        "'redis://…'",
        "Redis:Password"
    )]
    [InlineData(
        "Memcached__Nodes",
        "memcached://127.0.0.1:11211",
        "Memcached:Nodes: 'memcached://127.0.0.1:11211' is not host:port"
    )]
    [InlineData("RabbitMq__Prefetch", "0", "RabbitMq:Prefetch is 0; it must be from 1 to 1000")]
    [InlineData("S3__Bucket", "Not_a_bucket", "S3:Bucket is \"Not_a_bucket\"; it must be like")]
    [InlineData("Search__SnapshotMinutes", "-1", "SnapshotMinutes")]
    [InlineData("RabbitMq__Uri", "nonsense", "RabbitMq:Uri")]
    [InlineData("RabbitMq__Uri", "http://127.0.0.1:5672", "RabbitMq:Uri")]
    [InlineData("RabbitMq__Prefix", "Not this", "Prefix")]
    [InlineData("RabbitMq__TlsAuthorities", "/no/such", "RabbitMq:TlsAuthorities: '/no/such'")]
    [InlineData("Redis__LimitPatienceMilliseconds", "0", "LimitPatienceMilliseconds")]
    [InlineData("Redis__Nodes", "nonsense", "Redis:Nodes: 'nonsense' is not host:port")]
    [InlineData("Redis__Nodes", "127.0.0.1:1", "Redis:Nodes (127.0.0.1:1)")]
    [InlineData("Redis__Password", "secret", "Redis:Nodes: empty")]
    [InlineData("Redis__TlsAuthorities", "/no/such", "Redis:TlsAuthorities: there is no file")]
    [InlineData("Redis__Tls", "maybe", "Redis:Tls")]
    [InlineData("Memcached__Nodes", "nonsense", "Memcached:Nodes: 'nonsense' is not host:port")]
    [InlineData(
        "Memcached__Nodes",
        "127.0.0.1:1",
        "Memcached:Nodes: memcached is for servers that"
    )]
    [InlineData("Memcached__PatienceMilliseconds", "0", "PatienceMilliseconds")]
    public async Task A_setting_that_is_not_right_is_named(
        string name,
        string value,
        params string[] said
    )
    {
        var environment = new Dictionary<string, string> { [name] = value };

        var served = await CommandProcess.RunInAsync(environment, Serve(_folder.Data, FreePort));
        SaysOnly(served, said);
        Assert.DoesNotContain("secret", served.Error, StringComparison.Ordinal);
        SaysOnly(
            await CommandProcess.RunInAsync(environment, "verify", "--data", _folder.Data),
            said
        );
    }

    [Theory]
    [InlineData(
        "a key of two\nlines, and long",
        "Service:Key has a line break as its character 13 of 28"
    )]
    [InlineData(
        "a key that is française",
        "Service:Key has one that is not ASCII as its character 19"
    )]
    [InlineData(" a key behind a space", "Service:Key begins or ends with a space")]
    [InlineData("short", "Service:Key has 5 characters")]
    public async Task A_key_that_cannot_be_sent_is_named(string key, string said)
    {
        var environment = new Dictionary<string, string> { ["Service__Key"] = key };

        var answer = await CommandProcess.RunInAsync(environment, Serve(_folder.Data, FreePort));

        SaysOnly(answer, said);
        Assert.DoesNotContain(key, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_of_another_server_is_not_taken_for_that_of_PostgreSQL()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var redis = await RedisServer.StartAsync(stop, new RedisSetup("right"));
        var environment = new Dictionary<string, string>
        {
            ["Databases__Default"] =
                $"Host=127.0.0.1;Port={redis.Port};Database=d;Username=u;Timeout=1",
        };

        var answer = await CommandProcess.RunInAsync(environment, Serve(_folder.Data, FreePort));

        SaysOnly(
            answer,
            $"PostgreSQL at 127.0.0.1:{redis.Port}, database d (Databases:Default) cannot be used",
            "is that the host and port of PostgreSQL?"
        );
    }

    [Theory]
    [InlineData("Logs__Syslog", "nonsense", "Logs:Syslog must be like tcp://")]
    [InlineData("Logs__Syslog", "tcp://127.0.0.1", "Logs:Syslog must be like tcp://")]
    [InlineData("Logs__Syslog", "tcp://127.0.0.1:6514/logs", "Logs:Syslog must be like tcp://")]
    [InlineData("Logs__Otlp", "127.0.0.1:4318", "Logs:Otlp must be like http://")]
    [InlineData("Logs__Otlp", "http://u:longpassword@host:4318", "Logs:Otlp must be like http://")]
    [InlineData("Logs__Instance", "two words", "Instance")]
    [InlineData("Logs__QueueLength", "1", "QueueLength")]
    [InlineData("Logs__LineBytes", "many", "Logs:LineBytes")]
    public async Task A_setting_of_logs_that_is_not_right_is_named(
        string name,
        string value,
        string said
    )
    {
        var environment = new Dictionary<string, string>
        {
            ["Logs__Syslog"] = "tcp://127.0.0.1:1",
            [name] = value,
        };

        var answer = await CommandProcess.RunInAsync(environment, Serve(_folder.Data, FreePort));

        SaysOnly(answer, said);
        Assert.DoesNotContain("longpassword", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_asks_for_another_password_is_named()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var redis = await RedisServer.StartAsync(stop, new RedisSetup("right"));
        var environment = new Dictionary<string, string>
        {
            ["Redis__Nodes"] = $"127.0.0.1:{redis.Port}",
            ["Redis__Password"] = "wrong",
        };

        var answer = await CommandProcess.RunInAsync(environment, Serve(_folder.Data, FreePort));

        SaysOnly(answer, $"Redis:Nodes (127.0.0.1:{redis.Port})", "Redis:Password", "WRONGPASS");
        Assert.DoesNotContain(
            "wrong",
            answer.Error.Replace("WRONGPASS", ""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task After_a_failed_start_nothing_is_open()
    {
        using (Taken(out var address))
        {
            var failed = await RookeryServer.StartAsync(
                new ServeSettings(_folder.Data, address),
                TestContext.Current.CancellationToken
            );
            Assert.False(failed.Succeeded);
        }

        Assert.False(File.Exists(DataFolder.ControlSocket(_folder.Data)));
        // SQLite removes its log where the last connection was closed.
        Assert.False(File.Exists(Path.Combine(_folder.Data, "rookery.db-wal")));
        await using var server = await ServerInProcess.StartAsync(
            _folder.Data,
            World.FastSettings,
            TestContext.Current.CancellationToken
        );
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Serve(string data, string address) =>
        ["serve", "--data", data, "--urls", address];

    private static string[] Accounts(string data) => ["admin", "list-accounts", "--data", data];

    private static Task<CommandAnswer> ServeAsync(string data, string address = FreePort) =>
        CommandProcess.RunAsync(Serve(data, address));

    private static Task<CommandAnswer> VerifyAsync(string data) =>
        CommandProcess.RunAsync("verify", "--data", data);

    private static TcpListener Taken(out string address)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = $"http://{listener.LocalEndpoint}";
        return listener;
    }

    private static void SaysOnly(CommandAnswer answer, params string[] parts)
    {
        Assert.True(answer.Exit == 1, answer.ToString());
        Assert.Equal("", answer.Output);
        Assert.Matches("^rookery: [^\n]+\n$", answer.Error);
        Assert.All(
            parts,
            part => Assert.Contains(part, answer.Error, StringComparison.OrdinalIgnoreCase)
        );
    }
}
