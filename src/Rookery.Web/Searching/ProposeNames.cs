using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;
using Rookery.Search;
using Rookery.Web.Visits;

namespace Rookery.Web.Searching;

/// <summary>
/// Accounts whose names begin as what somebody is writing behind an @. The APIs have the same search, but take no cookie for a token, and a script is to
/// hold no token.
/// </summary>
internal sealed class ProposeNames(SiteRoutes site, SearchAccounts search, IndexPosts index)
{
    private const int Most = 6;

    private const int LongestName = 50;

    public void Map(IEndpointRouteBuilder routes) =>
        site.Page(
            routes,
            "/names",
            "Accounts whose names begin so",
            AnswerAsync,
            Visiting.Members,
            RouteLimit.Searches
        );

    private async Task<Problem?> AnswerAsync(Visit visit)
    {
        var begin = visit.Fields.Text("q", LongestName);
        if (!UnicodeText.CanBeNormalised(begin))
        {
            visit.Fields.Refuse("q", "must be text without U+FFFE, which is no character");
        }

        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (!index.IsFollowing)
        {
            return Problem.Unavailable("This process does not search: role search runs elsewhere.");
        }

        var found = await search.HandleAsync(
            begin,
            visit.Account,
            new SearchAccounts.Wanted(Most),
            visit.Gone
        );
        return await visit.Context.AnswerValueAsync(
            StatusCodes.Status200OK,
            found.Accounts,
            static (json, accounts) =>
            {
                json.WriteStartArray();
                foreach (var account in accounts)
                {
                    json.WriteStartObject();
                    json.WriteString("username", account.Username);
                    json.WriteString("name", account.DisplayName);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        );
    }
}
