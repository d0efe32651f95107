namespace Rookery.Moderation;

/// <summary>Reports as moderators read them. Whether somebody is one is asked before.</summary>
internal sealed class ReadReports(IReportStore store)
{
    public const int OnPage = 40;

    public async ValueTask<Result<Report>> FindAsync(ReportId report, CancellationToken token) =>
        await store.FindAsync(report, token) is { } found
            ? found
            : Problem.NotFound($"There is no report {report}.", "id");

    /// <summary>Those of them that are there, in no particular order.</summary>
    public ValueTask<IReadOnlyList<Report>> FindManyAsync(
        IReadOnlyList<ReportId> reports,
        CancellationToken token
    ) => store.FindManyAsync(reports, token);

    /// <summary>The newest first.</summary>
    public ValueTask<IReadOnlyList<Report>> ListAsync(
        bool areResolved,
        ReportId? below,
        CancellationToken token
    ) => store.ListAsync(areResolved, below ?? new ReportId(long.MaxValue), OnPage, token);
}
