using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// How far each consumer is, at most a second ago. Who is further by now applies an event again, of which the marks are kept for hours after its position has passed it.
/// </summary>
internal sealed class KnownPositions(IOutboxStore outbox, Retry retry)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private Known? _known;
    private int _changes;

    /// <summary>They have grown: what is known of them is known no more.</summary>
    public void AskAgain()
    {
        Interlocked.Increment(ref _changes);
        Volatile.Write(ref _known, null);
    }

    /// <summary>Everything up to here was applied or buried; 0 for one that has not joined.</summary>
    public async ValueTask<long> OfAsync(string consumer, CancellationToken token)
    {
        var known = Volatile.Read(ref _known);
        if (known is null || TimeProvider.System.GetElapsedTime(known.At) >= Lasts)
        {
            var (at, changes) = (TimeProvider.System.GetTimestamp(), Volatile.Read(ref _changes));
            var consumers = await retry.WhileUnavailableAsync(
                consumer,
                () => outbox.ConsumersAsync(token).AsTask(),
                token
            );
            known = new Known(
                at,
                consumers.ToDictionary(one => one.Name, one => one.AppliedThrough)
            );
            Volatile.Write(ref _known, known);
            if (changes != Volatile.Read(ref _changes))
            {
                // It was read before what has changed since.
                Volatile.Write(ref _known, null);
            }
        }

        return known.Positions.GetValueOrDefault(consumer);
    }

    private sealed record Known(long At, Dictionary<string, long> Positions);
}
