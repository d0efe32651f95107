using Microsoft.Extensions.Options;
using Rookery.Telemetry;

namespace Rookery.Moderation;

/// <summary>How often one may report.</summary>
internal sealed class ReportLimits(
    IOptions<ModerationOptions> options,
    IRateLimits limits,
    TelemetryEvents telemetry
)
{
    private readonly IRateLimit _reports = limits.Open(
        new("reports", options.Value.ReportsPerDay, TimeSpan.FromDays(1))
    );

    /// <summary>Null when the account may report.</summary>
    public async ValueTask<Problem?> RefuseAsync(AccountId reporter, CancellationToken token)
    {
        if (await _reports.TakeAsync(RateKey.OfAccount(reporter), token) is not { } wait)
        {
            return null;
        }

        telemetry.LimitRefused("reports");
        return Problem.TooMany(
            $"At most {options.Value.ReportsPerDay} reports a day are taken from one account; come back when Retry-After says.",
            wait
        );
    }
}
