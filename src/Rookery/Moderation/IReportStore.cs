using Rookery.Accounts;

namespace Rookery.Moderation;

/// <summary>A report to be stored; everything about it that needs no transaction was checked.</summary>
public sealed record NewReport(
    AccountId Reporter,
    AccountId Account,
    ReportCategory Category,
    string Comment,
    IReadOnlyList<PostId> Posts
);

/// <summary>
/// The truth of reports.
/// <para>Durability: what a write answered is on the disk. A write that fails leaves nothing behind.</para>
/// <para>Idempotence: as long as a report is open, its reporter saying the same again answers that report and stores nothing.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// The reports by a deleted account, and those about it, are gone with it. A new one is told of in <see cref="ReportFiled"/>, in the same transaction, and those that
/// are gone in <see cref="ReportsRemoved"/>.
/// </summary>
public interface IReportStore
{
    Task<Report> AddAsync(NewReport report, CancellationToken token);

    ValueTask<Report?> FindAsync(ReportId report, CancellationToken token);

    /// <summary>Those of them that are there, in no particular order.</summary>
    ValueTask<IReadOnlyList<Report>> FindManyAsync(
        IReadOnlyList<ReportId> reports,
        CancellationToken token
    );

    /// <summary>Open or resolved ones below <paramref name="below"/>, the newest first.</summary>
    ValueTask<IReadOnlyList<Report>> ListAsync(
        bool areResolved,
        ReportId below,
        int limit,
        CancellationToken token
    );

    /// <summary>
    /// Resolves it and writes that down as an act, in one transaction. Answers false where it was resolved before; NotFound where there is none; Forbidden where
    /// who decides is no moderator.
    /// </summary>
    Task<Result<bool>> ResolveAsync(ReportId report, Decision decision, CancellationToken token);
}
