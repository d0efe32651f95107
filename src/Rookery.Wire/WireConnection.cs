namespace Rookery.Wire;

/// <summary>
/// Many callers on one socket: commands are appended to one buffer while the one before is sent, and replies are given out in the
/// order of the commands. Every command is answered within a time, or the connection is closed hard and all of its commands fail.
/// </summary>
/// <typeparam name="TReply">what the server answers to one command</typeparam>
/// <typeparam name="TSource">who answers, as of the moment when a command was given</typeparam>
internal abstract class WireConnection<TReply, TSource>
    where TSource : class
{
    private readonly Lock _lock = new();
    private readonly WireSocket _socket;
    private readonly WireConnectionOptions _options;
    private readonly Queue<InFlight> _inFlight = new();
    private readonly Signal _wake = new();
    private readonly WireReader<TReply> _reader;
    private readonly ITimer _watch;
    private readonly TaskCompletionSource<Exception> _closedSource = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private WireBuffer _filling = new(4096);
    private WireBuffer _sending = new(4096);
    private TSource _source;
    private InFlight _head;
    private int _answered;
    private long _sends;
    private long _lastUse;
    private Exception? _closed;

    protected WireConnection(
        WireSocket socket,
        TSource source,
        IWireParser<TReply> parser,
        WireConnectionOptions options
    )
    {
        (_socket, _source, _options) = (socket, source, options);
        _reader = new WireReader<TReply>(socket.Stream, parser);
        _lastUse = options.Time.GetTimestamp();
        var look = TimeSpan.FromTicks(
            Math.Min(options.AnswerTimeout.Ticks, options.KeepAlive.Ticks) / 8
        );
        _watch = options.Time.CreateTimer(
            static connection => ((WireConnection<TReply, TSource>)connection!).Look(),
            this,
            look,
            look
        );
    }

    /// <summary>Ends, with what closed it, after every command in flight has failed.</summary>
    public Task<Exception> Closed => _closedSource.Task;

    public TSource Source => Volatile.Read(ref _source);

    public bool IsOpen => Volatile.Read(ref _closed) is null;

    /// <summary>Queues commands to be written together with what others queue.</summary>
    /// <returns>Null when queued; otherwise why not, and then the request hears no more of it.</returns>
    public WireUnavailableException? TrySend(
        IWireRequest<TReply, TSource> request,
        int first,
        int count
    )
    {
        lock (_lock)
        {
            if (_closed is not null)
            {
                return Unavailable(neverSent: true);
            }

            if (_filling.Length > _options.MaxUnsentBytes)
            {
                return new WireUnavailableException(
                    $"{_source} takes no more: {_filling.Length} bytes wait to be sent.",
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
            Retire(_source);
        }

        _watch.Dispose();
        _socket.CloseHard();
        _wake.Set();
    }

    /// <summary>What to send on an idle connection to find out whether the server is there.</summary>
    protected abstract IWireRequest<TReply, TSource> Ping { get; }

    /// <summary>Reads and writes from now on. Called once, by the constructor that is run last.</summary>
    protected void Begin() => _ = Task.Run(RunAsync, CancellationToken.None);

    /// <summary>From now on replies come from another source; commands in flight keep the old one.</summary>
    protected void Replace(TSource source)
    {
        lock (_lock)
        {
            Retire(_source);
            _source = source;
            if (_closed is not null)
            {
                Retire(source);
            }
        }
    }

    /// <summary>The connection is no longer this source's.</summary>
    protected abstract void Retire(TSource source);

    /// <summary>True for what the server sends on its own account; it is dealt with here.</summary>
    /// <param name="next">the request that is to be answered next, if there is one</param>
    protected abstract bool Took(in TReply reply, IWireRequest<TReply, TSource>? next);

    private async Task RunAsync()
    {
        var writing = WriteAsync();
        await ReadAsync();
        await writing;
        FailInFlight();
        _closedSource.SetResult(_closed!);
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
#pragma warning disable CA1031 // Whatever it was, the connection is of no use any more, and everybody who waits must hear of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Close(fault);
        }
    }

    private WireBuffer? TakeUnsent()
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
#pragma warning disable CA1031 // Whatever it was, the connection is of no use any more, and everybody who waits must hear of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Close(fault);
        }
    }

    private void Give(in TReply value)
    {
        var isAsked = _answered < _head.Count || TryNextHead();
        if (Took(value, isAsked ? _head.Request : null))
        {
            return;
        }

        if (!isAsked)
        {
            throw new WireProtocolException($"Nobody asked for the reply {value}.");
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
                TrySend(Ping, 0, 1);
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

    private readonly record struct InFlight(
        IWireRequest<TReply, TSource> Request,
        int First,
        int Count,
        TSource Source,
        long Since,
        long Sends
    );
}
