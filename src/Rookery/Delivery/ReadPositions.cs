namespace Rookery.Delivery;

/// <summary>How far one consumer is behind the events of one outbox.</summary>
/// <param name="Capabilities">Whose outbox it is: of accounts, graph and posts.</param>
/// <param name="Behind">Events that it has neither applied nor given up on; it may be on them now.</param>
internal sealed record ConsumerPosition(
    string Consumer,
    IReadOnlyList<string> Capabilities,
    long Behind
);

/// <summary>Where the consumers of all outboxes stand, those of other processes too.</summary>
internal sealed class ReadPositions(DeliveryLines lines)
{
    public async ValueTask<IReadOnlyList<ConsumerPosition>> HandleAsync(CancellationToken token)
    {
        var all = new List<ConsumerPosition>();
        foreach (var line in lines.All)
        {
            // The positions first: what is written between the two reads is behind, and nobody is ahead.
            var consumers = await line.Outbox.ConsumersAsync(token);
            var last = await line.Outbox.LastSequenceAsync(token);
            all.AddRange(
                consumers
                    .OrderBy(one => one.Name, StringComparer.Ordinal)
                    .Select(one => new ConsumerPosition(
                        one.Name,
                        lines.CapabilitiesOf(line),
                        Math.Max(0, last - one.AppliedThrough)
                    ))
            );
        }

        return all;
    }
}
