using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>Puts where the operator sees them the messages and events that the bus cannot bring to a consumer.</summary>
internal sealed partial class Letters(BusParts parts, string consumer)
{
    /// <summary>What stands as an event's name for a message that is none.</summary>
    private const string MessageName = "rabbitmq.message";

    /// <summary>Of a message that cannot be read so much is kept.</summary>
    private const int KeptBytes = 64 << 10;

    public Task BuryUnreadableAsync(OutboxRow row, CancellationToken token) =>
        BuryAsync(
            row,
            1,
            $"No event is called {row.Name} in version {row.Version}, or its text is not one.",
            token
        );

    /// <summary>One that every process that took it ended over, also when it had nothing else in hand.</summary>
    public Task BuryUnfinishedAsync(OutboxRow row, CancellationToken token)
    {
        NeverFinished(parts.Logger, consumer, row.Sequence, parts.Options.DeliveryLimit);
        return BuryAsync(
            row,
            parts.Options.DeliveryLimit,
            "It was never acknowledged: the processes that had it ended, or lost their connection, each time.",
            token
        );
    }

    /// <summary>It has no sequence: a number below all of them, from what it says, so that it stands there once.</summary>
    public Task BuryMessageAsync(HeldMessage message)
    {
        var body = message.Body;
        var hash = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(body.Span));
        var kept = body[..Math.Min(body.Length, KeptBytes)].ToArray();
        Unreadable(parts.Logger, consumer, body.Length);
        return BuryAsync(
            new OutboxRow(long.MinValue | hash, MessageName, 0, kept),
            1,
            $"A message of {body.Length} bytes and type \"{message.Type}\" is none that this version can read: that has type {StretchMessage.Type} and at most {parts.Options.MaxMessageBytes} bytes.",
            message.Stop
        );
    }

    private Task BuryAsync(OutboxRow row, int attempts, string error, CancellationToken token) =>
        parts.Retry.WhileUnavailableAsync(
            consumer,
            () =>
                parts.Outbox.BuryAsync(
                    new DeadLetter(consumer, row, attempts, error, parts.Time.GetUtcNow()),
                    token
                ),
            token
        );

    [LoggerMessage(
        1,
        LogLevel.Error,
        "{Consumer} did not finish event {Sequence} in {Attempts} lives; it is a dead letter"
    )]
    private static partial void NeverFinished(
        ILogger logger,
        string consumer,
        long sequence,
        int attempts
    );

    [LoggerMessage(
        2,
        LogLevel.Error,
        "A message of {Bytes} bytes for {Consumer} cannot be read; it is a dead letter"
    )]
    private static partial void Unreadable(ILogger logger, string consumer, int bytes);
}
