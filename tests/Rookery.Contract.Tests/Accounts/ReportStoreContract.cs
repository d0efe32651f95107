using Rookery.Accounts;
using Rookery.Moderation;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What every store of reports promises.</summary>
public abstract class ReportStoreContract
{
    protected abstract IAccountStore Accounts { get; }

    protected abstract IModerationStore Moderation { get; }

    protected abstract IReportStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_is_stored_as_it_was_made_and_once_while_it_is_open()
    {
        var (ana, bob) = (await CreateAsync("Ana"), await CreateAsync("Bob"));
        var draft = new NewReport(
            ana,
            bob,
            ReportCategory.Violation,
            "'quoted' \U0001F426",
            [new PostId(7), new PostId(9)]
        );

        var all = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store.AddAsync(draft, Token))
        );
        var other = await Store.AddAsync(draft with { Posts = [new PostId(7)] }, Token);

        var report = all[0];
        Assert.Single(all.Select(one => one.Id).Distinct());
        Assert.NotEqual(report.Id, other.Id);
        Assert.Equal(
            (ana, bob, draft.Category, draft.Comment, (Resolution?)null),
            (report.Reporter, report.Account, report.Category, report.Comment, report.Resolution)
        );
        Assert.Equal(draft.Posts, report.Posts);
        Assert.Equivalent(report, await Store.FindAsync(report.Id, Token));
        Assert.Null(await Store.FindAsync(new ReportId(1), Token));
        Assert.Equal(
            [report.Id, other.Id],
            (await Store.FindManyAsync([report.Id, new ReportId(1), other.Id], Token))
                .Select(one => one.Id)
                .OrderBy(id => id.Value)
        );
        Assert.Empty(await Store.FindManyAsync([], Token));
    }

    [Fact]
    public async Task A_moderator_resolves_a_report_once_and_what_comes_behind_is_another()
    {
        var (ana, bob) = (await CreateAsync("Ana"), await CreateAsync("Bob"));
        var moderator = await CreateAsync("Mod");
        await Moderation.GiveRoleAsync(
            moderator,
            AccountRole.Moderator,
            new Decision(null, "theirs"),
            Token
        );
        var draft = new NewReport(ana, bob, ReportCategory.Spam, "", []);
        var report = await Store.AddAsync(draft, Token);

        var members = await Store.ResolveAsync(report.Id, new Decision(ana, "no"), Token);
        var first = await Store.ResolveAsync(report.Id, new Decision(moderator, "spam"), Token);
        var again = await Store.ResolveAsync(report.Id, new Decision(moderator, "other"), Token);
        var unknown = await Store.ResolveAsync(
            new ReportId(1),
            new Decision(moderator, "no"),
            Token
        );

        Assert.Equal(ProblemKind.Forbidden, members.Problem?.Kind);
        Assert.Equal((true, false), (first.Value, again.Value));
        Assert.Equal(ProblemKind.NotFound, unknown.Problem?.Kind);
        var resolution = (await Store.FindAsync(report.Id, Token))!.Resolution!;
        Assert.Equal((moderator, "spam"), (resolution.By, resolution.Note));
        Assert.NotEqual(report.Id, (await Store.AddAsync(draft, Token)).Id);
        var act = Assert.Single(
            await Moderation.ActsAsync(bob, new ActId(long.MaxValue), 9, Token)
        );
        Assert.Equal(
            (ActKind.ReportResolved, (AccountId?)moderator, (ReportId?)report.Id, "spam"),
            (act.Kind, act.By, act.Report, act.Reason)
        );
    }

    [Fact]
    public async Task Reports_are_listed_newest_first_page_by_page_and_go_with_either_account()
    {
        var (ana, bob, eve) = (
            await CreateAsync("Ana"),
            await CreateAsync("Bob"),
            await CreateAsync("Eve")
        );
        var made = new List<ReportId>();
        foreach (
            var (by, about) in new[] { (ana, bob), (bob, ana), (eve, bob), (bob, eve), (ana, eve) }
        )
        {
            var draft = new NewReport(by, about, ReportCategory.Other, $"{made.Count}", []);
            made.Add((await Store.AddAsync(draft, Token)).Id);
        }

        await Store.ResolveAsync(made[1], new Decision(null, "nothing"), Token);

        Assert.Equal([made[4], made[3], made[2], made[0]], await PagesAsync(areResolved: false));
        Assert.Equal([made[1]], await PagesAsync(areResolved: true));
        await Accounts.DeleteAsync(eve, Token);
        Assert.Equal([made[0]], await PagesAsync(areResolved: false));
    }

    private async Task<List<ReportId>> PagesAsync(bool areResolved)
    {
        var all = new List<ReportId>();
        for (IReadOnlyList<Report>? page = null; page is not { Count: 0 }; )
        {
            var below = all.Count > 0 ? all[^1] : new ReportId(long.MaxValue);
            page = await Store.ListAsync(areResolved, below, 2, Token);
            all.AddRange(page.Select(report => report.Id));
        }

        return all;
    }

    private async Task<AccountId> CreateAsync(string name) =>
        (await Accounts.CreateAsync(DisplayName.Parse(name, "name").Value, Token)).Id;
}
