using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;

namespace Rookery.Timelines;

/// <summary>
/// Watches over the parts of the timeline store. One that was taken over by another server is given again what it may have lost: all that the outbox has
/// after the event up to which it is known to be whole. One that could not be reached for a while is given what was postponed. Where the outbox has that
/// no more, its timelines are dropped, and readers build them.
/// </summary>
internal sealed partial class GuardTimelines(
    ITimelineParts parts,
    IPostponedParts postponed,
    IEventSources events,
    FanOut fanOut,
    MergedAuthors merged,
    TimeProvider time,
    ILogger<GuardTimelines> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Of posts and of follows, which may stand in one database.</summary>
    private readonly EventSource[] _sources = [.. new[] { events.Posts, events.Graph }.Distinct()];

    /// <summary>After that a server that lost its place has refused to write: `min-replicas-max-lag` is 10 s, and it looks every second.</summary>
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(12);

    /// <summary>Of which the log says that they are away.</summary>
    private readonly ConcurrentDictionary<string, bool> _told = new();

    /// <summary>What is being done, and to which part: nothing is done twice at once.</summary>
    private readonly ConcurrentDictionary<(string Part, bool IsDoubtful), bool> _begun = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (merged.All)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        var begun = new List<Task>();
        try
        {
            do
            {
                begun.RemoveAll(repair => repair.IsCompleted);
                await TryAsync(
                    async () =>
                        begun.AddRange(
                            (await BeginAsync(stoppingToken)).Select(repair =>
                                TryAsync(() => repair, stoppingToken)
                            )
                        ),
                    stoppingToken
                );
                // A part that takes long keeps no other from being looked at.
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look at all parts; those that are not whole are repaired, side by side.</summary>
    public async Task LookAsync(CancellationToken token) =>
        await Task.WhenAll(await BeginAsync(token));

    /// <summary>Looks at all parts, and begins to repair those that are not whole but for those that an earlier look still repairs.</summary>
    private async Task<IReadOnlyList<Task>> BeginAsync(CancellationToken token)
    {
        // In this order: what is postponed is noted before it counts as applied.
        var applied = await Task.WhenAll(
            _sources.Select(source => source.Bus.AppliedThroughAsync(token).AsTask())
        );
        var lacking = await postponed.AllAsync(token);
        var doubtful = await parts.CheckAsync(
            applied,
            [.. lacking.Select(part => new LackingPart(part.Part, Before(part, applied)))],
            token
        );
        return
        [
            .. doubtful.Select(part =>
                OnceAsync((part.Name, true), () => RepairAsync(part, token))
            ),
            .. lacking.Select(part =>
                OnceAsync((part.Part, false), () => MakeUpAsync(part, token))
            ),
        ];
    }

    private async Task OnceAsync((string Part, bool IsDoubtful) work, Func<Task> begin)
    {
        if (!_begun.TryAdd(work, true))
        {
            return;
        }

        try
        {
            await begin();
        }
        finally
        {
            _begun.TryRemove(work, out _);
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken token)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // A loop's edge: a part that could not be repaired is doubtful a second later.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Failed(logger, fault);
        }
    }

    private async Task RepairAsync(DoubtfulPart part, CancellationToken token)
    {
        if (part.TookOver)
        {
            Waiting(logger, part.Name, Refused);
            await Task.Delay(Refused, time, token);
        }

        // Beyond this nothing was acknowledged by the server before.
        var last = await Task.WhenAll(
            _sources.Select(source => source.Past.LastAsync(token).AsTask())
        );
        if (!await TryDeliverAgainAsync(part, last, token))
        {
            await parts.ClearAsync(part, token);
            Cleared(logger, part.Name);
        }

        await parts.ConfirmAsync(part, last, token);
    }

    /// <summary>What was applied, but of the outbox in question only what comes before the first that is missing.</summary>
    private long[] Before(PostponedPart part, long[] applied) =>
        [
            .. _sources.Zip(
                applied,
                (source, through) =>
                    source.Outbox == part.Outbox ? Math.Min(through, part.First - 1) : through
            ),
        ];

    /// <summary>Gives a part what was postponed, once it can be reached.</summary>
    private async Task MakeUpAsync(PostponedPart part, CancellationToken token)
    {
        if (parts.Within(part.Part) is not { } timelines)
        {
            if (_told.TryAdd(part.Part, true))
            {
                Away(logger, part.Part, part.First);
            }

            return;
        }

        // None, where the events are of an outbox that is this installation's no more.
        var source = Array.Find(_sources, one => one.Outbox == part.Outbox);
        var isMadeUp =
            source is not null
            && await source.Past.StandsAsync(part.First, token)
            && await TryDeliverAgainAsync(
                source,
                (part.Part, timelines),
                part.First - 1,
                part.Last,
                token
            );
        if (!isMadeUp)
        {
            await parts.ClearAsync(part.Part, token);
            Cleared(logger, part.Part);
        }

        _told.TryRemove(part.Part, out _);
        await postponed.SettleAsync(part, token);
    }

    /// <summary>Whether every outbox has all behind the event that is named of it.</summary>
    private async Task<bool> StandAsync(IReadOnlyList<long> after, CancellationToken token)
    {
        if (after.Count != _sources.Length)
        {
            return false;
        }

        for (var i = 0; i < _sources.Length; i++)
        {
            if (!await _sources[i].Past.StandsAsync(after[i], token))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False where the outboxes do not have all of it.</summary>
    private async Task<bool> TryDeliverAgainAsync(
        DoubtfulPart part,
        long[] last,
        CancellationToken token
    )
    {
        if (part.AppliedThrough is not { } after || !await StandAsync(after, token))
        {
            return false;
        }

        for (var i = 0; i < _sources.Length; i++)
        {
            var whole = (part.Name, part.Timelines);
            if (!await TryDeliverAgainAsync(_sources[i], whole, after[i], last[i], token))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// False where one of the events cannot be applied: live, it became a dead letter. To try it for ever would leave the part unread for as long.
    /// </summary>
    private async Task<bool> TryDeliverAgainAsync(
        EventSource source,
        (string Name, ITimelineStore Timelines) part,
        long after,
        long through,
        CancellationToken token
    )
    {
        var toPart = fanOut.Onto(part.Timelines);
        try
        {
            await foreach (var events in source.Past.BetweenAsync(after, through, token))
            {
                await toPart.HandleAsync(events, token);
            }
        }
#pragma warning disable CA1031 // Whatever it is that fails, it fails again.
        catch (Exception fault)
            when (fault is not (StoreUnavailableException or OperationCanceledException))
#pragma warning restore CA1031
        {
            NotDelivered(logger, fault, part.Name);
            return false;
        }

        DeliveredAgain(logger, part.Name, after, through);
        return true;
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Timelines in {Part} were taken over by another server; they are read again when the one before must have stopped ({Wait}) and all since was delivered again"
    )]
    private static partial void Waiting(ILogger logger, string part, TimeSpan wait);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Timelines in {Part} were given again the events after {After} up to {Through}"
    )]
    private static partial void DeliveredAgain(
        ILogger logger,
        string part,
        long after,
        long through
    );

    [LoggerMessage(3, LogLevel.Information, "Timelines in {Part} begin anew")]
    private static partial void Cleared(ILogger logger, string part);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "Timelines in {Part} cannot be reached; the others go on without them, and they are given the events from {First} on when they are back"
    )]
    private static partial void Away(ILogger logger, string part, long first);

    [LoggerMessage(
        6,
        LogLevel.Error,
        "Timelines in {Part} cannot be given again what they lack, and begin anew"
    )]
    private static partial void NotDelivered(ILogger logger, Exception fault, string part);

    [LoggerMessage(4, LogLevel.Warning, "The parts of the timeline store could not be looked at")]
    private static partial void Failed(ILogger logger, Exception fault);
}
