using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Classic;

/// <summary>Home, user, public and hashtag timelines in the client API.</summary>
internal sealed class TimelinesClassicApi(
    Callers callers,
    FindAccount find,
    ReadTimeline read,
    PresentClassic present
)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<TimelinesClassicApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapClassic(
            "GET",
            "home_timeline",
            HomeAsync,
            Doc(
                "What the caller's followees posted, newest first",
                AuthKind.Token,
                ClassicRoutes.User
            )
        );
        routes.MapClassic(
            "GET",
            "user_timeline",
            UserAsync,
            Doc("What one account posted, newest first", AuthKind.OptionalToken, ClassicRoutes.User)
        );
        routes.MapClassic(
            "GET",
            "public_timeline",
            PublicAsync,
            Doc("All public posts and replies, newest first", AuthKind.OptionalToken)
        );
        routes.MapClassic(
            "GET",
            "hashtag_timeline",
            HashtagAsync,
            Doc(
                "Public posts with a hashtag, newest first",
                AuthKind.OptionalToken,
                new FieldDoc(
                    "hashtag",
                    FieldType.Text,
                    FieldPlace.Query,
                    "The hashtag, with or without #.",
                    true,
                    1,
                    Hashtag.MaxLength
                )
            )
        );
    }

    private static RouteDoc Doc(
        string summary,
        AuthKind auth,
        params IReadOnlyList<FieldDoc> fields
    ) =>
        new(summary, auth)
        {
            Fields = [ClassicRoutes.Token, .. fields, .. RouteDoc.PageFields],
            Answers = [new(200, "The page", $"[{ClassicRoutes.Entry}]")],
        };

    private async Task<Problem?> HomeAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var owner = await callers.RequireSelfAsync(context, fields, "user_id");
        var page = fields.Page();
        if ((owner.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        using var into = TimelinePage.Rent();
        do
        {
            await read.HomeAsync(
                owner.Value,
                page,
                includeOwn: false,
                into,
                context.RequestAborted
            );
        } while (!present.TryWrite(into));
        return await context.AnswerPageAsync(into);
    }

    private async Task<Problem?> UserAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var account = fields.Account("user_id");
        var page = fields.Page();
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var found = await find.ByIdAsync(account, "user_id", context.RequestAborted);
        return found.Succeeded
            ? await AnswerAsync(
                context,
                await read.ByAuthorAsync(account, caller.Value, context.RequestAborted),
                caller.Value,
                page
            )
            : found.Problem;
    }

    private async Task<Problem?> PublicAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var page = fields.Page();
        return caller.Problem
            ?? fields.Problem
            ?? await AnswerAsync(context, new PostList.Everybody(), caller.Value, page);
    }

    private async Task<Problem?> HashtagAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var sent = fields.Text("hashtag");
        var page = fields.Page();
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var hashtag = Hashtag.Parse(sent, "hashtag");
        return hashtag.Succeeded
            ? await AnswerAsync(
                context,
                new PostList.WithHashtag(hashtag.Value),
                caller.Value,
                page
            )
            : hashtag.Problem;
    }

    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        PostList list,
        AccountId? viewer,
        Page page
    )
    {
        using var into = TimelinePage.Rent();
        do
        {
            var sight = await read.ContextAsync(viewer, context.RequestAborted);
            await read.ListAsync(list, sight, page, into, context.RequestAborted);
        } while (!present.TryWrite(into));
        return await context.AnswerPageAsync(into);
    }
}
