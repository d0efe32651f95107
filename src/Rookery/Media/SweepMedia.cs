using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Media;

/// <summary>Removes uploads that nothing has taken, and what is left of those that failed, every ten minutes.</summary>
internal sealed partial class SweepMedia(
    IMediaStore store,
    FreeMedia free,
    RemoveMedia remove,
    IOptions<MediaOptions> options,
    TimeProvider time,
    ILogger<SweepMedia> logger
) : BackgroundService
{
    private const int Chunk = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>A put that its server was too slow for may still be done there; by then it is.</summary>
    private static readonly TimeSpan FailedPutsEnd = TimeSpan.FromHours(1);

    /// <summary>Answers how many were removed.</summary>
    public async Task<int> HandleAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        return await RemoveUntakenAsync(now, token) + await RemoveGivenUpAsync(now, token);
    }

    /// <summary>Posts are asked first: what is on one is taken, and what may come to be on one while this goes on is held.</summary>
    private async Task<int> RemoveUntakenAsync(DateTimeOffset now, CancellationToken token)
    {
        var uploadedBefore = now.AddHours(-options.Value.UntakenHours);
        var (removed, last) = (0, default(MediaId));
        while (
            await store.SomeUntakenAsync(uploadedBefore, now, last, Chunk, token)
                is { Count: > 0 } media
        )
        {
            var asOf = await free.TakeAttachedAsync(media, token);
            var given = await store.GiveUpFreeAsync(media, asOf, token);
            await remove.RemoveAsync(given, token);
            (removed, last) = (removed + given.Count, media[^1]);
        }

        return removed;
    }

    private async Task<int> RemoveGivenUpAsync(DateTimeOffset now, CancellationToken token)
    {
        var removed = 0;
        while (
            await store.SomeGivenUpAsync(now - FailedPutsEnd, Chunk, token) is { Count: > 0 } media
        )
        {
            await remove.RemoveAsync(media, token);
            removed += media.Count;
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await HandleAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop's edge: what was not removed is tried again ten minutes later.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                SweepFailed(logger, fault);
            }

            await Task.Delay(Interval, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Uploads that nothing has taken could not be removed; trying again in ten minutes"
    )]
    private static partial void SweepFailed(ILogger logger, Exception fault);
}
