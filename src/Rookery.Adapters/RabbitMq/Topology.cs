using RabbitMQ.Client;

namespace Rookery.Adapters.RabbitMq;

/// <summary>The exchanges and queues of a bus. All are durable, and the queues are replicated to a majority of the broker's nodes.</summary>
internal sealed class Topology(QueueNames names, RabbitMqOptions options)
{
    /// <summary>Later brokers have a limit where none is asked for, and drop what is over it.</summary>
    private const int AsGoodAsNoLimit = 1_000_000;

    /// <summary>The queues that hold what was published: they are filled from the outbox when they were lost.</summary>
    public static Lane[] FilledLanes(bool hasLanes) =>
        hasLanes ? [Lane.Small, Lane.Large] : [Lane.Small];

    /// <summary>The exchanges, and for each consumer the queue of what is set aside.</summary>
    public async Task DeclareSharedAsync(
        IChannel channel,
        IEnumerable<string> consumers,
        CancellationToken token
    )
    {
        await DeclareExchangeAsync(channel, names.Events, ExchangeType.Fanout, token);
        await DeclareExchangeAsync(channel, names.SetAside, ExchangeType.Direct, token);
        foreach (var consumer in consumers)
        {
            var queue = names.Of(consumer, 0, Lane.SetAside);
            await DeclareAsync(
                channel,
                queue,
                new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = AsGoodAsNoLimit },
                token
            );
            await channel.QueueBindAsync(queue, names.SetAside, consumer, cancellationToken: token);
        }
    }

    /// <summary>Only the small lane is bound: the large one gets what a consumer moves there.</summary>
    public async Task DeclareConsumerAsync(
        IChannel channel,
        string consumer,
        long number,
        bool hasLanes,
        CancellationToken token
    )
    {
        foreach (var lane in FilledLanes(hasLanes))
        {
            var queue = names.Of(consumer, number, lane);
            await DeclareAsync(channel, queue, Arguments(consumer), token);
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
        IEnumerable<Lane> lanes,
        CancellationToken token
    )
    {
        foreach (var lane in lanes)
        {
            await channel.QueueDeleteAsync(
                names.Of(consumer, number, lane),
                ifUnused: false,
                ifEmpty: false,
                cancellationToken: token
            );
        }
    }

    private static Task DeclareExchangeAsync(
        IChannel channel,
        string exchange,
        string type,
        CancellationToken token
    ) => channel.ExchangeDeclareAsync(exchange, type, durable: true, cancellationToken: token);

    private static Task<QueueDeclareOk> DeclareAsync(
        IChannel channel,
        string queue,
        Dictionary<string, object?> arguments,
        CancellationToken token
    ) =>
        channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: token
        );

    /// <summary>To set aside at least once needs that a full queue refuses, though none here has a length to be full at.</summary>
    private Dictionary<string, object?> Arguments(string consumer) =>
        new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = options.DeliveryLimit,
            ["x-dead-letter-exchange"] = names.SetAside,
            ["x-dead-letter-routing-key"] = consumer,
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
}
