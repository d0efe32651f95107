using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Search;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Searching;

/// <summary>What a search found.</summary>
/// <param name="Query">As it was asked; empty: nothing was.</param>
/// <param name="Instead">What was searched in its place, because a word of it is hardly anywhere; null where it was searched as it is.</param>
/// <param name="Suggestion">What may have been meant, though something was found; null where nothing looks like a slip.</param>
/// <param name="Remarks">What of the query was not done as it was written.</param>
public sealed record SearchModel(
    Frame Frame,
    string Query,
    EntryPage Page,
    IReadOnlyList<AccountCard> Accounts,
    IReadOnlyList<string> Hashtags,
    string? Instead,
    string? Suggestion,
    IReadOnlyList<string> Remarks,
    bool IsPartial
)
{
    public string LiteralPath => $"/search?q={Uri.EscapeDataString(Query)}&literal=1";

    public string InsteadPath => $"/search?q={Uri.EscapeDataString(Instead ?? "")}";

    public string SuggestionPath => $"/search?q={Uri.EscapeDataString(Suggestion ?? "")}";
}

/// <summary>Search for posts, accounts and hashtags in one box.</summary>
internal sealed class SearchPages(
    Pages pages,
    SiteRoutes site,
    PrepareSearch prepare,
    SearchAccounts searchAccounts,
    SearchHashtags searchHashtags,
    IndexPosts index,
    ReadEntries read
)
{
    private const int MostNames = 5;

    private static readonly EntryPage Nothing = new([], null, null);

    private static readonly (QueryRemarks Remark, Func<Words, string> Said)[] Remarked =
    [
        (QueryRemarks.PartsLeftOut, say => say.RemarkPartsLeftOut),
        (QueryRemarks.NestingIgnored, say => say.RemarkNesting),
        (QueryRemarks.OperatorAsWords, say => say.RemarkOperator),
        (QueryRemarks.OnlyExclusions, say => say.RemarkExclusions),
        (QueryRemarks.Unclosed, say => say.RemarkUnclosed),
    ];

    public void Map(IEndpointRouteBuilder routes) =>
        site.Page(
            routes,
            "/search",
            "Posts, accounts and hashtags that match a query",
            SearchAsync,
            limit: RouteLimit.Searches
        );

    private async Task<Problem?> SearchAsync(Visit visit)
    {
        var query = visit.Fields.OptionalText("q", SearchPosts.MaxQueryLength, min: 0) ?? "";
        var isLiteral = visit.Fields.Flag("literal");
        var page = ReadEntries.PageOf(visit);
        if (!UnicodeText.CanBeNormalised(query))
        {
            visit.Fields.Refuse("q", "must be text without U+FFFE, which is no character");
        }

        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (query.Length > 0 && !index.IsFollowing)
        {
            return Problem.Unavailable(
                "This process does not search: role search runs elsewhere. Everything else is there."
            );
        }

        return await pages.ShowAsync<SearchPage>(
            visit,
            UnicodeText.IsBlank(query)
                ? Found(visit, query, Nothing)
                : await FindAsync(visit, query, isLiteral, page)
        );
    }

    private async ValueTask<SearchModel> FindAsync(
        Visit visit,
        string query,
        bool isLiteral,
        Page page
    )
    {
        var token = visit.Gone;
        var prepared = isLiteral
            ? await prepare.LiterallyAsync(query, visit.Account, token)
            : await prepare.HandleAsync(query, visit.Account, token);
        var (entries, isPartial) = await read.FoundAsync(visit, prepared, page);
        var found = Found(visit, query, entries) with
        {
            Instead = prepared.Instead,
            Suggestion = prepared.Suggestion,
            Remarks =
            [
                .. Remarked
                    .Where(one => prepared.Query.Remarks.HasFlag(one.Remark))
                    .Select(one => one.Said(visit.Say)),
            ],
            IsPartial = isPartial,
        };
        // Names stand above the posts, on the first page alone.
        return page.MaxId is null ? await WithNamesAsync(visit, found) : found;
    }

    private async ValueTask<SearchModel> WithNamesAsync(Visit visit, SearchModel found)
    {
        var accounts = await searchAccounts.HandleAsync(
            found.Query,
            visit.Account,
            new SearchAccounts.Wanted(MostNames),
            visit.Gone
        );
        var hashtags = await searchHashtags.HandleAsync(found.Query, MostNames, visit.Gone);
        return found with
        {
            Accounts = accounts.Accounts,
            Hashtags = [.. hashtags.Hashtags.Select(one => one.Shown)],
            IsPartial = found.IsPartial || accounts.IsPartial || hashtags.IsPartial,
        };
    }

    private SearchModel Found(Visit visit, string query, EntryPage page) =>
        new(
            pages.FrameOf(
                visit,
                query.Length == 0 ? visit.Say.Search : visit.Say.SearchTitle(query)
            ) with
            {
                Place = "search",
                Query = query,
            },
            query,
            page,
            [],
            [],
            null,
            null,
            [],
            IsPartial: false
        );
}
