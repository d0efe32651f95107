using Rookery.Accounts;
using Rookery.Moderation;
using Rookery.Notifications;

namespace Rookery.Api;

/// <summary>A report, and whom it is about.</summary>
internal sealed record ToldReport(Report Report, AccountCard About);

/// <summary>
/// Reads the reports that notifications tell of, for who is a moderator as they are read: whoever was one is told of none any longer. Where they cannot be read, nothing is
/// told of them.
/// </summary>
internal sealed class ReadTold(ReadModeration moderation, ReadReports reports, IAccounts accounts)
{
    private static readonly Dictionary<ReportId, ToldReport> _none = [];

    public async ValueTask<IReadOnlyDictionary<ReportId, ToldReport>> ReportsAsync(
        AccountId recipient,
        IEnumerable<Notification> notifications,
        CancellationToken token
    )
    {
        var asked = notifications.Select(one => one.Report).OfType<ReportId>().Distinct().ToList();
        if (asked.Count == 0)
        {
            return _none;
        }

        try
        {
            return await moderation.RoleAsync(recipient, token) >= AccountRole.Moderator
                ? await FindAsync(asked, token)
                : _none;
        }
        catch (StoreUnavailableException)
        {
            return _none;
        }
    }

    private async ValueTask<Dictionary<ReportId, ToldReport>> FindAsync(
        List<ReportId> asked,
        CancellationToken token
    )
    {
        var found = await reports.FindManyAsync(asked, token);
        var about = found.Select(report => report.Account).Distinct().ToArray();
        var cards = (await accounts.CardsAsync(about, token)).ToDictionary(card => card.Id);
        return found
            .Where(report => cards.ContainsKey(report.Account))
            .ToDictionary(
                report => report.Id,
                report => new ToldReport(report, cards[report.Account])
            );
    }
}
