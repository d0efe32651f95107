using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Rookery.Delivery;

/// <summary>Reads the outbox once more.</summary>
internal sealed class PastEvents(
    IOutboxStore outbox,
    EventTypes events,
    IOptions<DeliveryOptions> options
) : IPastEvents
{
    public Task<string> OutboxAsync(CancellationToken token) => outbox.IdentityAsync(token);

    public ValueTask<long> LastAsync(CancellationToken token) => outbox.LastSequenceAsync(token);

    public async ValueTask<bool> StandsAsync(long sequence, CancellationToken token) =>
        await outbox.ReadAsync(sequence - 1, 1, token) is [var row] && row.Sequence == sequence;

    public async IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
        long after,
        long through,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        while (after < through)
        {
            var rows = await outbox.ReadAsync(after, options.Value.BatchSize, token);
            if (rows.Count == 0)
            {
                yield break;
            }

            yield return events.ReadAll([.. rows.TakeWhile(row => row.Sequence <= through)]);
            after = rows[^1].Sequence;
        }
    }
}
