using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>Removes what is left of sessions, and of links in mails, that have ended by themselves, every hour and in small commits: whoever writes meanwhile waits for one of them.</summary>
internal sealed partial class PruneSessions(
    IAccountStore store,
    IEmailStore emails,
    IOptions<AccountsOptions> options,
    TimeProvider time,
    ILogger<PruneSessions> logger
) : BackgroundService
{
    private const int Chunk = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Answers how many sessions were removed.</summary>
    public async Task<int> HandleAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        var openedBefore = now.AddDays(-options.Value.SessionDays);
        var usedBefore = now.AddDays(-options.Value.SessionIdleDays);
        var removed = 0;
        int some;
        do
        {
            some = await store.PruneSessionsAsync(openedBefore, usedBefore, Chunk, token);
            removed += some;
        } while (some > 0);
        while (await emails.PruneLinksAsync(now, Chunk, token) > 0) { }
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await HandleAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException fault)
            {
                PruneFailed(logger, fault);
                await Task.Delay(Interval, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "Ended sessions could not be removed; trying again in an hour"
    )]
    private static partial void PruneFailed(ILogger logger, Exception fault);
}
