using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Posts;

namespace Rookery.Api.Internal;

/// <summary>What posts is told by roles in other processes.</summary>
internal sealed class PostsInternalApi(RemovePostsOfDeleted closing, SuspendAuthor suspend)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<PostsInternalApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        var account = new FieldDoc("user_id", FieldType.Id, FieldPlace.Body, "Which account.");
        routes.MapInternal(
            "posts/close",
            CloseAsync,
            "The account is gone: hide what it posted, and remove it behind the answer",
            "{}",
            account
        );
        routes.MapInternal(
            "posts/suspend",
            SuspendAsync,
            "The account is suspended, or no longer: hide or show what it posted",
            "{}",
            account,
            new FieldDoc(
                "is_suspended",
                FieldType.Flag,
                FieldPlace.Body,
                "Whether it is now; false if not said.",
                false
            ),
            new FieldDoc(
                "version",
                FieldType.Integer,
                FieldPlace.Body,
                "The account's, as of which this is so: the largest that was told counts.",
                true,
                1,
                int.MaxValue
            )
        );
    }

    private async Task<Problem?> SuspendAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var account = fields.Account("user_id");
        var isSuspended = fields.Flag("is_suspended");
        var version = fields.Number("version", 1, int.MaxValue, 0);
        if (version == 0)
        {
            fields.Refuse("version", $"is missing; it must be an integer from 1 to {int.MaxValue}");
        }

        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        await suspend.ApplyAsync(account, isSuspended, version, context.RequestAborted);
        return await context.AnswerInternalAsync(new DoneAnswer(), InternalJson.Default.DoneAnswer);
    }

    private async Task<Problem?> CloseAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var account = fields.Account("user_id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        await closing.CloseAsync(account, context.RequestAborted);
        return await context.AnswerInternalAsync(new DoneAnswer(), InternalJson.Default.DoneAnswer);
    }
}
