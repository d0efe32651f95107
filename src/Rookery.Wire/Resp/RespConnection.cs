using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>
/// Many callers on one socket: commands are appended to one buffer while the one before is sent, and replies are given out in the
/// order of the commands. Every command is answered within a time, or the connection is closed hard and all of its commands fail.
/// </summary>
internal sealed class RespConnection
{
    private readonly Lock _lock = new();
    private readonly WireSocket _socket;
    private readonly RespConnectionOptions _options;
    private readonly Queue<InFlight> _inFlight = new();
    private readonly Signal _wake = new();
    private readonly RespReader _reader;
    private readonly ITimer _watch;
    private RespBuffer _filling = new(4096);
    private RespBuffer _sending = new(4096);
    private RedisSource _source;
    private InFlight _head;
    private int _answered;
    private long _sends;
    private long _lastUse;
    private Exception? _closed;

    public RespConnection(WireSocket socket, RedisSource source, RespConnectionOptions options)
    {
        (_socket, _source, _options) = (socket, source, options);
        _reader = new RespReader(socket.Stream, options.Limits);
        _lastUse = options.Time.GetTimestamp();
        var look = TimeSpan.FromTicks(
            Math.Min(options.AnswerTimeout.Ticks, options.KeepAlive.Ticks) / 8
        );
        _watch = options.Time.CreateTimer(
            static connection => ((RespConnection)connection!).Look(),
            this,
            look,
            look
        );
        Closed = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends, with what closed it, after every command in flight has failed.</summary>
    public Task<Exception> Closed { get; }

    public RedisSource Source => Volatile.Read(ref _source);

    public bool IsOpen => Volatile.Read(ref _closed) is null;

    /// <summary>Queues commands to be written together with what others queue.</summary>
    /// <returns>Null when queued; otherwise why not, and then the request hears no more of it.</returns>
    public WireUnavailableException? TrySend(IRespRequest request, int first, int count)
    {
        lock (_lock)
        {
            if (_closed is not null)
            {
                return Unavailable(neverSent: true);
            }

            if (_filling.Length > _options.MostUnsent)
            {
                return new WireUnavailableException(
                    $"{_source.Endpoint} takes no more: {_filling.Length} bytes wait to be sent.",
                    neverSent: true
                );
            }

            _lastUse = _options.Time.GetTimestamp();
            _inFlight.Enqueue(new InFlight(request, first, count, _source, _lastUse, _sends));
            request.Write(_filling, first, count);
        }

        _wake.Set();
        return null;
    }

    /// <summary>From now on replies come from another source; commands in flight keep the old one.</summary>
    public void Renew(RedisSource source)
    {
        lock (_lock)
        {
            _source.Retire();
            _source = source;
            if (_closed is not null)
            {
                source.Retire();
            }
        }
    }

    /// <summary>Closes hard; what is in flight fails. The first reason stays.</summary>
    public void Close(Exception reason)
    {
        lock (_lock)
        {
            if (_closed is not null)
            {
                return;
            }

            _closed = reason;
            _source.Retire();
        }

        _watch.Dispose();
        _socket.CloseHard();
        _wake.Set();
    }

    private async Task<Exception> RunAsync()
    {
        var writing = WriteAsync();
        await ReadAsync();
        await writing;
        FailInFlight();
        return _closed!;
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync();
                while (TakeUnsent() is { } bytes)
                {
                    await _socket.Stream.WriteAsync(bytes.Memory);
                    await _socket.Stream.FlushAsync();
                    bytes.Clear();
                }

                if (!IsOpen)
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (IsConnectionFault(fault))
        {
            Close(fault);
        }
    }

    private RespBuffer? TakeUnsent()
    {
        lock (_lock)
        {
            if (_closed is not null || _filling.Length == 0)
            {
                return null;
            }

            _sends++;
            (_filling, _sending) = (_sending, _filling);
            return _sending;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _reader.ReadAsync())
            {
                while (_reader.TryTake(out var value))
                {
                    Give(value);
                }
            }

            Close(new EndOfStreamException("The server closed the connection."));
        }
        catch (Exception fault) when (IsConnectionFault(fault))
        {
            Close(fault);
        }
#pragma warning disable CA1031 // Whoever is told of messages threw: the connection is of no use to it, and everybody else must hear of its end.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Close(fault);
        }
    }

    private void Give(in RespValue value)
    {
        var isAsked = _answered < _head.Count || TryNextHead();
        if (value.Kind == RespKind.Push && !(isAsked && IsPushedReply(value)))
        {
            _options.Pushed?.Invoke(value);
            return;
        }

        if (!isAsked)
        {
            throw RespHeader.Malformed($"nobody asked for the reply {value}");
        }

        _head.Request.Reply(_head.First + _answered++, value, _head.Source);
        if (_answered == _head.Count)
        {
            lock (_lock)
            {
                _inFlight.Dequeue();
            }
        }
    }

    private bool IsPushedReply(in RespValue push) =>
        _head.Request is IRespPushed request && request.IsReply(push);

    private bool TryNextHead()
    {
        lock (_lock)
        {
            if (!_inFlight.TryPeek(out var head))
            {
                return false;
            }

            (_head, _answered) = (head, 0);
            return true;
        }
    }

    private void FailInFlight()
    {
        var answered = _answered < _head.Count ? _answered : 0;
        while (_inFlight.TryDequeue(out var entry))
        {
            entry.Request.Fail(
                entry.First + answered,
                entry.Count - answered,
                Unavailable(neverSent: entry.Sends == _sends)
            );
            answered = 0;
        }
    }

    private void Look()
    {
        var now = _options.Time.GetTimestamp();
        InFlight oldest;
        bool isIdle;
        lock (_lock)
        {
            isIdle = !_inFlight.TryPeek(out oldest);
        }

        if (isIdle)
        {
            if (_options.Time.GetElapsedTime(_lastUse, now) >= _options.KeepAlive)
            {
                TrySend(RespPing.Instance, 0, 1);
            }
        }
        else if (_options.Time.GetElapsedTime(oldest.Since, now) >= _options.AnswerTimeout)
        {
            Close(
                new TimeoutException(
                    $"The server did not answer a command within {_options.AnswerTimeout}."
                )
            );
        }
    }

    private WireUnavailableException Unavailable(bool neverSent) =>
        new($"The connection to {_source} is closed: {_closed!.Message}", neverSent, _closed);

    private static bool IsConnectionFault(Exception fault) =>
        fault
            is IOException
                or WireProtocolException
                or System.Net.Sockets.SocketException
                or ObjectDisposedException
                or OperationCanceledException
                or InvalidOperationException;

    private readonly record struct InFlight(
        IRespRequest Request,
        int First,
        int Count,
        RedisSource Source,
        long Since,
        long Sends
    );
}
