using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Reading;
using Rookery.Search;

namespace Rookery.Api.Classic;

/// <summary>Keyword search in the client API.</summary>
internal sealed class SearchClassicApi(
    Callers callers,
    PrepareSearch prepare,
    SearchPosts search,
    ReadTimeline read,
    PresentClassic present
)
{
    /// <summary>The header of an answer to a query with a misspelt word: the query that was searched instead, percent-encoded. Quoted, a word is searched as it is.</summary>
    public const string Instead = "Rookery-Searched-Instead";

    /// <summary>The header of an answer that may lack posts.</summary>
    public const string Partial = "Rookery-Partial";

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<SearchClassicApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes) =>
        routes.MapClassic(
            "GET",
            "search",
            SearchAsync,
            new RouteDoc("Posts that match the query, newest first", AuthKind.OptionalToken)
            {
                Fields =
                [
                    ClassicRoutes.Token,
                    new(
                        "query",
                        FieldType.Text,
                        FieldPlace.Query,
                        "Words and operators; docs/search.md says which. Case and accents do not matter.",
                        true,
                        1,
                        SearchPosts.MaxQueryLength
                    ),
                    .. RouteDoc.PageFields,
                ],
                Answers = [new(200, "The page", $"[{ClassicRoutes.Entry}]")],
                Limit = RouteLimit.Searches,
            }
        );

    private async Task<Problem?> SearchAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var query = fields.Text("query", SearchPosts.MaxQueryLength);
        if (!UnicodeText.CanBeNormalised(query))
        {
            fields.Refuse("query", "must be text without U+FFFE, which is no character");
        }

        var page = fields.Page();
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var prepared = await prepare.HandleAsync(query, caller.Value, context.RequestAborted);
        var isPartial = false;
        using var into = TimelinePage.Rent();
        do
        {
            var sight = await read.ContextAsync(caller.Value, context.RequestAborted);
            await read.FoundAsync(FindAsync, sight, page, into, context.RequestAborted);
        } while (!present.TryWrite(into));
        if (prepared.Instead is { } instead)
        {
            context.Response.Headers[Instead] = Uri.EscapeDataString(instead);
        }

        if (isPartial)
        {
            context.Response.Headers[Partial] = "true";
        }

        return await context.AnswerPageAsync(into);

        async ValueTask<IReadOnlyList<PostId>> FindAsync(Page stretch, CancellationToken token)
        {
            var found = await search.HandleAsync(prepared, stretch, token);
            isPartial |= found.IsPartial;
            return found.Ids;
        }
    }
}
