using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Rookery.Wire.Tests;

/// <summary>The server's side of one connection: reads commands, sends what it is told. Text stands for bytes, one for each character.</summary>
internal sealed class FakePeer(Socket socket, int number, CancellationToken stop) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly List<byte> _line = [];

    /// <summary>1 for the first connection that the server accepted.</summary>
    public int Number => number;

    public CancellationToken Stop => stop;

    /// <summary>The next command; null when the client closed the connection.</summary>
    public async Task<string[]?> CommandAsync()
    {
        if (await LineAsync() is not { } head)
        {
            return null;
        }

        var words = new string[int.Parse(head.AsSpan(1), CultureInfo.InvariantCulture)];
        for (var i = 0; i < words.Length; i++)
        {
            var size = int.Parse((await LineAsync())!.AsSpan(1), CultureInfo.InvariantCulture);
            var bytes = new byte[size + 2];
            await _stream.ReadExactlyAsync(bytes, stop);
            words[i] = Encoding.Latin1.GetString(bytes, 0, size);
        }

        return words;
    }

    /// <summary>A line without its end; null when there is none.</summary>
    public async Task<string?> LineAsync()
    {
        _line.Clear();
        var one = new byte[1];
        while (await _stream.ReadAsync(one, stop) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.Latin1.GetString([.. _line]).TrimEnd('\r');
            }

            _line.Add(one[0]);
        }

        return null;
    }

    public async Task<byte[]> BytesAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    public async Task SendAsync(string text) =>
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);

    /// <summary>Takes HELLO and answers it as Redis does.</summary>
    public async Task<string[]> GreetAsync(string mode = "standalone", string role = "master")
    {
        var hello = await CommandAsync() ?? throw new IOException("No greeting.");
        await SendAsync(Greeting(mode, role));
        return hello;
    }

    public static string Greeting(string mode = "standalone", string role = "master") =>
        "%7\r\n"
        + "$6\r\nserver\r\n$5\r\nredis\r\n"
        + "$7\r\nversion\r\n$6\r\n7.0.15\r\n"
        + "$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:7\r\n"
        + $"$4\r\nmode\r\n${mode.Length}\r\n{mode}\r\n"
        + $"$4\r\nrole\r\n${role.Length}\r\n{role}\r\n"
        + "$7\r\nmodules\r\n*0\r\n";

    /// <summary>Answers nothing more, for as long as the client stays.</summary>
    public async Task BeSilentAsync()
    {
        while (await CommandAsync() is not null) { }
    }

    /// <summary>Closes at once; the client gets a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
