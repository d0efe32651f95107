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
    public async Task BuryUnfinishedAsync(OutboxRow row, CancellationToken token)
    {
        await BuryAsync(
            row,
            parts.Options.DeliveryLimit,
            "It was never acknowledged: the processes that had it ended, or lost their connection, each time.",
            token
        );
        NeverFinished(parts.Logger, consumer, row.Sequence, parts.Options.DeliveryLimit);
    }

    /// <summary>None that this version can read.</summary>
    public Task BuryMessageAsync(HeldMessage message) =>
        BuryMessageAsync(
            message,
            message.Type != StretchMessage.Type
                    ? $"is none that this version can read: that has type {StretchMessage.Type}"
                : message.Body.Length > parts.Options.MaxMessageBytes
                    ? $"is larger than RabbitMq:MaxMessageBytes, which is {parts.Options.MaxMessageBytes}"
                : "is not what its type says: JSON with the numbers after and through and the list events, in their order"
        );

    /// <summary>One that claims what the outbox does not say.</summary>
    public Task BuryForeignAsync(HeldMessage message, SequenceRange range) =>
        BuryMessageAsync(
            message,
            $"is about events {range.After + 1} to {range.Through}, and the outbox does not have that many"
        );

    /// <summary>One over which the bus itself fails again and again; its event, where it has a single one, is to be replayed.</summary>
    public Task BuryFailedAsync(HeldMessage message, OutboxRow? row, int attempts, Exception fault)
    {
        var why = $"{fault.GetType().Name}: {fault.Message}";
        return row is null
            ? BuryMessageAsync(message, $"cannot be handled: {why}")
            : BuryAsync(row, attempts, why, message.Stop);
    }

    /// <summary>It has no sequence: a number below all of them, from what it says, so that it stands there once.</summary>
    private async Task BuryMessageAsync(HeldMessage message, string why)
    {
        var body = message.Body;
        var hash = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(body.Span));
        var kept = body[..Math.Min(body.Length, KeptBytes)].ToArray();
        await BuryAsync(
            new OutboxRow(long.MinValue | hash, MessageName, 0, kept),
            1,
            $"A message of {body.Length} bytes and type \"{message.Type}\" {why}.",
            message.Stop
        );
        NotApplied(parts.Logger, consumer, body.Length, why);
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
        "{Consumer} got a message of {Bytes} bytes that {Why}; it is a dead letter"
    )]
    private static partial void NotApplied(ILogger logger, string consumer, int bytes, string why);
}
