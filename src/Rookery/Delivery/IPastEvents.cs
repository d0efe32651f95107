namespace Rookery.Delivery;

/// <summary>The events that the outbox has still: for who has lost what it made of them.</summary>
public interface IPastEvents
{
    /// <summary>Which outbox it is, among all there ever are.</summary>
    Task<string> OutboxAsync(CancellationToken token);

    /// <summary>The newest sequence.</summary>
    ValueTask<long> LastAsync(CancellationToken token);

    /// <summary>Whether the event of this sequence is there, and so are all after it: the oldest are dropped first.</summary>
    ValueTask<bool> StandsAsync(long sequence, CancellationToken token);

    /// <summary>In order, some at a time; without those that became dead letters because nobody can read them.</summary>
    IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
        long after,
        long through,
        CancellationToken token
    );
}
