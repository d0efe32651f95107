using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Telemetry;

namespace Rookery.Notifications.Push;

/// <summary>
/// Sends what is due, to several subscriptions at a time and to each one after the other: a service that does not answer keeps one place busy, and not all. Several processes may do this: each
/// subscription is claimed by one.
/// </summary>
internal sealed partial class SendPushes : BackgroundService
{
    /// <summary>Looking costs one small read.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(15);

    private readonly IPushStore _store;
    private readonly SendPush _send;
    private readonly PushOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SendPushes> _logger;
    private volatile PushBacklog? _last;
    private DateTimeOffset _nextCount;
    private int _failing;

    public SendPushes(
        IPushStore store,
        SendPush send,
        IOptions<PushOptions> options,
        TelemetryEvents telemetry,
        TimeProvider time,
        ILogger<SendPushes> logger
    )
    {
        (_store, _send, _options, _time, _logger) = (store, send, options.Value, time, logger);
        telemetry.PushesAre(() => _last is { } last ? (last.Waiting, last.Failing) : null);
    }

    /// <summary>A claim outlives what the sending of a push may take, and its settling.</summary>
    private TimeSpan Lease => TimeSpan.FromSeconds(_options.TimeoutSeconds + 10);

    /// <summary>Sends one push to each of those that are due, and answers how many those were.</summary>
    public async Task<int> HandleAsync(CancellationToken token)
    {
        var due = await ClaimAsync(_options.AtOnce, token);
        await Task.WhenAll(due.Select(lane => TryAsync(lane, token)));
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await NextAsync(running, stoppingToken))
            {
                // Until there is something to do again: a place, or something due.
                using var woken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny([
                    .. running,
                    Task.Delay(BetweenLooks, _time, woken.Token)
                        .ContinueWith(_ => { }, TaskScheduler.Default),
                ]);
                await woken.CancelAsync();
            }

            running.RemoveAll(one => one.IsCompleted);
        }

        await Task.WhenAll(running);
    }

    /// <summary>Begins to send to whom something is due, as many as there are places for; false where it begins nothing.</summary>
    private async Task<bool> NextAsync(List<Task> running, CancellationToken token)
    {
        try
        {
            await CountAsync(token);
            var due = await ClaimAsync(_options.AtOnce - running.Count, token);
            running.AddRange(due.Select(lane => TryAsync(lane, token)));
            return due.Count > 0 && running.Count < _options.AtOnce;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return false;
        }
        catch (StoreUnavailableException)
        {
            // What is wrong with it, the store itself says; what was not sent is due again.
            return false;
        }
#pragma warning disable CA1031 // A loop's edge: what was not sent is due again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(_logger, fault);
            return false;
        }
    }

    /// <summary>Who could not be reached may well keep a place for all its time, so half of the places are for others.</summary>
    private async Task<IReadOnlyList<PushLane>> ClaimAsync(int most, CancellationToken token)
    {
        if (most <= 0 || !await _store.AreDueAsync(_time.GetUtcNow(), token))
        {
            return [];
        }

        var slow = Math.Min(most, ((_options.AtOnce + 1) / 2) - Volatile.Read(ref _failing));
        var due = new List<PushLane>();
        if (slow > 0)
        {
            due.AddRange(await _store.ClaimAsync(slow, Lease, failingToo: true, token));
        }

        if (due.Count < most && due.Count >= slow)
        {
            due.AddRange(
                await _store.ClaimAsync(most - due.Count, Lease, failingToo: false, token)
            );
        }

        Interlocked.Add(ref _failing, due.Count(IsFailing));
        return due;
    }

    private static bool IsFailing(PushLane lane) => lane.Subscription.Delivery.Failures > 0;

    private async Task CountAsync(CancellationToken token)
    {
        if (_time.GetUtcNow() is var now && now >= _nextCount)
        {
            _nextCount = now + BetweenCounts;
            _last = await _store.BacklogAsync(token);
        }
    }

    /// <summary>What one meets is no other's; its claim lapses, and it is tried again until its time is over.</summary>
    private async Task TryAsync(PushLane lane, CancellationToken token)
    {
        try
        {
            await _send.HandleAsync(lane, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // It is due again when the claim lapses.
        }
        catch (StoreUnavailableException)
        {
            // What is wrong with it, the store itself says.
        }
#pragma warning disable CA1031 // As a loop's edge.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OneFailed(_logger, fault, lane.Subscription.Id, lane.Subscription.Account);
        }
        finally
        {
            Interlocked.Add(ref _failing, IsFailing(lane) ? -1 : 0);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Pushes cannot be sent; trying again in a second")]
    private static partial void Failed(ILogger logger, Exception fault);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "A push to subscription {Subscription} of account {Account} could not be made; it is tried again"
    )]
    private static partial void OneFailed(
        ILogger logger,
        Exception fault,
        PushSubscriptionId subscription,
        AccountId account
    );
}
