using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>
/// One server: keeps a connection to it open for the commands of everybody, and connects again when it breaks. While there is none,
/// commands fail at once, but for the first attempt of all, which is waited for.
/// </summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly RedisDialer _dialer;
    private readonly RedisOptions _options;
    private readonly Action _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _tried = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Task _loop;
    private Backoff _backoff = new(FirstPause, LongestPause);
    private RespConnection? _connection;
    private WireUnavailableException? _fault;

    /// <param name="lost">called when a connection broke or could not be made</param>
    public RedisNode(WireEndpoint endpoint, RedisDialer dialer, RedisOptions options, Action lost)
    {
        (Endpoint, _dialer, _options, _lost) = (endpoint, dialer, options, lost);
        WantedAt = options.Time.GetTimestamp();
        Sessions = new RedisSessionPool(endpoint, dialer, options.SessionsPerNode);
        Listener = new RedisListener(endpoint, dialer);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    public WireEndpoint Endpoint { get; }

    /// <summary>When it was last said to have a slot, or to be asked for a key.</summary>
    public long WantedAt { get; set; }

    public RedisSessionPool Sessions { get; }

    public RedisListener Listener { get; }

    /// <summary>Ends after the first attempt to connect, however it went.</summary>
    public Task Tried => _tried.Task;

    /// <summary>Null while there is none.</summary>
    public RespConnection? Connection => Volatile.Read(ref _connection);

    /// <summary>Why there is no connection.</summary>
    public WireUnavailableException? Fault => Volatile.Read(ref _fault);

    public RedisDialer.Greeting Greeting { get; private set; }

    /// <summary>The node has slots that it had not: it may have become another since it was looked at.</summary>
    public void Renew()
    {
        Sessions.Reset(new OperationCanceledException($"{Endpoint} was given slots."));
        if (Connection is { } connection)
        {
            var source = _dialer.NewSource(Endpoint);
            connection.Renew(source);
            _options.SourceOpened?.Invoke(source);
        }
    }

    public async Task<RedisReply> SendAsync(RespCall call, CancellationToken stop)
    {
        if (!Tried.IsCompleted)
        {
            await Tried.WaitAsync(stop);
        }

        return Connection is { } connection
            ? await call.OnAsync(connection, stop)
            : new RedisReply(Fault ?? RedisTopology.Nobody);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Connection?.Close(new OperationCanceledException("The client is closed."));
        Sessions.Reset(new OperationCanceledException("The client is closed."));
        await Listener.CloseAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAndStayAsync();
                await PauseAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The client is closed.
            }
        }

        Lost(RedisTopology.Nobody);
    }

    private async Task ConnectAndStayAsync()
    {
        try
        {
            var (connection, greeting) = await _dialer.ConnectAsync(
                Endpoint,
                pushed: null,
                _stop.Token
            );
            Opened(connection, greeting);
            _backoff.Succeeded();
            var reason = await connection.Closed;
            Sessions.Reset(reason);
            Lost(Broken(reason));
        }
        catch (WireUnavailableException fault)
        {
            Lost(fault);
        }
#pragma warning disable CA1031 // Whoever is told of sources threw. Without this loop the node would be away for ever.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Connection?.Close(fault);
            Lost(Broken(fault));
        }
    }

    private void Opened(RespConnection connection, RedisDialer.Greeting greeting)
    {
        Greeting = greeting;
        Volatile.Write(ref _connection, connection);
        _tried.TrySetResult();
        _options.SourceOpened?.Invoke(connection.Source);
        if (_stop.IsCancellationRequested)
        {
            connection.Close(new OperationCanceledException("The client is closed."));
        }

        var what = $"connected to version {greeting.Version}";
        _options.Notice?.Invoke(new WireNotice(Endpoint, what, null));
    }

    private WireUnavailableException Broken(Exception reason) =>
        new($"There is no connection to {Endpoint}: {reason.Message}", neverSent: true, reason);

    private void Lost(WireUnavailableException fault)
    {
        Volatile.Write(ref _fault, fault);
        Volatile.Write(ref _connection, null);
        _tried.TrySetResult();
        if (!_stop.IsCancellationRequested)
        {
            _options.Notice?.Invoke(new WireNotice(Endpoint, "not connected", fault));
            _lost();
        }
    }

    private Task PauseAsync() => Task.Delay(_backoff.Next(), _options.Time, _stop.Token);
}
