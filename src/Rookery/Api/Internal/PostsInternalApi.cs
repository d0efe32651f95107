using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Posts;

namespace Rookery.Api.Internal;

/// <summary>What posts is told by roles in other processes.</summary>
internal sealed class PostsInternalApi(RemovePostsOfDeleted closing)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<PostsInternalApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes) =>
        routes.MapInternal(
            "posts/close",
            CloseAsync,
            "The account is gone: hide what it posted, and remove it behind the answer",
            "{}",
            new FieldDoc("user_id", FieldType.Id, FieldPlace.Body, "Which account.")
        );

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
