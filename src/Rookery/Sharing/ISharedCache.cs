namespace Rookery.Sharing;

/// <summary>
/// What a shared value is of and how its bytes are made. The numbers stand in keys that several versions of the program read: they only grow, and bytes
/// that change get a number of their own.
/// </summary>
public enum SharedKind : byte
{
    Post = 1,

    /// <summary>2 were cards that did not say who may be found by searching.</summary>
    Card = 3,
}

/// <summary>A place in the shared cache: a kind, and an id of that kind.</summary>
public readonly record struct SharedKey(SharedKind Kind, long Id);

/// <summary>What stands at a place.</summary>
/// <param name="Value">Null: nothing.</param>
/// <param name="Lease">With it the place may be filled, as long as nobody else has; null: somebody else is filling it, or it cannot be.</param>
public readonly record struct SharedPlace(ReadOnlyMemory<byte>? Value, ulong? Lease);

/// <summary>A value for a place that was looked at.</summary>
public readonly record struct SharedFill(SharedKey Key, ulong Lease, ReadOnlyMemory<byte> Value);

/// <summary>
/// Bytes that all processes of one database keep together, beside the truth. Whoever reads them finds out by himself whether they are still right.
/// <para>Loss: anything may be gone at any time. What is away or slow is a miss after some milliseconds; nothing here ever fails.</para>
/// <para>Order: none. A value may be older than one that was read before, where a server was cut off and came back.</para>
/// <para>Places: those of two databases are never the same. Of many who miss one gets the lease, for 30 seconds.</para>
/// </summary>
public interface ISharedCache
{
    /// <summary>Whether anything is kept at all; without, nobody need ask.</summary>
    bool Keeps { get; }

    /// <summary>What stands at these places, in their order: one round trip for each server that has some of them.</summary>
    ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
        IReadOnlyList<SharedKey> keys,
        CancellationToken token
    );

    /// <summary>Fills places, each only if it is as it was when its lease was given. Whether it was, nobody hears.</summary>
    ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token);
}
