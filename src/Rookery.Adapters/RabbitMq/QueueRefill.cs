using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// Sees that each consumer has its queue, and that what it has not applied is in it. A queue that is not there was lost with what it held: the next
/// one gets that from the outbox, and only then it counts.
/// </summary>
internal sealed partial class QueueRefill(Topology topology, BusParts parts, int batch)
{
    private Dictionary<string, long> _before = [];
    private readonly Dictionary<string, long> _inUse = [];
    private long _publishedBefore;

    public async Task<QueueState> FindAsync(
        BrokerSession session,
        JoinedConsumer consumer,
        bool hasLanes
    ) =>
        await WaitingAsync(session, consumer, hasLanes) is null
            ? QueueState.Lost
            : QueueState.There;

    /// <summary>Answers the number of the consumer's queue.</summary>
    /// <param name="confirmedThrough">What the broker confirmed, though the outbox may not know yet.</param>
    public async Task<long> EnsureAsync(
        BrokerSession session,
        JoinedConsumer consumer,
        bool hasLanes,
        long confirmedThrough,
        QueueState state
    )
    {
        if (state == QueueState.There)
        {
            _inUse[consumer.Name] = consumer.Queue;
            return consumer.Queue;
        }

        var (channel, next) = (session.Publisher, consumer.Queue + 1);
        await topology.DeclareConsumerAsync(channel, consumer.Name, next, hasLanes, session.Stop);
        if (state == QueueState.Silent)
        {
            // Before the next one counts: nobody would look at this one again, and while it is bound nothing is ever confirmed.
            await LeaveAsync(session, consumer);
        }

        var published = await parts.Outbox.PublishedThroughAsync(session.Stop);
        var through = Math.Max(published, confirmedThrough);
        var queue = parts.Names.Of(consumer.Name, next, Lane.Small);
        await FillAsync(session, queue, new SequenceRange(consumer.AppliedThrough, through));
        await parts.Outbox.ReplaceQueueAsync(consumer.Name, consumer.Queue, session.Stop);
        Filled(parts.Logger, queue, through - consumer.AppliedThrough);
        if (state == QueueState.Lost)
        {
            // One of the old queues may be there still: what is in it is in the new one too.
            await topology.DeleteAsync(channel, consumer.Name, consumer.Queue, session.Stop);
        }

        _inUse[consumer.Name] = next;
        return next;
    }

    /// <summary>
    /// Publishes again what is in no queue and was not applied: somebody emptied a queue, or a message of ours could not be read. That is the case
    /// where a position has not moved since the last look, though its queues are empty and nobody here is at work. Once too often does no harm.
    /// </summary>
    public async Task RepairAsync(
        BrokerSession session,
        Func<string, bool> hasLanes,
        Func<string, bool> isBusy
    )
    {
        var token = session.Stop;
        var consumers = await parts.Outbox.ConsumersAsync(token);
        var published = await parts.Outbox.PublishedThroughAsync(token);
        if (consumers.Any(one => _inUse.GetValueOrDefault(one.Name, one.Queue) != one.Queue))
        {
            session.End("Another process has replaced a queue");
            return;
        }

        foreach (var consumer in consumers.Where(one => Stands(one) && !isBusy(one.Name)))
        {
            if (await WaitingAsync(session, consumer, hasLanes(consumer.Name)) == 0)
            {
                var queue = parts.Names.Of(consumer.Name, consumer.Queue, Lane.Small);
                var missing = new SequenceRange(consumer.AppliedThrough, _publishedBefore);
                Missing(parts.Logger, consumer.Name, missing.After, missing.Through);
                await FillAsync(session, queue, missing);
            }
        }

        _before = consumers.ToDictionary(one => one.Name, one => one.AppliedThrough);
        _publishedBefore = published;
    }

    private bool Stands(JoinedConsumer consumer) =>
        consumer.AppliedThrough < _publishedBefore
        && _before.TryGetValue(consumer.Name, out var before)
        && before == consumer.AppliedThrough;

    /// <summary>How many messages wait for the consumer; null where a queue of its is not there.</summary>
    private async Task<long?> WaitingAsync(
        BrokerSession session,
        JoinedConsumer consumer,
        bool hasLanes
    )
    {
        long waiting = 0;
        foreach (var lane in Topology.LanesOf(hasLanes))
        {
            var queue = parts.Names.Of(consumer.Name, consumer.Queue, lane);
            if (await session.MessagesInAsync(queue) is not { } messages)
            {
                return null;
            }

            waiting += messages;
        }

        return waiting;
    }

    private bool IsForConsumers(Committed committed) =>
        parts.Events.IsForConsumers(committed.Event);

    /// <summary>It gets nothing any more; whether it can be deleted, nobody knows.</summary>
    private async Task LeaveAsync(BrokerSession session, JoinedConsumer consumer)
    {
        var queue = parts.Names.Of(consumer.Name, consumer.Queue, Lane.Small);
        await session.Publisher.QueueUnbindAsync(
            queue,
            parts.Names.Events,
            "",
            cancellationToken: session.Stop
        );
        Silent(parts.Logger, queue);
    }

    private async Task FillAsync(BrokerSession session, string queue, SequenceRange missing)
    {
        var token = session.Stop;
        var after = missing.After;
        while (after < missing.Through)
        {
            var rows = (await parts.Outbox.ReadAsync(after, batch, token))
                .TakeWhile(row => row.Sequence <= missing.Through)
                .ToList();
            var through = rows.Count < batch ? missing.Through : rows[^1].Sequence;
            // What cannot be read is a dead letter of the relay's.
            var told = parts.Events.ReadAll(rows).FindAll(IsForConsumers);
            var messages = StretchMessage.Cut(
                new SequenceRange(after, through),
                [.. told.Select(parts.Events.Write)],
                parts.Options.EventsPerMessage
            );
            await parts.Publisher.ToQueueAsync(session, queue, messages, token);
            after = through;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Information,
        "The queue {Queue} is new and got what its consumer has not applied, {Count} events"
    )]
    private static partial void Filled(ILogger logger, string queue, long count);

    [LoggerMessage(
        3,
        LogLevel.Error,
        "The queue {Queue} does not answer and is used no more; delete it with those beside it"
    )]
    private static partial void Silent(ILogger logger, string queue);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Events after {After} up to {Through} are in no queue of {Consumer}; they are published again"
    )]
    private static partial void Missing(ILogger logger, string consumer, long after, long through);
}

/// <summary>How a consumer's queues were found.</summary>
internal enum QueueState
{
    There,

    /// <summary>One at least is not there.</summary>
    Lost,

    /// <summary>One is there and of no use: it did not answer, again and again.</summary>
    Silent,
}
