namespace Rookery.Wire.Redis;

/// <summary>
/// One connection to one node, for as long as the node can be taken to be the same. A new connection is a new source, and so is the old
/// one after a MOVED or a topology gave its node slots that it did not have. Who must know with whom it speaks checks each new source
/// once (<c>INFO replication</c>), and drops every reply whose source is not checked or no longer current.
/// </summary>
public sealed class RedisSource
{
    private volatile bool _isCurrent = true;

    internal RedisSource(WireEndpoint endpoint, long generation) =>
        (Endpoint, Generation) = (endpoint, generation);

    public WireEndpoint Endpoint { get; }

    /// <summary>Grows with every source of a client; no two have the same.</summary>
    public long Generation { get; }

    /// <summary>False for ever once the connection is closed or the node's slots have grown.</summary>
    public bool IsCurrent => _isCurrent;

    public override string ToString() => $"{Endpoint} #{Generation}";

    internal void Retire() => _isCurrent = false;
}
