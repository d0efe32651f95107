using System.Text;

namespace Rookery.Wire.Redis;

/// <summary>
/// Listens to one channel until it is disposed. A connection that breaks and a slot that moves are followed; that messages may have
/// been missed meanwhile is told.
/// </summary>
public sealed class RedisSubscription : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly RedisTopology _topology;
    private readonly RedisOptions _options;
    private readonly Action<RedisMessage> _told;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Task _loop;
    private Backoff _backoff = new(FirstPause, LongestPause);
    private volatile TaskCompletionSource _interrupted = new();
    private volatile bool _isListening;

    internal RedisSubscription(
        RedisTopology topology,
        RedisChannel channel,
        RedisOptions options,
        Action<RedisMessage> told
    )
    {
        (_topology, Channel, _options, _told) = (topology, channel, options, told);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    internal RedisChannel Channel { get; }

    /// <summary>Ends with the first confirmation, or with why it cannot be had.</summary>
    internal Task First => _first.Task;

    /// <summary>Nothing is told any more once it has ended, but for what was being told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _loop;
        }
    }

    /// <summary>Called by the connection when it is on, before any message.</summary>
    internal void Listening()
    {
        _interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _isListening = true;
        Tell(new RedisMessage(RedisMessageKind.Listening, default));
    }

    internal void Heard(ReadOnlyMemory<byte> payload)
    {
        if (_isListening)
        {
            Tell(new RedisMessage(RedisMessageKind.Message, payload));
        }
    }

    /// <summary>Called by the connection when it is off: it broke, or the slot was moved away. After it, no message comes from there.</summary>
    internal void Interrupted()
    {
        if (_isListening)
        {
            _isListening = false;
            _interrupted.TrySetResult();
            Tell(new RedisMessage(RedisMessageKind.Interrupted, default));
        }
    }

    private void Tell(RedisMessage message)
    {
        try
        {
            _told(message);
        }
#pragma warning disable CA1031 // The others on the connection must go on hearing theirs.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var what = $"the subscriber of {Channel.Name} threw";
            _options.Notice?.Invoke(new WireNotice(_options.Nodes[0], what, fault));
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (await TryListenAsync())
            {
                await Task.Delay(_backoff.Next(), _options.Time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _first.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>False: there is no point in going on.</summary>
    private async Task<bool> TryListenAsync()
    {
        try
        {
            await ListenAsync();
        }
        catch (WireException fault)
        {
            if (_first.TrySetException(fault))
            {
                return false;
            }
        }

        return !_topology.IsClosed;
    }

    /// <summary>Ends when it is no longer listening, or could not begin to.</summary>
    private async Task ListenAsync()
    {
        var node = _topology.NodeOf(Channel.Slot) ?? throw RedisTopology.Nobody;
        var listener = await node.Listener.OpenAsync(_stop.Token);
        try
        {
            var reply = await listener.SubscribeAsync(this, _stop.Token);
            var redirect = Redirect.Of(reply);
            if (redirect.Kind == RedirectKind.Moved)
            {
                await _topology.MovedAsync(redirect.Slot, redirect.Target, _stop.Token);
                return;
            }

            if (reply.Failure is null && !reply.IsError)
            {
                _first.TrySetResult();
                _backoff.Succeeded();
                await _interrupted.Task.WaitAsync(_stop.Token);
                _topology.Doubt();
                return;
            }

            _topology.Doubt();
            reply.OrThrow();
        }
        finally
        {
            listener.Leave(this);
        }
    }
}

/// <summary>A channel, of the whole cluster or of the slot of its name.</summary>
/// <param name="Name">one character for each byte</param>
internal sealed record RedisChannel(string Name, int Slot)
{
    public bool IsSharded => Slot != KeySlot.None;

    public byte[] Bytes => Encoding.Latin1.GetBytes(Name);

    public static RedisChannel Of(string channel, bool isSharded)
    {
        var bytes = Encoding.UTF8.GetBytes(channel);
        return new RedisChannel(
            Encoding.Latin1.GetString(bytes),
            isSharded ? KeySlot.Of(bytes) : KeySlot.None
        );
    }
}
