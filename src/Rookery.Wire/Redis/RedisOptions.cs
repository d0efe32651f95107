namespace Rookery.Wire.Redis;

/// <summary>Which servers, and how they are spoken to.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Where to begin. Of a cluster any of its nodes, better several; the others are found. Without a cluster: the first that answers
    /// and is no replica is used.
    /// </summary>
    public required IReadOnlyList<WireEndpoint> Nodes { get; init; }

    /// <summary>Null: Redis's <c>default</c>, when there is a password.</summary>
    public string? User { get; init; }

    /// <summary>Null: none. Without a user and a password nobody is authenticated.</summary>
    public string? Password { get; init; }

    /// <summary>Null: not encrypted.</summary>
    public WireTls? Tls { get; init; }

    /// <summary>For the connection, its encryption and its greeting together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A command that is not answered within it closes its connection hard (linger 0: what was not sent is discarded). So no command
    /// leaves this process later than that after it was given, whatever the network does. What the server's machine had already taken
    /// is run all the same, however late, when a server that was frozen goes on.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that was idle for so long is tried with a PING, so that a dead one is found before it is needed.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections for transactions, for each node; more transactions at once wait for one.</summary>
    public int SessionsPerNode { get; init; } = 16;

    /// <summary>A reply that is larger closes its connection.</summary>
    public int MaxReplyBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes that may wait for one server that does not take them. Beyond, commands for it fail at once and were never sent.
    /// </summary>
    public int MaxUnsentBytes { get; init; } = 64 << 20;

    /// <summary>The name under which connections show in <c>CLIENT LIST</c>; no spaces.</summary>
    public string ClientName { get; init; } = "rookery";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Told of each new source when commands can be sent to it; see <see cref="RedisSource"/>. A reply may come from it a moment before:
    /// who checks sources takes those that it does not know for unchecked. Not of those of transactions, which tell their own. Called from
    /// the client's loops: it returns at once and does not throw.
    /// </summary>
    public Action<RedisSource>? SourceOpened { get; init; }

    /// <summary>Told what an operator may want to know: connections that open and break, changes of the topology. As above.</summary>
    public Action<WireNotice>? Notice { get; init; }
}
