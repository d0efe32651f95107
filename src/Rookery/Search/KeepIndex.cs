using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;

namespace Rookery.Search;

/// <summary>Beside who follows the commits: merges what the index consists of, and leaves images of it on the disk for the next start.</summary>
internal sealed partial class KeepIndex(
    SearchIndex index,
    IndexPosts follow,
    SearchSnapshots snapshots,
    IAccounts accounts,
    IndexAccounts readAccounts,
    IOptions<SearchOptions> options,
    TimeProvider time,
    ILogger<KeepIndex> logger
) : BackgroundService
{
    private static readonly TimeSpan BetweenMerges = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestImage = TimeSpan.FromSeconds(5);

    private long _imaged = -1;

    /// <summary>Leaves an image for the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hurry.CancelAfter(LongestImage);
        await TakeImageAsync(hurry.Token);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            TakeImagesAsync(stoppingToken),
            MergeAsync(stoppingToken),
            accounts.TellsOfChanges ? Task.CompletedTask : AskForAccountsAsync(stoppingToken)
        );

    /// <summary>They are another process's, which tells nothing: until then names and choices are those of before.</summary>
    private async Task AskForAccountsAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(BetweenReadings, time);
        while (await TickAsync(timer, token))
        {
            if (index.IsBuilt)
            {
                await TryAskForAccountsAsync(token);
            }
        }
    }

    /// <summary>Asked here, so that whoever follows the posts waits for no account.</summary>
    private async Task TryAskForAccountsAsync(CancellationToken token)
    {
        try
        {
            await foreach (var some in readAccounts.AllAsync(index.Now, token))
            {
                await follow.GiveAsync(some, token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested) { }
#pragma warning disable CA1031 // A loop's edge: they are asked again half a minute later.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NoAccounts(logger, fault);
        }
    }

    /// <summary>The writer would do it itself if nobody else did.</summary>
    private async Task MergeAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(BetweenMerges, time);
        while (await TickAsync(timer, token))
        {
            while (!token.IsCancellationRequested && index.Now.Merge()) { }
        }
    }

    private async Task TakeImagesAsync(CancellationToken token)
    {
        var between = TimeSpan.FromMinutes(options.Value.SnapshotMinutes);
        using var timer = new PeriodicTimer(between, time);
        while (await TickAsync(timer, token))
        {
            await TakeImageAsync(token);
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken token)
    {
        try
        {
            return await timer.WaitForNextTickAsync(token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Where anything happened since the last one.</summary>
    private async Task TakeImageAsync(CancellationToken token)
    {
        try
        {
            var changes = follow.Changes;
            if (index.IsWhole && changes != _imaged)
            {
                var watermark = await snapshots.WatermarkAsync(token);
                await follow.CaughtUpAsync(token);
                await Task.Run(() => snapshots.Write(index.Now, watermark), token);
                _imaged = changes;
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested) { }
#pragma warning disable CA1031 // A loop's edge: the next image makes up for this one; without any the next start takes longer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NoImage(logger, fault);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "No image of the search index was taken")]
    private static partial void NoImage(ILogger logger, Exception fault);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The accounts could not be read; until they can be, names and choices are those of before"
    )]
    private static partial void NoAccounts(ILogger logger, Exception fault);
}
