using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Reading;
using Rookery.Search;

namespace Rookery.Api.Classic;

/// <summary>Keyword search in the client API.</summary>
internal sealed class SearchClassicApi(
    Callers callers,
    SearchPosts search,
    ReadTimeline read,
    PresentClassic present
)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<SearchClassicApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes) =>
        routes.MapClassic(
            "GET",
            "search",
            SearchAsync,
            new RouteDoc("Public posts that have all words, newest first", AuthKind.OptionalToken)
            {
                Fields =
                [
                    ClassicRoutes.Token,
                    new(
                        "query",
                        FieldType.Text,
                        FieldPlace.Query,
                        "Words; case and accents do not matter.",
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

        var found = await search.HandleAsync(query, page, context.RequestAborted);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        using var into = TimelinePage.Rent();
        do
        {
            var sight = await read.ContextAsync(caller.Value, context.RequestAborted);
            await read.PostsAsync(
                found.Value,
                mutesHide: true,
                sight,
                into,
                context.RequestAborted
            );
        } while (!present.TryWrite(into));
        return await context.AnswerPageAsync(into);
    }
}
