using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Service;

/// <summary>Timelines in the words of the service API: <c>/timeline</c>, <c>/feed/{user_id}</c> and <c>/tweet/{user_id}</c>.</summary>
internal sealed class TimelinesServiceApi(
    FindAccount find,
    ReadTimeline read,
    PresentService present
)
{
    /// <summary>What the small-server contract calls the latest tweets.</summary>
    private const int FeedCount = 10;

    private const string Tweets =
        """{"tweets":[{"tweet_id":9,"tweet_id_str":"9","user_id":3,"user_id_str":"3","username":"ali","tweet":"Hello","time":"2026-01-02T03:04:05.678Z"}]}""";

    private const string Timeline =
        """[{"tweet_body":"Hello","username":"ali","tweet_id":9,"tweet_id_str":"9","user_id":3,"user_id_str":"3"}]""";

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<TimelinesServiceApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapService(
            "GET",
            "/timeline",
            context => HomeAsync(context, RequestFields.OfQuery(context), false),
            Doc("An account's home timeline, newest first", FieldPlace.Query, Timeline)
        );
        routes.MapService(
            "GET",
            "/feed/{user_id}",
            context => HomeAsync(context, RequestFields.OfQuery(context), true),
            Doc("The latest posts of all followees, 10 unless asked", FieldPlace.Path, Tweets)
        );
        routes.MapService(
            "GET",
            "/tweet/{user_id}",
            UserAsync,
            Doc("An account's own posts, newest first", FieldPlace.Path, Tweets)
        );
    }

    private static RouteDoc Doc(string summary, FieldPlace place, string example) =>
        new(summary, AuthKind.ServiceKey)
        {
            Fields =
            [
                new("user_id", FieldType.Id, place, "Which account."),
                .. RouteDoc.PageFields,
            ],
            Answers = [new(200, "The page", example), new(404, "There is no such account")],
        };

    private async Task<Problem?> HomeAsync(HttpContext context, RequestFields fields, bool feed)
    {
        var owner = feed ? fields.PathAccount("user_id") : fields.Account("user_id");
        var page = fields.Page();
        if (await RefuseAsync(context, fields, owner) is { } wrong)
        {
            return wrong;
        }

        if (feed && !fields.Has("count") && !fields.Has("limit"))
        {
            page = page with { Count = FeedCount };
        }

        using var into = TimelinePage.Rent();
        bool whole;
        do
        {
            await read.HomeAsync(owner, page, includeOwn: false, into, context.RequestAborted);
            whole = feed ? present.TryWriteTweets(into) : present.TryWriteTimeline(into);
        } while (!whole);
        return await context.AnswerPageAsync(into);
    }

    private async Task<Problem?> UserAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var author = fields.PathAccount("user_id");
        var page = fields.Page();
        if (await RefuseAsync(context, fields, author) is { } wrong)
        {
            return wrong;
        }

        using var into = TimelinePage.Rent();
        var list = new PostList.ByAuthor(author);
        var everything = await read.ContextAsync(null, context.RequestAborted) with
        {
            SeesAll = true,
        };
        do
        {
            await read.ListAsync(list, everything, page, into, context.RequestAborted);
        } while (!present.TryWriteTweets(into));
        return await context.AnswerPageAsync(into);
    }

    private async ValueTask<Problem?> RefuseAsync(
        HttpContext context,
        RequestFields fields,
        AccountId account
    ) =>
        fields.Problem
        ?? (await find.ByIdAsync(account, "user_id", context.RequestAborted)).Problem;
}
