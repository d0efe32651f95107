using System.Text;
using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>The connection of a node that all subscriptions share, opened when the first needs it. Messages never wait behind replies.</summary>
internal sealed class RedisListener(WireEndpoint endpoint, RedisDialer dialer)
{
    private readonly Lock _lock = new();
    private Task<ListeningConnection>? _connection;
    private bool _isClosed;

    /// <exception cref="WireUnavailableException">It cannot be opened.</exception>
    public Task<ListeningConnection> OpenAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                throw RedisTopology.Nobody;
            }

            if (
                _connection is null or { IsFaulted: true } or { IsCanceled: true }
                || IsBroken(_connection)
            )
            {
                // Not by the caller's token: others may be waiting for it too.
                _connection = ListeningConnection.OpenAsync(endpoint, dialer);
            }

            return _connection.WaitAsync(stop);
        }
    }

    public async Task CloseAsync()
    {
        Task<ListeningConnection>? open;
        lock (_lock)
        {
            _isClosed = true;
            open = _connection;
        }

        try
        {
            (await (open ?? Task.FromException<ListeningConnection>(RedisTopology.Nobody))).Close();
        }
        catch (WireUnavailableException)
        {
            // There is none.
        }
    }

    private static bool IsBroken(Task<ListeningConnection> connection) =>
        connection.IsCompletedSuccessfully && !connection.GetAwaiter().GetResult().IsOpen;
}

/// <summary>One connection with the subscriptions on it.</summary>
internal sealed class ListeningConnection
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<RedisSubscription>> _plain = [];
    private readonly Dictionary<string, List<RedisSubscription>> _sharded = [];
    private RespConnection? _connection;

    private ListeningConnection() { }

    public bool IsOpen => _connection!.IsOpen;

    public static async Task<ListeningConnection> OpenAsync(
        WireEndpoint endpoint,
        RedisDialer dialer
    )
    {
        var listening = new ListeningConnection();
        (listening._connection, _) = await dialer.ConnectAsync(
            endpoint,
            listening.Pushed,
            CancellationToken.None
        );
        _ = listening._connection.Closed.ContinueWith(
            _ => listening.Broke(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return listening;
    }

    public void Close() =>
        _connection!.Close(new OperationCanceledException("The client is closed."));

    /// <summary>The subscription is told that it listens before the answer comes.</summary>
    public Task<RedisReply> SubscribeAsync(RedisSubscription subscription, CancellationToken stop)
    {
        var channel = subscription.Channel;
        lock (_lock)
        {
            var channels = Of(channel);
            if (!channels.TryGetValue(channel.Name, out var all))
            {
                channels[channel.Name] = all = [];
            }

            all.Add(subscription);
        }

        var call = new ListenCall(
            channel,
            channel.IsSharded ? "SSUBSCRIBE" : "SUBSCRIBE",
            subscription.Listening
        );
        return call.OnAsync(_connection!, stop);
    }

    /// <summary>Who was the last of a channel takes it off the connection.</summary>
    public void Leave(RedisSubscription subscription)
    {
        var channel = subscription.Channel;
        lock (_lock)
        {
            var channels = Of(channel);
            if (
                !channels.TryGetValue(channel.Name, out var all)
                || !all.Remove(subscription)
                || all.Count > 0
            )
            {
                return;
            }

            channels.Remove(channel.Name);
            var name = channel.IsSharded ? "SUNSUBSCRIBE" : "UNSUBSCRIBE";
            _connection!.TrySend(new ListenCall(channel, name, told: null), 0, 1);
        }
    }

    private void Pushed(RespValue push)
    {
        var kind = push[0].Span;
        var isSharded = kind.SequenceEqual("smessage"u8);
        if (isSharded || kind.SequenceEqual("message"u8))
        {
            var payload = push[2].Bytes;
            foreach (var subscription in On(isSharded ? _sharded : _plain, push[1].Span))
            {
                subscription.Heard(payload);
            }
        }
        else if (kind.SequenceEqual("sunsubscribe"u8))
        {
            // Unasked: the slot was moved away.
            foreach (var subscription in On(_sharded, push[1].Span))
            {
                subscription.Interrupted();
            }
        }
    }

    private void Broke()
    {
        RedisSubscription[] all;
        lock (_lock)
        {
            all =
            [
                .. _plain.Values.Concat(_sharded.Values).SelectMany(subscriptions => subscriptions),
            ];
        }

        foreach (var subscription in all)
        {
            subscription.Interrupted();
        }
    }

    private RedisSubscription[] On(
        Dictionary<string, List<RedisSubscription>> channels,
        ReadOnlySpan<byte> name
    )
    {
        var text = Encoding.Latin1.GetString(name);
        lock (_lock)
        {
            return channels.TryGetValue(text, out var all) ? [.. all] : [];
        }
    }

    private Dictionary<string, List<RedisSubscription>> Of(RedisChannel channel) =>
        channel.IsSharded ? _sharded : _plain;

    /// <summary>SUBSCRIBE and the like, which are answered by a push that names the channel, or by an error.</summary>
    private sealed class ListenCall(RedisChannel channel, string command, Action? told)
        : IRespRequest,
            IRespPushed
    {
        private readonly TaskCompletionSource<RedisReply> _reply = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public bool IsReply(in RespValue push) =>
            Ascii.EqualsIgnoreCase(push[0].Span, command)
            && push[1].Span.SequenceEqual(channel.Bytes);

        public void Write(WireBuffer buffer, int first, int count)
        {
            buffer.BeginCommand(command, 1);
            buffer.AppendBulk(channel.Bytes);
        }

        public void Reply(int position, in RespValue value, RedisSource source)
        {
            if (!value.IsError)
            {
                told?.Invoke();
            }

            _reply.TrySetResult(new RedisReply(value, source));
        }

        public void Fail(int first, int count, WireUnavailableException failure) =>
            _reply.TrySetResult(new RedisReply(failure));

        public Task<RedisReply> OnAsync(RespConnection connection, CancellationToken stop)
        {
            if (connection.TrySend(this, 0, 1) is { } failure)
            {
                Fail(0, 1, failure);
            }

            return _reply.Task.WaitAsync(stop);
        }
    }
}
