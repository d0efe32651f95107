namespace Rookery.Wire.Memcached;

/// <summary>Which servers, and how long they are waited for.</summary>
public sealed class MemcachedOptions
{
    /// <summary>
    /// The pool. A key always belongs to the same one of them, also while that one is away: so all clients must be given the same, and
    /// one more or less moves only the keys of its own share.
    /// </summary>
    public required IReadOnlyList<WireEndpoint> Nodes { get; init; }

    /// <summary>What is not answered within it counts as a miss.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A server from which something was not answered within <see cref="Timeout"/> is not asked for so long; then one batch asks it, for all. Zero: every
    /// batch asks it.
    /// </summary>
    public TimeSpan RestAfterLate { get; init; }

    /// <summary>A server that leaves a command unanswered for so long is disconnected, and everything is a miss until it is back.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that was idle for so long is tried.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Larger values are not sent, and count as not stored. The server's own limit of 1 MiB includes the key and some bytes more.</summary>
    public int MaxValueBytes { get; init; } = 1_000_000;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of connections that open and break. Called from the client's loops: it returns at once and does not throw.</summary>
    public Action<WireNotice>? Notice { get; init; }
}
