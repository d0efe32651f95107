namespace Rookery.Wire.Memcached;

/// <summary>What became of a command.</summary>
public enum MemcachedStatus : byte
{
    /// <summary>Nobody answered in time. Of a change nobody knows whether it was made.</summary>
    Unavailable,

    /// <summary>There is a value.</summary>
    Hit,

    /// <summary>There is none; or an empty one that is waiting to be filled, see <see cref="MemcachedReply.HasWon"/>.</summary>
    Miss,

    /// <summary>The change was made.</summary>
    Done,

    /// <summary>The mode forbids the change: added and there, replaced and not there, too large.</summary>
    NotStored,

    /// <summary>The item is not as the CAS says: somebody changed it since.</summary>
    Changed,

    /// <summary>The item to be changed is not there.</summary>
    NotFound,
}

/// <summary>The answer to one command.</summary>
public readonly struct MemcachedReply
{
    internal MemcachedReply(MemcachedStatus status) => Status = status;

    public MemcachedStatus Status { get; internal init; }

    public bool IsHit => Status == MemcachedStatus.Hit;

    /// <summary>The value of a hit, or the number that arithmetic gave, in digits.</summary>
    public ReadOnlyMemory<byte> Value { get; internal init; }

    /// <summary>Changes with every change of the item. Of a hit, of a won miss, and of what was stored.</summary>
    public ulong Cas { get; internal init; }

    /// <summary>What the client that stored it gave with it.</summary>
    public uint Flags { get; internal init; }

    /// <summary>Seconds that the item has left; -1: for ever.</summary>
    public int Ttl { get; internal init; }

    /// <summary>The item was asked for before.</summary>
    public bool WasHitBefore { get; internal init; }

    /// <summary>It is this caller that should make the value anew and store it with <see cref="Cas"/>; others are told not to.</summary>
    public bool HasWon { get; internal init; }

    /// <summary>Another caller is making the value anew.</summary>
    public bool IsBeingFilled { get; internal init; }

    /// <summary>The value was marked as out of date.</summary>
    public bool IsStale { get; internal init; }
}
