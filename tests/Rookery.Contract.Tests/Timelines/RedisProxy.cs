using System.Net;
using System.Net.Sockets;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>Stands between a client and a Redis, counts what is read of lists, and holds a read back while something else happens.</summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly int _server;
    private Func<Task>? _before;
    private int _heldRead;
    private int _reads;

    public RedisProxy(int server)
    {
        _server = server;
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>LRANGE, so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>From now on the read of this number waits until <paramref name="before"/> has ended.</summary>
    public void Hold(int read, Func<Task> before)
    {
        _heldRead = Reads + read;
        _before = before;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _running.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                var (asked, answered) = (client.GetStream(), server.GetStream());
                var answering = answered.CopyToAsync(asked, _stop.Token);
                await AskAsync(asked, answered);
                await answering;
            }
            catch (Exception fault)
                when (fault is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has ended.
            }
        }
    }

    private async Task AskAsync(NetworkStream asked, NetworkStream answered)
    {
        var buffer = new byte[1 << 16];
        while (await asked.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            if (buffer.AsSpan(0, read).IndexOf("LRANGE"u8) >= 0)
            {
                var number = Interlocked.Increment(ref _reads);
                await (number == _heldRead ? _before!() : Task.CompletedTask);
            }

            await answered.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
