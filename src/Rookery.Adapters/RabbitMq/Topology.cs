using RabbitMQ.Client;

namespace Rookery.Adapters.RabbitMq;

/// <summary>The exchanges and queues of a bus. All are durable, and the queues are replicated to a majority of the broker's nodes.</summary>
internal sealed class Topology(QueueNames names, RabbitMqOptions options)
{
    /// <summary>Later brokers have a limit where none is asked for, and drop what is over it.</summary>
    private const int AsGoodAsNoLimit = 1_000_000;

    public static Lane[] LanesOf(bool hasLanes) =>
        hasLanes ? [Lane.Small, Lane.Large, Lane.SetAside] : [Lane.Small, Lane.SetAside];

    public Task DeclareSharedAsync(IChannel channel, CancellationToken token) =>
        channel.ExchangeDeclareAsync(
            names.Events,
            ExchangeType.Fanout,
            durable: true,
            cancellationToken: token
        );

    /// <summary>Only the small lane is bound: the others get what the consumer moves there, or the broker sets aside.</summary>
    public async Task DeclareConsumerAsync(
        IChannel channel,
        string consumer,
        long number,
        bool hasLanes,
        CancellationToken token
    )
    {
        foreach (var lane in LanesOf(hasLanes))
        {
            await channel.QueueDeclareAsync(
                names.Of(consumer, number, lane),
                durable: true,
                exclusive: false,
                autoDelete: false,
                lane == Lane.SetAside ? OfSetAside() : Of(consumer, number),
                cancellationToken: token
            );
        }

        await channel.QueueBindAsync(
            names.Of(consumer, number, Lane.Small),
            names.Events,
            "",
            cancellationToken: token
        );
    }

    public async Task DeleteAsync(
        IChannel channel,
        string consumer,
        long number,
        CancellationToken token
    )
    {
        foreach (var lane in LanesOf(hasLanes: true))
        {
            await channel.QueueDeleteAsync(
                names.Of(consumer, number, lane),
                ifUnused: false,
                ifEmpty: false,
                cancellationToken: token
            );
        }
    }

    private static Dictionary<string, object?> OfSetAside() =>
        new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = AsGoodAsNoLimit };

    /// <summary>To set aside at least once needs that a full queue refuses, though none here has a length to be full at.</summary>
    private Dictionary<string, object?> Of(string consumer, long number) =>
        new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = options.DeliveryLimit,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = names.Of(consumer, number, Lane.SetAside),
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
}
