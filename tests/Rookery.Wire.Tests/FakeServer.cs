using System.Net;
using System.Net.Sockets;

namespace Rookery.Wire.Tests;

/// <summary>Listens and plays a script to each that connects. What a script throws fails the test at the end.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _serving = [];
    private readonly Func<FakePeer, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    public FakeServer(Func<FakePeer, Task> script)
    {
        _script = script;
        _listener.Start();
        Endpoint = new WireEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _accepting = AcceptAsync();
    }

    public WireEndpoint Endpoint { get; }

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        if (_accepting.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                var number = Interlocked.Increment(ref _connections);
                _serving.Add(ServeAsync(socket, number));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException) { }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await Task.Yield();
        using var peer = new FakePeer(socket, number, _stop.Token);
        try
        {
            await _script(peer);
        }
        catch (Exception end)
            when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }
}
