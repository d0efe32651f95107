using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <param name="Password">Asked of every client.</param>
/// <param name="Tls">Then it takes encrypted connections alone, with a certificate in <see cref="RedisServer.CertificateFile"/>.</param>
internal sealed record RedisSetup(string? Password = null, bool Tls = false)
{
    /// <summary>Of its command line, like <c>--maxmemory 64mb</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>One Redis, without persistence.</summary>
internal sealed class RedisServer : RealServer
{
    private static readonly ServerUser Redis = new("redis-server", "redis");

    private readonly RedisSetup _setup;

    private RedisServer(ServerFolder folder, RedisSetup setup)
        : base(Redis, folder) => _setup = setup;

    public string? Password => _setup.Password;

    /// <summary>What a client of a server with TLS must trust.</summary>
    public string CertificateFile => Path.Combine(Folder, "certificate.pem");

    private string KeyFile => Path.Combine(Folder, "key.pem");

    public static async Task<RedisServer> StartAsync(
        CancellationToken stop,
        RedisSetup? setup = null
    )
    {
        var server = new RedisServer(await Redis.NewFolderAsync(stop), setup ?? new RedisSetup());
        if (server._setup.Tls)
        {
            await SelfSigned.WriteAsync(server.CertificateFile, server.KeyFile, stop);
        }

        await Started.Async(server, stop);
        return server;
    }

    /// <summary>Asks it through redis-cli; answers its output, without the last line's end.</summary>
    public async Task<string> AskAsync(CancellationToken stop, params string[] command) =>
        (await Redis.RunAsync(Folder, "redis-cli", [.. Client(), .. command], stop)).TrimEnd('\n');

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            return await AskAsync(stop, "ping") == "PONG";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The replication without delay: a replica that is not linked yet is never elected.</summary>
    protected override ProcessStartInfo Command() =>
        User.Start(
            Folder,
            "redis-server",
            [
                .. Listen(),
                .. "--bind 127.0.0.1 --appendonly no --protected-mode no --repl-diskless-sync-delay 0".Split(
                    ' '
                ),
                "--save",
                "",
                "--dir",
                Folder,
                .. Password is null
                    ? []
                    : new[] { "--requirepass", Password, "--masterauth", Password },
                .. _setup.Arguments,
            ]
        );

    private IEnumerable<string> Listen() =>
        _setup.Tls
            ?
            [
                "--port",
                "0",
                "--tls-port",
                $"{Port}",
                "--tls-cert-file",
                CertificateFile,
                "--tls-key-file",
                KeyFile,
                "--tls-ca-cert-file",
                CertificateFile,
                "--tls-auth-clients",
                "no",
            ]
            : ["--port", $"{Port}"];

    private IEnumerable<string> Client() =>
        [
            "-h",
            "127.0.0.1",
            "-p",
            $"{Port}",
            .. Password is null ? [] : new[] { "--no-auth-warning", "-a", Password },
            .. _setup.Tls ? new[] { "--tls", "--cacert", CertificateFile } : [],
        ];
}
