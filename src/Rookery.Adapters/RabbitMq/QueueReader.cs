using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// Takes the messages of one queue for one consumer, one after the other. Each is acknowledged when its events were applied or are dead letters and
/// the outbox knows, which is told of several at once; until then the broker has it, and gives it to somebody else when this process ends.
/// <para>
/// What was set aside comes one event at a time and alone: who ends now ends over that one, and those that were only in the same hands are applied.
/// </para>
/// </summary>
internal sealed partial class QueueReader(
    IEventConsumer consumer,
    Lane lane,
    ApplyEvents apply,
    AppliedMessages applied,
    BusParts parts
)
{
    /// <summary>The waits between them double, to some twelve seconds together: a fault that passes has that long to.</summary>
    private const int MostAttempts = 8;

    private readonly Letters _letters = new(parts, consumer.Name);
    private int _inHand;

    /// <summary>Whether it has a message that it has not acknowledged.</summary>
    public bool IsBusy => Volatile.Read(ref _inHand) > 0 || applied.Holds(Name);

    private string Name => consumer.Name;

    public async Task StartAsync(BrokerSession session, long queue, CancellationToken token)
    {
        var name = parts.Names.Of(Name, queue, lane);
        var most = lane == Lane.SetAside ? 1 : parts.Options.Prefetch;
        var channel = await session.OpenConsumingAsync((ushort)most, token);
        var reading = new AsyncEventingBasicConsumer(channel);
        reading.ReceivedAsync += (_, delivery) =>
            TakeAsync(new HeldMessage(session, channel, queue, delivery));
        reading.UnregisteredAsync += (_, _) =>
        {
            session.End($"The queue {name} was deleted");
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(name, autoAck: false, reading, token);
    }

    /// <summary>Goes on until the message is off the queue or the session has ended.</summary>
    private async Task TakeAsync(HeldMessage held)
    {
        Interlocked.Increment(ref _inHand);
        try
        {
            Exception? last = null;
            for (var attempt = 1; !held.Stop.IsCancellationRequested; attempt++)
            {
                try
                {
                    await (
                        last is not null && attempt > MostAttempts && !BrokerFault.Is(last)
                            ? LetGoAsync(held, attempt - 1, last)
                            : HandleAsync(held)
                    );
                    return;
                }
#pragma warning disable CA1031 // A loop's edge: what failed is still in its queue and is tried again.
                catch (Exception fault) when (!held.Stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    last = fault;
                    Stuck(parts.Logger, fault, Name, attempt);
                    await parts.Retry.AfterAsync(attempt, held.Stop);
                }
            }
        }
        catch (Exception fault) when (BrokerFault.Is(fault))
        {
            // The session has ended: the message is in its queue again.
        }
        finally
        {
            Interlocked.Decrement(ref _inHand);
        }
    }

    private async Task HandleAsync(HeldMessage held)
    {
        var message = held.Read(parts.Options.MaxMessageBytes);
        if (message is null && lane == Lane.SetAside)
        {
            await _letters.BuryMessageAsync(held);
            await held.AcknowledgeAsync();
        }
        else if (message is null)
        {
            await held.RefuseAsync();
        }
        else
        {
            await ApplyWhileHeldAsync(held, message);
        }
    }

    /// <summary>
    /// What the bus itself cannot do with a message, it can do no better the next time, and others wait behind it: they go on, and it goes where its
    /// events come one at a time. What fails there too is a dead letter.
    /// </summary>
    private async Task LetGoAsync(HeldMessage held, int attempts, Exception fault)
    {
        if (lane != Lane.SetAside)
        {
            GaveUp(parts.Logger, fault, Name, attempts, "set aside");
            await held.RefuseAsync();
            return;
        }

        var message = held.Read(parts.Options.MaxMessageBytes);
        var row = message?.Rows is [var only] ? only : null;
        await _letters.BuryFailedAsync(held, row, attempts, fault);
        GaveUp(parts.Logger, fault, Name, attempts, "a dead letter");
        if (
            message is not null
            && row is not null
            && await parts.End.ReachesAsync(message.Range.Through, Name, held.Stop)
        )
        {
            await AddAppliedAsync([message.Range], held.Stop);
        }

        await held.AcknowledgeAsync();
    }

    private async Task ApplyWhileHeldAsync(HeldMessage held, StretchMessage message)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(held.Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(parts.Options.HoldSeconds));
        try
        {
            if (await parts.End.ReachesAsync(message.Range.Through, Name, patience.Token))
            {
                await (
                    lane == Lane.SetAside
                        ? ApplySetAsideAsync(held, message, patience.Token)
                        : ApplyWithOthersAsync(held, message, patience.Token)
                );
                return;
            }
        }
        catch (OperationCanceledException) when (!held.Stop.IsCancellationRequested)
        {
            // Nobody has counted an attempt, and as a new message it begins with none.
            await PublishAsync(held, lane, [message], held.Stop);
            await held.AcknowledgeAsync();
            return;
        }

        if (lane == Lane.SetAside)
        {
            await _letters.BuryForeignAsync(held, message.Range);
            await held.AcknowledgeAsync();
        }
        else
        {
            await held.RefuseAsync();
        }
    }

    private async Task ApplyWithOthersAsync(
        HeldMessage held,
        StretchMessage message,
        CancellationToken token
    ) => applied.Add(new AppliedMessage(Name, await ApplyAsync(held, message, token), held));

    private async Task ApplySetAsideAsync(
        HeldMessage held,
        StretchMessage message,
        CancellationToken token
    )
    {
        if (message.Rows.Count > 1)
        {
            var each = StretchMessage.Cut(message.Range, message.Rows, 1);
            await PublishAsync(held, Lane.SetAside, each, token);
        }
        else if (message.Rows.Count == 1 && held.Returned >= parts.Options.DeliveryLimit)
        {
            await GiveUpAsync(held, message, token);
            await AddAppliedAsync([message.Range], token);
        }
        else
        {
            await AddAppliedAsync(await ApplyAsync(held, message, token), token);
        }

        await held.AcknowledgeAsync();
    }

    /// <summary>Where the process ends over what follows the dead letter too, that is left out.</summary>
    private async Task GiveUpAsync(
        HeldMessage held,
        StretchMessage message,
        CancellationToken token
    )
    {
        await _letters.BuryUnfinishedAsync(message.Rows[0], token);
        if (held.Returned == parts.Options.DeliveryLimit)
        {
            foreach (var happened in parts.Events.ReadAll(message.Rows))
            {
                await apply.GiveUpAsync(happened, token);
            }
        }
    }

    /// <summary>Which of its events were applied or are dead letters: all but those that another message has now.</summary>
    private async Task<IReadOnlyList<SequenceRange>> ApplyAsync(
        HeldMessage held,
        StretchMessage message,
        CancellationToken token
    )
    {
        var rows = await NotAppliedAsync(message, token);
        var readable = parts.Events.ReadAll(rows);
        var sequences = readable.Select(one => one.Sequence);
        foreach (var row in rows.ExceptBy(sequences, row => row.Sequence))
        {
            // One that only a later version knows must not keep the others.
            await _letters.BuryUnreadableAsync(row, token);
        }

        var large = await MoveLargeAsync(held, readable, token);
        await apply.AllAsync([.. readable.Except(large)], token);
        return Without(message.Range, large);
    }

    /// <summary>
    /// What comes once more, perhaps from behind a long backlog, is let go here: the marks that would tell it are kept no longer than the position
    /// needs them.
    /// </summary>
    private async Task<IReadOnlyList<OutboxRow>> NotAppliedAsync(
        StretchMessage message,
        CancellationToken token
    )
    {
        // In this order: what is noted in between is in either.
        var here = applied.RangesOf(Name);
        var position = await parts.Positions.OfAsync(Name, token);
        return
        [
            .. message.Rows.Where(row =>
                row.Sequence > position
                && !here.Any(range => row.Sequence > range.After && row.Sequence <= range.Through)
            ),
        ];
    }

    private async Task<IReadOnlyList<Committed>> MoveLargeAsync(
        HeldMessage held,
        List<Committed> events,
        CancellationToken token
    )
    {
        if (lane != Lane.Small || !consumer.HasLanes)
        {
            return [];
        }

        var large = await parts.Retry.WhileUnavailableAsync(
            Name,
            () => consumer.LargeAsync(events, token).AsTask(),
            token
        );
        if (large.Count > 0)
        {
            var each = large.Select(one => new StretchMessage(
                Alone(one),
                [parts.Events.Write(one)]
            ));
            await PublishAsync(held, Lane.Large, each, token);
        }

        return large;
    }

    private Task PublishAsync(
        HeldMessage held,
        Lane to,
        IEnumerable<StretchMessage> messages,
        CancellationToken token
    )
    {
        var queue = parts.Names.Of(Name, held.Queue, to);
        return parts.Publisher.ToQueueAsync(held.Session, queue, messages, token);
    }

    private Task AddAppliedAsync(IReadOnlyList<SequenceRange> ranges, CancellationToken token) =>
        parts.Retry.WhileUnavailableAsync(
            Name,
            () => parts.Outbox.AddAppliedAsync(Name, ranges, token),
            token
        );

    private static SequenceRange Alone(Committed one) => new(one.Sequence - 1, one.Sequence);

    /// <summary>The range but for what is applied elsewhere.</summary>
    private static List<SequenceRange> Without(SequenceRange range, IReadOnlyList<Committed> moved)
    {
        var rest = new List<SequenceRange>();
        var after = range.After;
        foreach (var gap in moved.OrderBy(one => one.Sequence).Select(Alone))
        {
            rest.Add(new SequenceRange(after, gap.After));
            after = gap.Through;
        }

        rest.Add(new SequenceRange(after, range.Through));
        rest.RemoveAll(one => one.Through <= one.After);
        return rest;
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "{Consumer} cannot go on with a message after {Attempts} attempts; trying again"
    )]
    private static partial void Stuck(
        ILogger logger,
        Exception fault,
        string consumer,
        int attempts
    );

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Consumer} gave up on a message after {Attempts} attempts; it is {Became}"
    )]
    private static partial void GaveUp(
        ILogger logger,
        Exception fault,
        string consumer,
        int attempts,
        string became
    );
}
