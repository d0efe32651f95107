namespace Rookery.Wire.Memcached;

/// <summary>One server of the pool: keeps a connection to it, and makes it again when it breaks.</summary>
internal sealed class MemcachedNode : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>A server that is so far behind is of no use as a cache.</summary>
    private const int MaxUnsentBytes = 16 << 20;

    private readonly WireEndpoint _endpoint;
    private readonly MemcachedOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _tried = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Task _loop;
    private MetaConnection? _connection;
    private long _restsUntil;

    public MemcachedNode(WireEndpoint endpoint, MemcachedOptions options)
    {
        (_endpoint, _options) = (endpoint, options);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Null while there is none.</summary>
    public MetaConnection? Connection => Volatile.Read(ref _connection);

    /// <summary>Ends after the first attempt to connect, however it went.</summary>
    public Task Tried => _tried.Task;

    /// <summary>Whether to ask it: of all who come when its rest is over, the first asks for all.</summary>
    public bool MayAsk()
    {
        var until = Interlocked.Read(ref _restsUntil);
        return until == 0
            || (
                _options.Time.GetTimestamp() >= until
                && Interlocked.CompareExchange(ref _restsUntil, RestFromNow(), until) == until
            );
    }

    /// <summary>Not everything was answered in time: whoever asks next would wait as long.</summary>
    public void NoteLate()
    {
        if (_options.RestAfterLate > TimeSpan.Zero)
        {
            Interlocked.Exchange(ref _restsUntil, RestFromNow());
        }
    }

    public void NoteAnswered()
    {
        if (Interlocked.Read(ref _restsUntil) != 0)
        {
            Interlocked.Exchange(ref _restsUntil, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        Connection?.Close(new OperationCanceledException("The client is closed."));
        await _loop;
        _stop.Dispose();
    }

    // Never 0, which means that it does not rest.
    private long RestFromNow() =>
        1
        + _options.Time.GetTimestamp()
        + (long)(_options.RestAfterLate.TotalSeconds * _options.Time.TimestampFrequency);

    private async Task RunAsync()
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await ConnectAndStayAsync())
                {
                    backoff.Succeeded();
                }

                await Task.Delay(backoff.Next(), _options.Time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The client is closed.
            }
        }

        _tried.TrySetResult();
    }

    /// <summary>True: it was connected, and something was answered.</summary>
    private async Task<bool> ConnectAndStayAsync()
    {
        try
        {
            var socket = await WireSocket.ConnectAsync(
                _endpoint,
                tls: null,
                _options.ConnectTimeout,
                _options.Time,
                _stop.Token
            );
            var connection = new MetaConnection(
                socket,
                _endpoint,
                2 * _options.MaxValueBytes,
                new WireConnectionOptions(
                    _options.AnswerTimeout,
                    _options.KeepAlive,
                    MaxUnsentBytes,
                    _options.Time
                )
            );
            Volatile.Write(ref _connection, connection);
            _tried.TrySetResult();
            if (_stop.IsCancellationRequested)
            {
                connection.Close(new OperationCanceledException("The client is closed."));
            }

            Tell("connected", null);
            var began = _options.Time.GetTimestamp();
            var reason = await connection.Closed;
            Volatile.Write(ref _connection, null);
            Tell("not connected", reason);
            return _options.Time.GetElapsedTime(began) > LongestPause;
        }
        catch (WireUnavailableException fault)
        {
            _tried.TrySetResult();
            Tell("not connected", fault);
            return false;
        }
    }

    private void Tell(string what, Exception? fault)
    {
        if (!_stop.IsCancellationRequested)
        {
            _options.Notice?.Invoke(new WireNotice(_endpoint, what, fault));
        }
    }
}
