namespace Rookery.Adapters.Logs;

/// <summary>A server that takes RFC 5424 over TCP, or over TLS where authorities are given.</summary>
internal sealed class SyslogServer(
    Uri uri,
    TrustedAuthorities? authorities,
    SyslogFormat format,
    TimeProvider time
) : ILogServer
{
    private const int MostOfWrite = 64 << 10;

    private static readonly TimeSpan NextLook = TimeSpan.FromMilliseconds(10);

    /// <summary>What is not known to have arrived, from the oldest on.</summary>
    private readonly List<byte[]> _frames = [];

    private readonly byte[] _write = new byte[MostOfWrite];
    private SyslogConnection? _connection;

    /// <summary>How many of the frames this connection was given.</summary>
    private int _written;

    /// <summary>Bytes that this connection has brought there and whose frames are gone.</summary>
    private long _arrived;

    public string Name =>
        $"{LogsOptions.Section}:{nameof(LogsOptions.Syslog)} ({uri.Scheme}://{uri.Authority})";

    public void Take(IReadOnlyList<LogLine> lines) => _frames.AddRange(lines.Select(format.Write));

    public async Task<Sent> SendAsync(CancellationToken token)
    {
        try
        {
            if (_connection is { IsCut: true })
            {
                Forget();
            }

            _connection ??= await SyslogConnection.OpenAsync(
                uri.IdnHost,
                uri.Port,
                authorities,
                time,
                token
            );
            while (_written < _frames.Count)
            {
                await WriteAsync(_connection, token);
            }

            RemoveArrived(_connection);
            return new Sent(_frames.Count == 0);
        }
        catch
        {
            Forget();
            throw;
        }
    }

    public async Task CloseAsync(CancellationToken token)
    {
        if (_connection is null)
        {
            return;
        }

        while (!(await SendAsync(token)).IsThere)
        {
            await Task.Delay(NextLook, time, token);
        }

        await _connection.CloseAsync(token);
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>Writes as many frames at once as fit, one at least.</summary>
    private async Task WriteAsync(SyslogConnection connection, CancellationToken token)
    {
        var first = _frames[_written];
        if (first.Length > MostOfWrite)
        {
            _written++;
            await connection.WriteAsync(first, token);
            return;
        }

        var length = 0;
        while (_written < _frames.Count && length + _frames[_written].Length <= MostOfWrite)
        {
            var frame = _frames[_written++];
            frame.CopyTo(_write, length);
            length += frame.Length;
        }

        await connection.WriteAsync(_write.AsMemory(0, length), token);
    }

    /// <summary>The connection is of no use. What it has not brought there begins anew, from the start of a line.</summary>
    private void Forget()
    {
        if (_connection is not null)
        {
            RemoveArrived(_connection);
            _connection.Dispose();
            _connection = null;
        }

        _written = 0;
        _arrived = 0;
    }

    private void RemoveArrived(SyslogConnection connection)
    {
        var acknowledged = connection.Acknowledged;
        var count = 0;
        while (count < _written && _arrived + _frames[count].Length <= acknowledged)
        {
            _arrived += _frames[count++].Length;
        }

        _frames.RemoveRange(0, count);
        _written -= count;
    }
}
