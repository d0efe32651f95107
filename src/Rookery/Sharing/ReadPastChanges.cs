using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;

namespace Rookery.Sharing;

/// <summary>
/// Tells <see cref="ChangesSeen"/> what happened before this process was told of anything, from the newest event back to as many as are wanted or kept:
/// with each stretch more of what others have shared can be used.
/// </summary>
internal sealed partial class ReadPastChanges(
    ISharedCache cache,
    SharedSources sources,
    IEventSources events,
    IOptions<SharingOptions> options,
    TimeProvider time,
    ILogger<ReadPastChanges> logger
) : BackgroundService
{
    private const long Stretch = 1_000;

    /// <summary>Between two looks whether everything was forgotten, and between two tries.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!cache.Keeps)
        {
            return;
        }

        await Task.WhenAll(
            new[]
            {
                (sources.Posts.Changes, events.Posts.Past),
                (sources.Cards.Changes, events.Accounts.Past),
            }
                .Distinct()
                .Select(one => FollowAsync(one.Changes, one.Past, stoppingToken))
        );
    }

    private async Task FollowAsync(ChangesSeen changes, IPastEvents past, CancellationToken token)
    {
        int? read = null;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (
                changes.Era is var era
                && era != read
                && await TryReadAsync(changes, past, era, token)
            )
            {
                read = era;
            }
        } while (await timer.WaitForNextTickAsync(token));
    }

    /// <summary>False where everything was forgotten meanwhile.</summary>
    public async Task<bool> ReadAsync(
        ChangesSeen changes,
        IPastEvents past,
        int era,
        CancellationToken token
    )
    {
        // Observers are connected before hosted services start: all behind this event they are told of.
        var last = await past.LastAsync(token);
        var knows = changes.Knows(last, last, era);
        var least = Math.Max(0, last - options.Value.RememberedEvents);
        for (var through = last; knows && through > least; )
        {
            var after = Math.Max(least, through - Stretch);
            if (!await past.StandsAsync(after + 1, token))
            {
                break;
            }

            await foreach (var stretch in past.BetweenAsync(after, through, token))
            {
                changes.Note(stretch);
            }

            knows = changes.Knows(after, last, era);
            through = after;
        }

        return knows;
    }

    private async Task<bool> TryReadAsync(
        ChangesSeen changes,
        IPastEvents past,
        int era,
        CancellationToken token
    )
    {
        try
        {
            return await ReadAsync(changes, past, era, token);
        }
#pragma warning disable CA1031 // A loop's edge: what was not read is read at the next try, and until then less of what is shared is used.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotRead(logger, fault);
            return false;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Past events cannot be read, so what other processes have shared is not used; trying again"
    )]
    private static partial void CannotRead(ILogger logger, Exception fault);
}
