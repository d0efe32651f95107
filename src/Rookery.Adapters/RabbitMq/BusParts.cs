using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>What everything that works on the bus's queues needs.</summary>
internal sealed record BusParts(
    RabbitMqOptions Options,
    QueueNames Names,
    StretchPublisher Publisher,
    IOutboxStore Outbox,
    OutboxEnd End,
    KnownPositions Positions,
    EventTypes Events,
    Retry Retry,
    TimeProvider Time,
    ILogger Logger
);
