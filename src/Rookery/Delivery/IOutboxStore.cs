namespace Rookery.Delivery;

/// <summary>An event as it stands on the disk.</summary>
public sealed record OutboxRow(
    long Sequence,
    string Name,
    int Version,
    ReadOnlyMemory<byte> Payload
);

/// <summary>An event that a consumer gave up on, with why.</summary>
public sealed record DeadLetter(
    string Consumer,
    OutboxRow Event,
    int Attempts,
    string Error,
    DateTimeOffset BuriedAt
);

/// <summary>
/// The outbox of one database, and beside it what became of its events.
/// <para>Order: rows are read in commit order; none ever appears below one that was read.</para>
/// <para>Durability: positions and dead letters are on the disk when a call returns.</para>
/// </summary>
public interface IOutboxStore
{
    /// <summary>Completes when there may be rows after <paramref name="sequence"/>, at the latest after a second.</summary>
    Task WaitAsync(long sequence, CancellationToken token);

    ValueTask<IReadOnlyList<OutboxRow>> ReadAsync(long after, int limit, CancellationToken token);

    /// <summary>The last sequence of which everything up to it was published.</summary>
    ValueTask<long> PublishedThroughAsync(CancellationToken token);

    Task AdvanceAsync(long publishedThrough, CancellationToken token);

    /// <summary>
    /// The position of each of these consumers, who are all there are: any other's is forgotten. One that is new begins behind what was published.
    /// </summary>
    Task<IReadOnlyDictionary<string, long>> JoinAsync(
        IReadOnlyList<string> consumers,
        CancellationToken token
    );

    /// <summary>The consumer has applied or buried everything up to the sequence.</summary>
    Task AdvanceAsync(string consumer, long appliedThrough, CancellationToken token);

    /// <summary>Keeps what a consumer gave up on. Burying again updates attempts and error.</summary>
    Task BuryAsync(DeadLetter letter, CancellationToken token);

    ValueTask<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken token);

    Task RemoveDeadLetterAsync(string consumer, long sequence, CancellationToken token);

    /// <summary>
    /// Drops rows and inbox marks older than <paramref name="before"/> that were published and that every joined consumer is past; answers how many.
    /// </summary>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken token);

    /// <summary>The newest sequence: what a settled consumer must have reached.</summary>
    ValueTask<long> LastSequenceAsync(CancellationToken token);
}
