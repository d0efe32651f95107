using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Rookery.TestKit.Servers;

/// <summary>One memcached.</summary>
internal sealed class MemcachedServer : RealServer
{
    private static readonly ServerUser Memcache = new("memcached", "memcache");

    private readonly string[] _arguments;

    private MemcachedServer(ServerFolder folder, string[] arguments)
        : base(Memcache, folder) => _arguments = arguments;

    /// <param name="arguments">Of its command line, like <c>-m 64</c>.</param>
    public static async Task<MemcachedServer> StartAsync(
        CancellationToken stop,
        params string[] arguments
    )
    {
        var server = new MemcachedServer(await Memcache.NewFolderAsync(stop), arguments);
        await Started.Async(server, stop);
        return server;
    }

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, stop);
            await client.GetStream().WriteAsync("version\r\n"u8.ToArray(), stop);
            var answer = new byte[64];
            var length = await client.GetStream().ReadAsync(answer, stop);
            return Encoding
                .ASCII.GetString(answer, 0, length)
                .StartsWith("VERSION ", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    // -U 0: no UDP.
    protected override ProcessStartInfo Command() =>
        User.Start(
            Folder,
            "memcached",
            ["-l", "127.0.0.1", "-p", $"{Port}", "-U", "0", .. _arguments]
        );
}
