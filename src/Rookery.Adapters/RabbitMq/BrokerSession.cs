using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// The connections to a broker from when it could be reached until something of it ended. Nothing is recovered: whoever needs a broker opens the
/// next session, which asks for everything anew. Publishing has a connection of its own, since a broker that is full reads from none that publishes,
/// not even acknowledgements.
/// </summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    /// <summary>Publishes that wait for their confirmation at the same time.</summary>
    private const int Window = 256;

    /// <summary>A broker answers in milliseconds, while it moves its queues to another node in seconds.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(3);

    private readonly IConnection _publishing;
    private readonly IConnection _consuming;
    private readonly TaskCompletionSource<string> _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly CancellationTokenSource _stop = new();
    private Task _stopping = Task.CompletedTask;

    private BrokerSession(
        IConnection publishing,
        IConnection consuming,
        IChannel publisher,
        Action<string?> blocked
    )
    {
        (_publishing, _consuming, Publisher) = (publishing, consuming, publisher);
        Stop = _stop.Token;
        Watch(publishing);
        Watch(consuming);
        Watch(publisher);
        publishing.ConnectionBlockedAsync += (_, alarm) => TellAsync(alarm.Reason);
        publishing.ConnectionUnblockedAsync += (_, _) => TellAsync(null);

        Task TellAsync(string? reason)
        {
            Blocked = reason;
            blocked(reason);
            return Task.CompletedTask;
        }
    }

    /// <summary>With confirms: a publish completes when every queue it went to has it.</summary>
    public IChannel Publisher { get; }

    /// <summary>Why the broker takes nothing now; null where it does.</summary>
    public string? Blocked { get; private set; }

    /// <summary>Why it ended, once it has.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Cancelled when it has ended.</summary>
    public CancellationToken Stop { get; }

    /// <param name="blocked">Told why the broker takes nothing from now on, and null when it does again.</param>
    public static async Task<BrokerSession> OpenAsync(
        RabbitMqOptions options,
        Action<string?> blocked,
        CancellationToken token
    )
    {
        var publishing = await ConnectAsync(options, "publish", token);
        IConnection? consuming = null;
        try
        {
            consuming = await ConnectAsync(options, "consume", token);
            var publisher = await publishing.CreateChannelAsync(
                new CreateChannelOptions(true, true, new ThrottlingRateLimiter(Window)),
                token
            );
            return new BrokerSession(publishing, consuming, publisher, blocked);
        }
        catch
        {
            await CloseAsync(publishing);
            await CloseAsync(consuming);
            throw;
        }
    }

    /// <summary>A channel whose end is the session's.</summary>
    public async Task<IChannel> OpenConsumingAsync(ushort prefetch, CancellationToken token)
    {
        var channel = await _consuming.CreateChannelAsync(cancellationToken: token);
        Watch(channel);
        await channel.BasicQosAsync(0, prefetch, global: false, token);
        return channel;
    }

    /// <summary>Whether there is such a queue, and how many messages wait in it. A channel that asked for one that is not there is closed.</summary>
    public async Task<uint?> MessagesInAsync(string queue)
    {
        var channel = await _consuming.CreateChannelAsync(cancellationToken: Stop);
        uint? messages = null;
        try
        {
            messages = (await channel.QueueDeclarePassiveAsync(queue, Stop)).MessageCount;
        }
        catch (OperationInterruptedException fault)
            when (fault.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // There is none.
        }

        // Not where the question was not answered: neither would this be.
        await channel.DisposeAsync();
        return messages;
    }

    /// <summary>Whoever waits for the end goes on elsewhere: the client, whose callback this may be, must not wait for itself.</summary>
    public void End(string why)
    {
        if (_ended.TrySetResult(why))
        {
            _stopping = _stop.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        End("It was closed");
        // Consuming first: what is in hand goes back to its queue.
        await CloseAsync(_consuming);
        await CloseAsync(_publishing);
        await _stopping;
        _stop.Dispose();
    }

    private static Task<IConnection> ConnectAsync(
        RabbitMqOptions options,
        string what,
        CancellationToken token
    )
    {
        var factory = new ConnectionFactory
        {
            Uri = options.Nodes[0],
            AutomaticRecoveryEnabled = false,
            ClientProvidedName = $"{options.Prefix} {what}",
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            ContinuationTimeout = Answer,
            // What is larger than a message may be is refused by whoever reads it; a connection that broke over it would break again.
            MaxInboundMessageBodySize = int.MaxValue,
        };
        var authorities = TrustedAuthorities.Read(options.TlsAuthorities);
        return factory.CreateConnectionAsync(
            options.Nodes.Select(node => new AmqpTcpEndpoint(node, TlsOf(node, authorities))),
            token
        );
    }

    /// <summary>The client's own would take any name in the certificate.</summary>
    private static SslOption TlsOf(Uri node, TrustedAuthorities authorities) =>
        new(node.Host, enabled: node.Scheme == "amqps")
        {
            CertificateValidationCallback = (_, certificate, sent, errors) =>
                authorities.Accepts(certificate, sent, errors),
        };

    /// <summary>In good order where the broker answers; else it is let go, and its heartbeat ends it.</summary>
    private static async Task CloseAsync(IConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        try
        {
            await connection.CloseAsync(Goodbye).WaitAsync(Goodbye);
            await connection.DisposeAsync().AsTask().WaitAsync(Goodbye);
        }
        catch (Exception fault) when (BrokerFault.Is(fault))
        {
            // It is gone already, or does not answer.
        }
    }

    private void Watch(IConnection connection) =>
        connection.ConnectionShutdownAsync += (_, shutdown) => EndAsync(shutdown);

    private void Watch(IChannel channel) =>
        channel.ChannelShutdownAsync += (_, shutdown) => EndAsync(shutdown);

    private Task EndAsync(ShutdownEventArgs shutdown)
    {
        End(shutdown.ReplyText);
        return Task.CompletedTask;
    }
}
