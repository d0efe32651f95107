using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Moderation;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Moderation;

/// <summary>Accounts that moderators are shown, by their ids; who is deleted is not among them.</summary>
public sealed record KnownAccounts(IReadOnlyDictionary<AccountId, ModeratedAccount> ById)
{
    public ModeratedAccount? Of(AccountId? id) =>
        id is { } account ? ById.GetValueOrDefault(account) : null;
}

public sealed record ReportsModel(
    Frame Frame,
    bool AreResolved,
    IReadOnlyList<Report> Reports,
    KnownAccounts Accounts,
    string? Older,
    string? Newest
);

/// <param name="Posts">Those that are reported and can be shown.</param>
public sealed record OneReportModel(
    Frame Frame,
    Report Report,
    KnownAccounts Accounts,
    IReadOnlyList<EntryView> Posts,
    string Note = "",
    Problem? Problem = null
);

/// <param name="MayDecide">Whether who looks at it has a higher role.</param>
public sealed record AccountModel(
    Frame Frame,
    ModeratedAccount Account,
    IReadOnlyList<Act> Acts,
    KnownAccounts Accounts,
    bool MayDecide,
    string Reason = "",
    Problem? Problem = null
);

public sealed record ActsModel(
    Frame Frame,
    IReadOnlyList<Act> Acts,
    KnownAccounts Accounts,
    string? Older,
    string? Newest
);

/// <summary>Reports, what came of them, and what moderators did. To all others there is no such page.</summary>
internal sealed class ModerationPages(
    Pages pages,
    SiteRoutes site,
    ReadModeration moderation,
    ReadReports reports,
    ResolveReport resolve,
    ReadEntries read
)
{
    public const string Root = "/moderation";

    private const string OneReport = Root + "/reports/{id:long}";

    public void Map(IEndpointRouteBuilder routes)
    {
        Page(Root, "Reports, for moderators", ReportsAsync);
        Page(OneReport, "One report, for moderators", ReportAsync);
        Page(Root + "/acts", "What moderators did, for moderators", ActsAsync);
        site.Form(
            routes,
            OneReport + "/resolve",
            "Resolve a report",
            visit => moderation.AsModeratorAsync(visit, ResolveAsync)
        );

        void Page(string path, string summary, VisitHandler handler) =>
            site.Page(
                routes,
                path,
                summary,
                visit => moderation.AsModeratorAsync(visit, handler),
                Visiting.Members
            );
    }

    private async Task<Problem?> ReportsAsync(Visit visit)
    {
        var areResolved = visit.Fields.Flag("resolved");
        var below = visit.Fields.OptionalPost("max_id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await reports.ListAsync(
            areResolved,
            below is { } id ? new ReportId(id.Value) : null,
            visit.Gone
        );
        var query = areResolved ? "?resolved=true" : "";
        var and = areResolved ? "&" : "?";
        return await pages.ShowAsync<ReportsPage>(
            visit,
            new ReportsModel(
                FrameOf(visit, visit.Say.Reports),
                areResolved,
                found,
                await KnownAsync(
                    found.SelectMany(one => new[] { one.Reporter, one.Account }),
                    visit.Gone
                ),
                found.Count == ReadReports.OnPage
                    ? $"{Root}{query}{and}max_id={found[^1].Id}"
                    : null,
                below is null ? null : Root + query
            )
        );
    }

    private async Task<Problem?> ReportAsync(Visit visit)
    {
        var id = new ReportId(visit.Fields.PathPost("id").Value);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await reports.FindAsync(id, visit.Gone);
        return found.Succeeded
            ? await pages.ShowAsync<OneReportPage>(visit, await ModelAsync(visit, found.Value))
            : found.Problem;
    }

    private async Task<Problem?> ResolveAsync(Visit visit)
    {
        var id = new ReportId(visit.Fields.PathPost("id").Value);
        var note = visit.Text("note");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await reports.FindAsync(id, visit.Gone);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var resolved = await resolve.HandleAsync(id, visit.Member.Id, note, visit.Gone);
        return resolved.Succeeded
            ? visit.SeeOther($"{Root}/reports/{id}")
            : await pages.ShowAsync<OneReportPage>(
                visit,
                await ModelAsync(visit, found.Value) with
                {
                    Note = note,
                    Problem = resolved.Problem,
                },
                ProblemResponses.StatusOf(resolved.Problem.Kind)
            );
    }

    private async Task<Problem?> ActsAsync(Visit visit)
    {
        var below = visit.Fields.OptionalPost("max_id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var acts = await moderation.ActsAsync(
            null,
            below is { } id ? new ActId(id.Value) : null,
            visit.Gone
        );
        return await pages.ShowAsync<ActsPage>(
            visit,
            new ActsModel(
                FrameOf(visit, visit.Say.WhatModeratorsDid),
                acts,
                await moderation.KnownAsync(acts, visit.Gone),
                acts.Count == ReadModeration.ActsOnPage
                    ? $"{Root}/acts?max_id={acts[^1].Id}"
                    : null,
                below is null ? null : $"{Root}/acts"
            )
        );
    }

    private async ValueTask<OneReportModel> ModelAsync(Visit visit, Report report) =>
        new(
            FrameOf(visit, visit.Say.AReport),
            report,
            await KnownAsync(
                [report.Reporter, report.Account, report.Resolution?.By ?? report.Account],
                visit.Gone
            ),
            await read.ReportedAsync(visit, report.Posts)
        );

    private async ValueTask<KnownAccounts> KnownAsync(
        IEnumerable<AccountId> ids,
        CancellationToken token
    ) => new(await moderation.AccountsAsync(ids, token));

    private Frame FrameOf(Visit visit, string title) =>
        pages.FrameOf(visit, title) with
        {
            Place = "settings",
        };
}
