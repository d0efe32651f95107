using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// How far the outbox goes. A message about what comes behind that is not of this outbox, whoever wrote it, and believing it would skip events. The
/// outbox is asked only about what is beyond its last answer.
/// </summary>
internal sealed class OutboxEnd(IOutboxStore outbox, Retry retry)
{
    private long _known;

    /// <summary>Everything up to here was read from it. One that is lower than what was known before has it asked again, no more.</summary>
    public void Note(long sequence) => Volatile.Write(ref _known, sequence);

    public async ValueTask<bool> ReachesAsync(long sequence, string who, CancellationToken token)
    {
        if (sequence <= Volatile.Read(ref _known))
        {
            return true;
        }

        var last = await retry.WhileUnavailableAsync(
            who,
            () => outbox.LastSequenceAsync(token).AsTask(),
            token
        );
        Note(last);
        return sequence <= last;
    }
}
