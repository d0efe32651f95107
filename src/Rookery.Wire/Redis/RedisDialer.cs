using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>Opens connections and greets the servers: RESP3, user and password, and what they say of themselves.</summary>
internal sealed class RedisDialer(RedisOptions options)
{
    private readonly RespLimits _limits = new(options.MaxReplyBytes);
    private readonly RedisCommand _hello = Hello(options);
    private long _generation;

    public RedisSource NewSource(WireEndpoint endpoint) =>
        new(endpoint, Interlocked.Increment(ref _generation));

    /// <exception cref="WireUnavailableException">It cannot be connected to, or does not take the greeting.</exception>
    public async Task<(RespConnection Connection, Greeting Greeting)> ConnectAsync(
        WireEndpoint endpoint,
        Action<RespValue>? pushed,
        CancellationToken stop
    )
    {
        var began = options.Time.GetTimestamp();
        var socket = await WireSocket.ConnectAsync(
            endpoint,
            options.Tls,
            options.ConnectTimeout,
            options.Time,
            stop
        );
        var connection = new RespConnection(
            socket,
            NewSource(endpoint),
            _limits,
            new WireConnectionOptions(
                options.AnswerTimeout,
                options.KeepAlive,
                options.MaxUnsentBytes,
                options.Time
            ),
            pushed
        );
        try
        {
            var left = options.ConnectTimeout - options.Time.GetElapsedTime(began);
            return (connection, await GreetAsync(connection, left, stop));
        }
        catch (Exception fault) when (fault is WireException or OperationCanceledException)
        {
            connection.Close(fault);
            throw;
        }
    }

    private async Task<Greeting> GreetAsync(
        RespConnection connection,
        TimeSpan left,
        CancellationToken stop
    )
    {
        var endpoint = connection.Source.Endpoint;
        var call = new RespCall(_hello.Bytes).OnAsync(connection, stop);
        RedisReply reply;
        try
        {
            reply = await call.WaitAsync(Max(left, TimeSpan.Zero), options.Time, stop);
        }
        catch (TimeoutException late)
        {
            throw new WireUnavailableException(
                $"{endpoint} accepted the connection and did not answer within {options.ConnectTimeout}.",
                neverSent: true,
                late
            );
        }

        if (reply.Failure is { } failure)
        {
            throw new WireUnavailableException(failure.Message, neverSent: true, failure);
        }

        return Greeting.TryRead(reply.Value, out var greeting)
            ? greeting
            : throw new WireUnavailableException(
                $"{endpoint} does not take the greeting HELLO 3: {reply.Value}.{HintOn(reply.Value)}",
                neverSent: true
            );
    }

    /// <summary>What an older server, or another kind, says; a wrong password is no question of versions.</summary>
    private static string HintOn(RespValue answer) =>
        !answer.IsError
        || answer.AsText() is var said
            && (
                said.StartsWith("NOPROTO", StringComparison.Ordinal)
                || said.StartsWith("ERR unknown command", StringComparison.OrdinalIgnoreCase)
            )
            ? " Redis 6 or later, or Valkey, is needed."
            : "";

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static RedisCommand Hello(RedisOptions options) =>
        options is { User: null, Password: null }
            ? RedisCommand.Keyless("HELLO", 3, "SETNAME", options.ClientName)
            : RedisCommand.Keyless(
                "HELLO",
                3,
                "AUTH",
                options.User ?? "default",
                options.Password ?? "",
                "SETNAME",
                options.ClientName
            );

    /// <summary>What a server says of itself in its answer to HELLO.</summary>
    internal readonly record struct Greeting(string Version, bool IsCluster, bool IsReplica)
    {
        public static bool TryRead(RespValue reply, out Greeting greeting)
        {
            greeting = default;
            if (
                reply.Kind is not (RespKind.Map or RespKind.Array)
                || !reply.TryFind("proto", out var protocol)
                || protocol is not { Kind: RespKind.Integer }
                || protocol.AsInteger() != 3
            )
            {
                return false;
            }

            greeting = new Greeting(
                TextOf(reply, "version"),
                TextOf(reply, "mode") == "cluster",
                TextOf(reply, "role") is "replica" or "slave"
            );
            return true;
        }

        private static string TextOf(RespValue reply, string key) =>
            reply.TryFind(key, out var value)
            && value.Kind is RespKind.BulkString or RespKind.SimpleString
                ? value.AsText()
                : "";
    }
}
