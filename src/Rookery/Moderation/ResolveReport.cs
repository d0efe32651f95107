using Rookery.Accounts;

namespace Rookery.Moderation;

/// <summary>Closes a report with a note that says what came of it.</summary>
internal sealed class ResolveReport(IReportStore store)
{
    /// <summary>False where it was resolved before.</summary>
    public async Task<Result<bool>> HandleAsync(
        ReportId report,
        AccountId moderator,
        string note,
        CancellationToken token
    )
    {
        var decision = new Decision(moderator, note);
        return decision.Check("note") is { } wrong
            ? wrong
            : await store.ResolveAsync(report, decision, token);
    }
}
