using System.Diagnostics;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Rookery.TestKit.Servers;

/// <summary>One RabbitMQ node, alone or of a cluster.</summary>
internal sealed class RabbitMqServer : RealServer
{
    private static readonly ServerUser RabbitMq = new(
        "rabbitmq-server",
        "rabbitmq",
        "/usr/lib/rabbitmq/bin"
    );

    /// <summary>Nodes of one cluster must know the same, and nobody else's do.</summary>
    private const string Cookie = "rookerytests";

    private readonly int _distribution = FreePort.Take();
    private readonly int _tlsPort = FreePort.Take();
    private readonly ErlangNames _names;
    private readonly bool _isAlone;
    private readonly bool _hasTls;

    private RabbitMqServer(ServerFolder folder, ErlangNames? names, bool hasTls = false)
        : base(RabbitMq, folder)
    {
        _isAlone = names is null;
        _hasTls = hasTls;
        _names = names ?? new ErlangNames(RabbitMq, Folder);
    }

    public string NodeName => $"rookery{Port}@localhost";

    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{Port}/");

    /// <summary>Of one with TLS, which listens on all of the loopback's addresses; the certificate is for 127.0.0.1.</summary>
    public Uri TlsUri(string host = "127.0.0.1") => new($"amqps://guest:guest@{host}:{_tlsPort}/");

    /// <summary>What a client of a server with TLS must trust.</summary>
    public string CertificateFile => Under("certificate.pem");

    public static Task<RabbitMqServer> StartAsync(CancellationToken stop) =>
        StartAsync(hasTls: false, stop);

    public static async Task<RabbitMqServer> StartAsync(bool hasTls, CancellationToken stop)
    {
        var server = new RabbitMqServer(await RabbitMq.NewFolderAsync(stop), null, hasTls);
        await server.ConfigureAsync([], stop);
        await Started.Async(server, stop);
        return server;
    }

    /// <summary>Nodes that form a cluster when they are started.</summary>
    public static async Task<List<RabbitMqServer>> PrepareAsync(
        int count,
        ErlangNames names,
        CancellationToken stop
    )
    {
        var nodes = new List<RabbitMqServer>();
        for (var number = 0; number < count; number++)
        {
            nodes.Add(new RabbitMqServer(await RabbitMq.NewFolderAsync(stop), names));
        }

        foreach (var node in nodes)
        {
            await node.ConfigureAsync(nodes, stop);
        }

        return nodes;
    }

    /// <summary>A directory of node names for a cluster, in a folder of its own.</summary>
    public static async Task<ErlangNames> NewNamesAsync(CancellationToken stop) =>
        new(RabbitMq, await RabbitMq.NewFolderAsync(stop));

    /// <summary>Runs rabbitmqctl, which takes two seconds; answers what it printed.</summary>
    public Task<string> ControlAsync(CancellationToken stop, params string[] arguments) =>
        ServerUser.RunAsync(
            InEnvironment(
                User.Start(Folder, "rabbitmqctl", ["-q", "--erlang-cookie", Cookie, .. arguments])
            ),
            stop
        );

    /// <summary>Kills it and starts it with nothing: queues and messages are lost.</summary>
    public async Task RestartEmptyAsync(CancellationToken stop)
    {
        await KillAsync();
        Directory.Delete(Path.Combine(Folder, "mnesia"), recursive: true);
        await BeginAsync(stop);
    }

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            using (var client = new TcpClient())
            {
                // The cheap question first: a client's refusal costs an exception through ten layers.
                await client.ConnectAsync("127.0.0.1", Port, stop);
            }

            var factory = new ConnectionFactory { Uri = Uri, AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(stop);
            return connection.IsOpen;
        }
        catch (Exception fault) when (fault is SocketException or BrokerUnreachableException)
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_isAlone)
        {
            await _names.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>Without -noinput it would want a terminal; with input "allowed" the shell gives its place to the node, whose id is then ours.</summary>
    protected override ProcessStartInfo Command() =>
        InEnvironment(
            User.Start(
                Folder,
                "sh",
                [
                    "-c",
                    "ulimit -Sn 16384; exec \"$0\" -noinput",
                    "/usr/lib/rabbitmq/bin/rabbitmq-server",
                ]
            )
        );

    private ProcessStartInfo InEnvironment(ProcessStartInfo start)
    {
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["ERL_EPMD_PORT"] = $"{_names.Port}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_ALLOW_INPUT"] = "1",
                ["RABBITMQ_CONF_ENV_FILE"] = Under("no-such-file"),
                ["RABBITMQ_CONFIG_FILE"] = Under("rabbitmq"),
                ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Under("plugins"),
                ["RABBITMQ_GENERATED_CONFIG_DIR"] = Under("generated"),
                ["RABBITMQ_LOG_BASE"] = Under("log"),
                ["RABBITMQ_MNESIA_BASE"] = Under("mnesia"),
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODE_PORT"] = $"{Port}",
                ["RABBITMQ_NODENAME"] = NodeName,
                ["RABBITMQ_PID_FILE"] = Under("pid"),
                ["RABBITMQ_SCHEMA_DIR"] = Under("schema"),
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                    $"-setcookie {Cookie} -start_epmd false -kernel inet_dist_use_interface {{127,0,0,1}}",
            }
        )
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task ConfigureAsync(IReadOnlyList<RabbitMqServer> cluster, CancellationToken stop)
    {
        var peers = cluster.Select(
            (node, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {node.NodeName}"
        );
        if (_hasTls)
        {
            await SelfSigned.WriteAsync(CertificateFile, Under("key.pem"), stop);
        }

        await ServerUser.WriteAsync(Under("plugins"), "[].", stop);
        await ServerUser.WriteAsync(
            Under("rabbitmq.conf"),
            $"""
            listeners.tcp.default = 127.0.0.1:{Port}
            log.console = true
            log.console.level = warning
            log.file.level = info
            vm_memory_high_watermark.absolute = 512MB
            disk_free_limit.absolute = 50MB
            cluster_partition_handling = pause_minority
            {string.Join('\n', peers)}
            {string.Join('\n', _hasTls ? Tls() : [])}

            """,
            stop
        );
    }

    private string[] Tls() =>
        [
            $"listeners.ssl.one = 127.0.0.1:{_tlsPort}",
            $"listeners.ssl.other = 127.0.0.2:{_tlsPort}",
            $"ssl_options.cacertfile = {CertificateFile}",
            $"ssl_options.certfile = {CertificateFile}",
            $"ssl_options.keyfile = {Under("key.pem")}",
            "ssl_options.verify = verify_none",
            "ssl_options.fail_if_no_peer_cert = false",
        ];

    private string Under(string name) => Path.Combine(Folder, name);
}
