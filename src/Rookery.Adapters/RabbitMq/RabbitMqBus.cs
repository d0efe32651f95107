using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client.Exceptions;
using Rookery.Api;
using Rookery.Delivery;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// The bus of several processes: a queue for each consumer in a broker, of which every process that has this consumer takes a share. It has taken
/// responsibility for a stretch when the broker has confirmed it for every queue. While the broker is away or full, a publish waits, and events stand
/// in the outbox.
/// </summary>
internal sealed partial class RabbitMqBus : BackgroundService, IEventBus, IReadiness
{
    private const int SilencesOfTheDead = 2;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // The network's time is the system's, whatever the product's is.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly Consumers _all;
    private readonly List<ConsumerLanes> _consumers;
    private readonly Topology _topology;
    private readonly QueueRefill _refill;
    private readonly BusParts _parts;
    private readonly AppliedMessages _applied;
    private TaskCompletionSource<BrokerSession> _session = NewSession();
    private long _confirmedThrough;
    private bool _wasLetIn;
    private string? _refusal;

    public RabbitMqBus(
        Consumers consumers,
        IOutboxStore outbox,
        EventTypes events,
        IOptions<DeliveryOptions> delivery,
        IOptions<RabbitMqOptions> options,
        TimeProvider time,
        ILogger<RabbitMqBus> logger
    )
    {
        var names = new QueueNames(options.Value.Prefix);
        var publisher = new StretchPublisher(names, options.Value);
        var retry = new Retry(delivery.Value, time, logger);
        _parts = new BusParts(
            options.Value,
            names,
            publisher,
            outbox,
            new OutboxEnd(outbox, retry),
            new KnownPositions(outbox, retry),
            events,
            retry,
            time,
            logger
        );
        _all = consumers;
        _applied = new AppliedMessages(_parts);
        _consumers =
        [
            .. _all.All.Select(one => new ConsumerLanes(one, _applied, _parts, delivery.Value)),
        ];
        _topology = new Topology(names, options.Value);
        _refill = new QueueRefill(_topology, _parts, delivery.Value.BatchSize);
    }

    private string Where =>
        string.Join(
            ", ",
            _parts.Options.Nodes.Select(node =>
                $"{node.Scheme}://{node.Authority.Split('@')[^1]}{node.AbsolutePath}"
            )
        );

    public string Name => "bus";

    public bool ReachesOthers => true;

    /// <summary>
    /// A broker that refuses who was never let in has found a wrong setting, which whoever rolls it out should see at the first process. One that is away is
    /// waited for, and who was let in before goes on: nothing that is asked of it needs the broker.
    /// </summary>
    public string? Problem => Volatile.Read(ref _refusal);

    public async Task PublishAsync(OutboxStretch stretch, CancellationToken token)
    {
        var messages = StretchMessage
            .Cut(
                new SequenceRange(stretch.After, stretch.Through),
                [.. stretch.Events.Select(_parts.Events.Write)],
                _parts.Options.EventsPerMessage
            )
            .ToList();
        _parts.End.Note(stretch.Through);
        while (_consumers.Count > 0 && !await TryPublishAsync(messages, token))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Clock, token);
        }

        Volatile.Write(ref _confirmedThrough, stretch.Through);
    }

    public async Task<Redelivery> RedeliverAsync(
        string? consumer,
        Committed happened,
        CancellationToken token
    )
    {
        var chosen = _consumers.FindAll(one => consumer is null || one.Name == consumer);
        if (chosen.Count == 0)
        {
            return Redelivery.NoConsumer;
        }

        var applied = await Task.WhenAll(chosen.Select(one => one.AloneAsync(happened, token)));
        return applied.All(one => one) ? Redelivery.Applied : Redelivery.Buried;
    }

    /// <summary>The outbox knows, whichever process applied what.</summary>
    public async ValueTask<long> AppliedThroughAsync(CancellationToken token)
    {
        var joined = (await _parts.Outbox.ConsumersAsync(token)).ToDictionary(
            one => one.Name,
            one => one.AppliedThrough
        );
        return _consumers
            .Select(one => joined.GetValueOrDefault(one.Name))
            .Concat(joined.Values)
            .DefaultIfEmpty(long.MaxValue)
            .Min();
    }

    public override void Dispose()
    {
        _consumers.ForEach(one => one.Dispose());
        base.Dispose();
        _applied.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_applied.RunAsync(stoppingToken), ConnectAsync(stoppingToken));

    /// <summary>One session after the other.</summary>
    private async Task ConnectAsync(CancellationToken stoppingToken)
    {
        var forgotten = await JoinAsync(stoppingToken);
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await using var session = await BrokerSession.OpenAsync(
                    _parts.Options,
                    new BrokerAlarm(Where, _parts.Logger).Tell,
                    stoppingToken
                );
                using var stopping = stoppingToken.Register(() => session.End("This process ends"));
                await SetUpAsync(session, forgotten);
                Connected(_parts.Logger, Where);
                (attempt, forgotten, _wasLetIn) = (0, [], true);
                Volatile.Write(ref _refusal, null);
                _session.SetResult(session);
                await KeepAsync(session);
                Lost(_parts.Logger, Where, await session.Ended);
            }
