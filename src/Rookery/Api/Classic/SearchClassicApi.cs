using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Reading;
using Rookery.Search;

namespace Rookery.Api.Classic;

/// <summary>Search for posts, accounts and hashtags in the client API.</summary>
internal sealed class SearchClassicApi(
    Callers callers,
    PrepareSearch prepare,
    SearchAccounts searchAccounts,
    SearchHashtags searchHashtags,
    ReadFound read,
    PresentClassic present
)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<SearchClassicApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
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
        MapNames(
            routes,
            "search_users",
            SearchUsersAsync,
            "Accounts whose handle or name has words that begin so, those with the most followers first",
            "The beginning of a handle, with or without @, or words of a name.",
            SearchAccounts.MaxCount,
            """[{"user_id":"456","username":"bob","name":"Bob","follower_count":2}]"""
        );
        MapNames(
            routes,
            "search_hashtags",
            SearchHashtagsAsync,
            "Hashtags of public posts that begin so, the most used first",
            "The beginning of a hashtag, with or without #.",
            SearchHashtags.MaxCount,
            """[{"hashtag":"birds","post_count":3}]"""
        );
    }

    private static void MapNames(
        IEndpointRouteBuilder routes,
        string name,
        Handler handler,
        string summary,
        string query,
        int most,
        string example
    ) =>
        routes.MapClassic(
            "GET",
            name,
            handler,
            new RouteDoc(summary, AuthKind.OptionalToken)
            {
                Fields =
                [
                    ClassicRoutes.Token,
                    new(
                        "query",
                        FieldType.Text,
                        FieldPlace.Query,
                        query,
                        true,
                        1,
                        SearchPosts.MaxQueryLength
                    ),
                    new(
                        "count",
                        FieldType.Integer,
                        FieldPlace.Query,
                        "How many at most.",
                        false,
                        1,
                        most
                    ),
                ],
                Answers = [new(200, "What was found", example)],
                Limit = RouteLimit.Searches,
            }
        );

    private async Task<Problem?> SearchAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var query = QueryIn(fields);
        var page = fields.Page();
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var prepared = await prepare.HandleAsync(query, caller.Value, context.RequestAborted);
        using var into = TimelinePage.Rent();
        FoundPage found;
        do
        {
            found = await read.HandleAsync(context, prepared, page, 0, into);
        } while (!present.TryWrite(into));
        SearchHeaders.Say(context.Response, prepared, found);
        return await context.AnswerPageAsync(into);
    }

    private Task<Problem?> SearchUsersAsync(HttpContext context) =>
        SearchNamesAsync(
            context,
            SearchAccounts.MaxCount,
            async (query, caller, count) =>
            {
                var token = context.RequestAborted;
                var wanted = new SearchAccounts.Wanted(count);
                var found = await searchAccounts.HandleAsync(query, caller, wanted, token);
                SearchHeaders.SayPartial(context.Response, found.IsPartial);
                return await context.AnswerValueAsync(200, found.Accounts, WriteAccounts);
            }
        );

    private Task<Problem?> SearchHashtagsAsync(HttpContext context) =>
        SearchNamesAsync(
            context,
            SearchHashtags.MaxCount,
            async (query, _, count) =>
            {
                var found = await searchHashtags.HandleAsync(query, count, context.RequestAborted);
                SearchHeaders.SayPartial(context.Response, found.IsPartial);
                return await context.AnswerValueAsync(200, found.Hashtags, WriteHashtags);
            }
        );

    private async Task<Problem?> SearchNamesAsync(
        HttpContext context,
        int most,
        Func<string, AccountId?, int, Task<Problem?>> answer
    )
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var query = QueryIn(fields);
        var count = fields.Number("count", 1, most, Page.DefaultCount);
        return caller.Problem ?? fields.Problem ?? await answer(query, caller.Value, count);
    }

    private static string QueryIn(RequestFields fields)
    {
        var query = fields.Text("query", SearchPosts.MaxQueryLength);
        if (!UnicodeText.CanBeNormalised(query))
        {
            fields.Refuse("query", "must be text without U+FFFE, which is no character");
        }

        return query;
    }

    private static void WriteAccounts(Utf8JsonWriter json, IReadOnlyList<AccountCard> accounts) =>
        json.WriteObjects(
            accounts,
            static (json, account) =>
            {
                json.WriteWho(account);
                json.WriteNumber("follower_count", account.Counts.Followers);
            }
        );

    private static void WriteHashtags(Utf8JsonWriter json, IReadOnlyList<FoundHashtag> hashtags) =>
        json.WriteObjects(
            hashtags,
            static (json, hashtag) =>
            {
                json.WriteString("hashtag", hashtag.Shown);
                json.WriteNumber("post_count", hashtag.Posts);
            }
        );
}
