using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Verification;

/// <summary>
/// Counts everything anew over and over, a chunk at a time with a rest behind it, and repairs what is wrong: a counter that a fault left wrong
/// does not stay so until an operator asks.
/// </summary>
internal sealed partial class RepairCounters(
    RecountThings accounts,
    RecountPosts posts,
    SettledDelivery delivery,
    IOptions<VerificationOptions> options,
    TimeProvider time,
    ILogger<RepairCounters> logger
) : BackgroundService
{
    // The first minutes belong to those who come back after a restart.
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);

    /// <summary>One pass over all accounts and posts; answers how many counters were wrong.</summary>
    public async Task<int> HandleAsync(CancellationToken token)
    {
        var wrong = 0;
        await foreach (var chunk in accounts.HandleAsync(delivery.WaitAsync, repair: true, token))
        {
            wrong += chunk.Differences.Count;
            await RestAsync(token);
        }

        await foreach (var chunk in posts.HandleAsync(repair: true, token))
        {
            wrong += chunk.Differences.Count;
            await RestAsync(token);
        }

        return wrong;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hours = options.Value.RecountHours;
        if (hours == 0)
        {
            return;
        }

        await Task.Delay(AfterStart, time, stoppingToken);
        while (true)
        {
            await PassAsync(stoppingToken);
            await Task.Delay(TimeSpan.FromHours(hours), time, stoppingToken);
        }
    }

    private async Task PassAsync(CancellationToken token)
    {
        try
        {
            if (await HandleAsync(token) is > 0 and var wrong)
            {
                Repaired(logger, wrong);
            }
        }
        catch (StoreUnavailableException fault)
        {
            PassFailed(logger, fault);
        }
    }

    private Task RestAsync(CancellationToken token) =>
        Task.Delay(TimeSpan.FromMilliseconds(options.Value.RecountPauseMilliseconds), time, token);

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Wrong} accounts and posts had counters that were not what a new count says; they were set right"
    )]
    private static partial void Repaired(ILogger logger, int wrong);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Counters could not be counted anew; the next recount begins from the start"
    )]
    private static partial void PassFailed(ILogger logger, Exception fault);
}