#pragma warning disable CA1031 // A loop's edge: the next session begins anew with what stands in outbox and broker.
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var why = BrokerFault.Explain(fault);
                if (!_wasLetIn && BrokerFault.IsRefusal(fault))
                {
                    Volatile.Write(
                        ref _refusal,
                        $"RabbitMQ at {Where} does not let this process in (setting RabbitMq:Uri): {why}."
                    );
                }

                Unreachable(_parts.Logger, BrokerFault.Is(fault) ? null : fault, Where, why);
            }
            catch (Exception fault) when (BrokerFault.Is(fault))
            {
                // This process ends, and so did what it was about.
            }

            if (_session.Task.IsCompleted)
            {
                Volatile.Write(ref _session, NewSession());
            }

            await PauseAsync(attempt, stoppingToken);
        }
    }

    private static TaskCompletionSource<BrokerSession> NewSession() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task PauseAsync(int attempt, CancellationToken token)
    {
        var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 10)));
        await Task.Delay(pause < LongestPause ? pause : LongestPause, Clock, token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Answers the consumers that are no more: nobody reads their queues.</summary>
    private Task<IReadOnlyList<JoinedConsumer>> JoinAsync(CancellationToken token) =>
        _parts.Retry.WhileUnavailableAsync<IReadOnlyList<JoinedConsumer>>(
            "bus",
            async () =>
            {
                _parts.Names.BelongTo(await _parts.Outbox.IdentityAsync(token));
                var before = await _parts.Outbox.ConsumersAsync(token);
                await _parts.Outbox.JoinAsync(_all.Names, token);
                return [.. before.ExceptBy(_all.Names, one => one.Name)];
            },
            token
        );

    private async Task SetUpAsync(BrokerSession session, IReadOnlyList<JoinedConsumer> forgotten)
    {
        var (channel, token) = (session.Publisher, session.Stop);
        await _topology.DeclareSharedAsync(channel, token);
        foreach (var one in forgotten)
        {
            await _topology.DeleteAsync(channel, one.Name, one.Queue, token);
        }

        var consumers = new List<(JoinedConsumer Joined, ConsumerLanes Consumer)>();
        foreach (var joined in await _parts.Outbox.ConsumersAsync(token))
        {
            if (_consumers.Find(one => one.Name == joined.Name) is { } consumer)
            {
                consumers.Add((joined, consumer));
            }
        }

        // All are asked at the same time: after a crash many may be silent, and each silence takes its seconds.
        var states = await Task.WhenAll(
            consumers.Select(one => FindAsync(session, one.Joined, one.Consumer))
        );
        foreach (var ((joined, consumer), state) in consumers.Zip(states))
        {
            await SetUpAsync(session, joined, consumer, state);
        }
    }

    /// <summary>
    /// A queue that is there and says nothing may have lost its leader for ever: RabbitMQ writes down a new quorum queue half a second late, and one
    /// that was killed before that never elects. Twice is taken for that; what was in it comes from the outbox.
    /// </summary>
    private Task<QueueState> FindAsync(
        BrokerSession session,
        JoinedConsumer joined,
        ConsumerLanes consumer
    ) =>
        consumer.SilencesOf(joined.Queue) >= SilencesOfTheDead
            ? Task.FromResult(QueueState.Silent)
            : AnsweredAsync(
                session,
                consumer,
                joined.Queue,
                () => _refill.FindAsync(session, joined, consumer.HasLanes)
            );

    /// <summary>Every consumer has its queue, whichever process reads it: what is published must be in all.</summary>
    private async Task SetUpAsync(
        BrokerSession session,
        JoinedConsumer joined,
        ConsumerLanes consumer,
        QueueState state
    )
    {
        await AnsweredAsync(
            session,
            consumer,
            joined.Queue,
            async () =>
            {
                var used = await _refill.EnsureAsync(
                    session,
                    joined,
                    consumer.HasLanes,
                    Volatile.Read(ref _confirmedThrough),
                    state
                );
                if (_all.RunsHere(consumer.Name))
                {
                    await consumer.StartAsync(session, used);
                }

                return used;
            }
        );
        consumer.NoteAnswer();
    }

    private static async Task<T> AnsweredAsync<T>(
        BrokerSession session,
        ConsumerLanes consumer,
        long queue,
        Func<Task<T>> ask
    )
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException) when (!session.Stop.IsCancellationRequested)
        {
            consumer.NoteSilence(queue);
            throw new SilentQueueException(consumer.Name);
        }
    }

    /// <summary>Completes when the session has ended; looks now and then whether something is missing.</summary>
    private async Task KeepAsync(BrokerSession session)
    {
        using var look = new PeriodicTimer(
            TimeSpan.FromSeconds(_parts.Options.RepairSeconds),
            Clock
        );
        try
        {
            while (await look.WaitForNextTickAsync(session.Stop))
            {
                await _parts.Retry.WhileUnavailableAsync(
                    "bus",
                    () => RepairAsync(session),
                    session.Stop
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The session has ended.
        }
    }

    private Task RepairAsync(BrokerSession session) =>
        _refill.RepairAsync(
            session,
            name => _consumers.Exists(one => one.Name == name && one.HasLanes),
            name => _consumers.Exists(one => one.Name == name && one.IsBusy)
        );

    /// <summary>False where the broker did not confirm all of it; what it has is published again with the rest.</summary>
    private async Task<bool> TryPublishAsync(List<StretchMessage> messages, CancellationToken token)
    {
        var session = await Volatile.Read(ref _session).Task.WaitAsync(token);
        try
        {
            await _parts.Publisher.ToAllAsync(session, messages, token);
            return true;
        }
        catch (Exception fault) when (BrokerFault.Is(fault) && !token.IsCancellationRequested)
        {
            Unconfirmed(_parts.Logger, BrokerFault.Explain(fault));
            if (fault is PublishException { IsReturn: true })
            {
                session.End("There is no queue");
            }

            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Events go through RabbitMQ at {Where}")]
    private static partial void Connected(ILogger logger, string where);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "Events do not go through RabbitMQ at {Where} (setting RabbitMq:Uri) now: {Why}. Trying again; they wait in the outbox"
    )]
    private static partial void Unreachable(
        ILogger logger,
        Exception? fault,
        string where,
        string why
    );

    [LoggerMessage(3, LogLevel.Warning, "The connection to RabbitMQ at {Where} ended: {Why}")]
    private static partial void Lost(ILogger logger, string where, string why);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "RabbitMQ did not confirm all events ({Why}); they are published again"
    )]
    private static partial void Unconfirmed(ILogger logger, string why);
}
