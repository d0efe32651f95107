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

/// <summary>Sequences after <paramref name="After"/> and up to <paramref name="Through"/>.</summary>
public readonly record struct SequenceRange(long After, long Through);

/// <summary>A consumer that has joined.</summary>
/// <param name="AppliedThrough">Everything up to here was applied or buried.</param>
/// <param name="Queue">The number of the queue that it reads, where a broker holds its events.</param>
public sealed record JoinedConsumer(string Name, long AppliedThrough, long Queue);

/// <summary>What has still to be done about an outbox's events.</summary>
/// <param name="OldestWaiting">When the oldest event was committed that was not published, or that a joined consumer has not applied; null where there is none.</param>
/// <param name="DeadLetters">How many each consumer has, of those that have any.</param>
public sealed record OutboxState(
    DateTimeOffset? OldestWaiting,
    IReadOnlyDictionary<string, long> DeadLetters
);

/// <summary>
/// The outbox of one database, and beside it what became of its events.
/// <para>Order: rows are read in commit order; none ever appears below one that was read.</para>
/// <para>Durability: positions and dead letters are on the disk when a call returns.</para>
/// </summary>
public interface IOutboxStore
{
    /// <summary>Which outbox this is: 16 letters and digits, the same for ever, and no two databases have the same.</summary>
    Task<string> IdentityAsync(CancellationToken token);

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

    /// <summary>
    /// The consumer has applied or buried these, out of order or several times, it or another process for it. Its position grows up to the first
    /// that is missing.
    /// </summary>
    Task AddAppliedAsync(
        string consumer,
        IReadOnlyList<SequenceRange> ranges,
        CancellationToken token
    );

    /// <summary>All that have joined.</summary>
    ValueTask<IReadOnlyList<JoinedConsumer>> ConsumersAsync(CancellationToken token);

    /// <summary>The queue of this number was lost, and the next one holds all that the consumer has not applied. Once, whoever says it how often.</summary>
    Task ReplaceQueueAsync(string consumer, long lost, CancellationToken token);

    /// <summary>
    /// Keeps what a consumer gave up on. Burying again updates attempts and error. Characters that no text can have are written as <c>\u0000</c> in
    /// name and error, so that no letter is refused for its words.
    /// </summary>
    Task BuryAsync(DeadLetter letter, CancellationToken token);

    ValueTask<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken token);

    Task RemoveDeadLetterAsync(string consumer, long sequence, CancellationToken token);

    /// <summary>
    /// Drops rows and inbox marks older than <paramref name="before"/> that were published and that every joined consumer is past; answers how many.
    /// </summary>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken token);

    /// <summary>Drops what consumers have marked here of another outbox's events, up to one that it has no more.</summary>
    Task PruneMarksAsync(string outbox, long through, CancellationToken token);

    ValueTask<OutboxState> StateAsync(CancellationToken token);

    /// <summary>The newest sequence: what a settled consumer must have reached.</summary>
    ValueTask<long> LastSequenceAsync(CancellationToken token);
}
