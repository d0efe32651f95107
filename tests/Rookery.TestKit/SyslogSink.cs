using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rookery.TestKit.Servers;

namespace Rookery.TestKit;

/// <summary>
/// A log server that the test plays: it takes RFC 5424 with octet counting, to the letter, and can be away, silent, or cut its connections.
/// </summary>
internal sealed class SyslogSink : IAsyncDisposable
{
    private readonly List<string> _lines = [];
    private readonly List<Socket> _open = [];
    private readonly List<Task> _serving = [];
    private TaskCompletionSource _reading = Reading();
    private Socket? _listener;
    private Exception? _fault;

    private SyslogSink() { }

    public int Port { get; } = FreePort.Take();

    public Uri Uri => new($"tcp://127.0.0.1:{Port}");

    public int Connections { get; private set; }

    /// <summary>Every line that arrived whole, in order. What broke the protocol is thrown here.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return _fault is null
                    ? [.. _lines]
                    : throw new InvalidOperationException("It is no syslog", _fault);
            }
        }
    }

    /// <summary>Bytes that the system has taken in and nobody has read.</summary>
    public int Unread
    {
        get
        {
            lock (_lines)
            {
                return _open.Sum(socket => socket.SafeHandle.IsClosed ? 0 : socket.Available);
            }
        }
    }

    /// <summary>One that listens.</summary>
    public static SyslogSink Start()
    {
        var sink = new SyslogSink();
        sink.Listen();
        return sink;
    }

    /// <summary>One that is away, with the port where it will be.</summary>
    public static SyslogSink Away() => new();

    public void Listen()
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            // What the system takes in for one that does not read.
            ReceiveBufferSize = 4_096,
        };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        _listener = listener;
        _serving.Add(AcceptAsync(listener));
    }

    /// <summary>Reads nothing more, until <see cref="Read"/>; connections stay.</summary>
    public void Freeze()
    {
        if (_reading.Task.IsCompleted)
        {
            _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Read() => _reading.TrySetResult();

    /// <summary>Cuts all connections, and listens on.</summary>
    public void Cut()
    {
        lock (_lines)
        {
            foreach (var socket in _open)
            {
                // Zero: with a reset, and with what is unread.
                socket.Close(0);
            }

            _open.Clear();
        }
    }

    /// <summary>Cuts all connections, and takes no more.</summary>
    public void Leave()
    {
        _listener?.Dispose();
        Cut();
    }

    public Task HasAsync(int lines, CancellationToken stop) =>
        Wait.UntilAsync(
            () => Task.FromResult(Lines.Count >= lines),
            () => $"{lines} lines arrive, not {Lines.Count}",
            stop
        );

    public async ValueTask DisposeAsync()
    {
        Leave();
        Read();
        await Task.WhenAll(_serving);
    }

    private static TaskCompletionSource Reading()
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reading.SetResult();
        return reading;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync();
                lock (_lines)
                {
                    Connections++;
                    _open.Add(socket);
                    _serving.Add(ServeAsync(socket));
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await LengthAsync(stream) is { } length)
            {
                var bytes = new byte[length];
                await stream.ReadExactlyAsync(bytes);
                var line = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
                lock (_lines)
                {
                    _lines.Add(line);
                }
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // Cut, by whom ever.
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            lock (_lines)
            {
                _fault = fault;
            }
        }
    }

    /// <summary>Digits without a leading zero, and one space; null where the connection ends before them.</summary>
    private async Task<int?> LengthAsync(NetworkStream stream)
    {
        var digits = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await _reading.Task;
            if (await stream.ReadAsync(one) == 0)
            {
                return digits.Length == 0
                    ? null
                    : throw new FormatException("The connection ends inside a length.");
            }

            var letter = (char)one[0];
            if (letter == ' ' && digits.Length > 0)
            {
                return int.Parse(digits.ToString(), CultureInfo.InvariantCulture);
            }

            if (!char.IsAsciiDigit(letter) || (letter == '0' && digits.Length == 0))
            {
                throw new FormatException($"'{letter}' is not part of a length.");
            }

            digits.Append(letter);
        }
    }
}
