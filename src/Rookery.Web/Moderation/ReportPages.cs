using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Moderation;
using Rookery.Posts;
using Rookery.Web.Layout;
using Rookery.Web.Profiles;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Moderation;

/// <summary>The form to report an account, as it is or as it was just sent.</summary>
/// <param name="Posts">Some of the account's, to choose from.</param>
/// <param name="Chosen">Those among them that are chosen.</param>
public sealed record ReportModel(
    Frame Frame,
    AccountCard Account,
    IReadOnlyList<EntryView> Posts,
    IReadOnlySet<PostId> Chosen,
    string Category = "",
    string Comment = "",
    Problem? Problem = null
)
{
    /// <summary>It was sent, and stored.</summary>
    public bool IsDone { get; init; }

    public string Path => $"/@{Account.Username}/report";
}

/// <summary>Where members tell the moderators about an account, from its profile or from one of its posts.</summary>
internal sealed class ReportPages(
    Pages pages,
    SiteRoutes site,
    FindAccount find,
    ReportAccount report,
    ReadEntries read
)
{
    private const string Root = ProfilePages.Root + "/report";
    private const string Posts = "status_ids";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            Root,
            "What to tell the moderators about an account",
            ShowAsync,
            Visiting.Members
        );
        site.Form(routes, Root, "Tell the moderators about an account", SendAsync);
    }

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var post = visit.Fields.OptionalPost("post");
        var isDone = visit.Text("done").Length > 0;
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var account = await FindAsync(visit);
        return account.Succeeded
            ? await pages.ShowAsync<ReportPage>(
                visit,
                await ModelAsync(visit, account.Value, post is { } one ? [one] : []) with
                {
                    IsDone = isDone,
                }
            )
            : account.Problem;
    }

    private async Task<Problem?> SendAsync(Visit visit)
    {
        var posts = visit.Fields.Posts(Posts, ReportAccount.MaxPosts);
        var (category, comment) = (visit.Text("category"), visit.Text("comment"));
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var account = await FindAsync(visit);
        if (!account.Succeeded)
        {
            return account.Problem;
        }

        var problem = ReportCategories.Parse(category) is { } parsed
            ? (
                await report.HandleAsync(
                    new ReportRequest(visit.Member.Id, account.Value.Id, parsed, comment, posts),
                    visit.Gone
                )
            ).Problem
            : Problem.Invalid("category", "Choose what it is about.");
        return problem is null
            ? visit.SeeOther($"/@{account.Value.Username}/report?done=yes")
            : await pages.ShowAsync<ReportPage>(
                visit,
                await ModelAsync(visit, account.Value, posts) with
                {
                    Category = category,
                    Comment = comment,
                    Problem = problem,
                },
                ProblemResponses.StatusOf(problem.Kind)
            );
    }

    /// <summary>Nobody reports the own account: there is no such page.</summary>
    private async ValueTask<Result<AccountCard>> FindAsync(Visit visit)
    {
        var found = await find.ByUsernameAsync(
            visit.Fields.PathText("username"),
            "username",
            visit.Gone
        );
        return found.Succeeded && found.Value.Id == visit.Member.Id
            ? Problem.NotFound("This is your own account; what you posted you can delete yourself.")
            : found;
    }

    private async ValueTask<ReportModel> ModelAsync(
        Visit visit,
        AccountCard account,
        IReadOnlyList<PostId> chosen
    )
    {
        var newest = await read.OfAuthorAsync(
            visit,
            account.Id,
            post => post.Kind != PostKind.Repost,
            new Page(ReportAccount.MaxPosts / 4)
        );
        var others = chosen.Except(newest.Entries.Select(entry => entry.Id)).ToList();
        var named =
            others.Count > 0
                ? (await read.PostsAsync(visit, others)).Where(entry =>
                    entry.Shown.Author.Id == account.Id
                )
                : [];
        return new ReportModel(
            pages.FrameOf(visit, visit.Say.ReportTitle(account.Username)),
            account,
            [.. named, .. newest.Entries],
            chosen.ToHashSet()
        );
    }
}
