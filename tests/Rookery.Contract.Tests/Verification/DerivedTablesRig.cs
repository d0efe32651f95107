using Rookery.Graph;
using Rookery.Posts;
using Rookery.Verification;

namespace Rookery.Contract.Tests.Verification;

/// <summary>Truth's stores, the comparisons, and a hand that makes derived rows wrong.</summary>
public abstract class DerivedTablesRig : IDisposable
{
    public abstract IDerivedTables Tables { get; }

    public abstract IPostStore Posts { get; }

    public abstract IGraphStore Graph { get; }

    public abstract IReadOnlyList<DomainEvent> Announced { get; }

    /// <summary>How often what is held in memory was dropped.</summary>
    public abstract int Forgotten { get; }

    /// <summary>Makes the difference: takes the row away, or puts it there where it does not belong.</summary>
    public abstract Task BreakAsync(DerivedTable table, RowDifference row);

    public abstract Task IndexAsync(string hashtag, PostId post);

    public abstract Task UnindexAsync(string hashtag, PostId post);

    public abstract Task HoldCountsAsync(PostId post, PostCounts counts);

    /// <summary>Puts the relay's position, and a mark of a consumer, at this sequence.</summary>
    public abstract Task PlaceDeliveryAsync(long sequence);

    public abstract void Dispose();
}
