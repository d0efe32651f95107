using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Classic;

/// <summary>An act of the caller on a post; the post comes back.</summary>
internal delegate Task<Result<Post>> PostAct(
    AccountId caller,
    PostId post,
    CancellationToken token
);

/// <summary>Posting, replying, liking, reposting and deleting in the client API.</summary>
internal sealed class PostsClassicApi(
    Callers callers,
    AcceptPost accept,
    DeletePost delete,
    IPosts posts,
    ReadTimeline read,
    PresentClassic present,
    PresentAccepted presentAccepted,
    IOptions<PostsOptions> options
)
{
    private static readonly FieldDoc PostInPath = new(
        "tweet_id",
        FieldType.Id,
        FieldPlace.Path,
        "Which post."
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<PostsClassicApi>(routes.ServiceProvider);
        api.MapPosts(routes);
        api.MapActs(routes, routes.ServiceProvider);
    }

    /// <summary>The longest text that may be a post, each unit of it escaped as six bytes, and what stands beside it.</summary>
    private int LongestPost =>
        BodyLimit.Usual + (6 * PostText.UnitsPerCharacter * options.Value.MaxLength);

    private void MapPosts(IEndpointRouteBuilder routes)
    {
        routes.MapClassic(
            "POST",
            "tweet",
            PostAsync,
            new RouteDoc(
                "Post, or reply; a repeated Idempotency-Key header gets the first answer",
                AuthKind.Token
            )
            {
                Fields =
                [
                    new("user_id", FieldType.Id, FieldPlace.Body, "The token's account."),
                    ClassicRoutes.Token,
                    ClassicRoutes.Text(
                        "status",
                        "The text, up to 500 characters; a link counts 23. Not needed beside media."
                    ),
                    new(
                        "in_reply_to",
                        FieldType.Id,
                        FieldPlace.Body,
                        "The post replied to.",
                        false
                    ),
                    ClassicRoutes.Text(
                        "visibility",
                        "public (default), unlisted, followers or direct.",
                        false
                    ),
                    .. WarningFields.All,
                    new(
                        HoldMedia.Field,
                        FieldType.Names,
                        FieldPlace.Body,
                        "One's uploads, in the order in which they are shown; each stands on one post.",
                        false,
                        0,
                        options.Value.MaxMedia
                    ),
                ],
                Answers =
                [
                    new(201, "The post", ClassicRoutes.Entry),
                    new(409, "One of the media was posted before"),
                    new(422, "The Idempotency-Key was used for another request"),
                ],
                MaxBodyBytes = LongestPost,
            }
        );
        routes.MapClassic(
            "GET",
            "tweet/{tweet_id}",
            GetAsync,
            new RouteDoc("One post", AuthKind.OptionalToken)
            {
                Fields = [ClassicRoutes.Token, PostInPath],
                Answers = [new(200, "The post", ClassicRoutes.Entry), new(404, "There is none")],
            }
        );
        routes.MapClassic(
            "DELETE",
            "tweet/{tweet_id}",
            DeleteAsync,
            ClassicRoutes.Act("Delete one's post", ClassicRoutes.Entry, PostInPath)
        );
    }

    private void MapActs(IEndpointRouteBuilder routes, IServiceProvider parts)
    {
        var like = parts.GetRequiredService<LikePost>();
        var repost = parts.GetRequiredService<RepostPost>();
        MapAct(routes, "like", "Like a post", like.HandleAsync);
        MapAct(routes, "unlike", "Take a like back", like.UndoAsync);
        MapAct(routes, "repost", "Pass a post on to one's followers", repost.HandleAsync);
        MapAct(routes, "unrepost", "Take a repost back", repost.UndoAsync);
    }

    private void MapAct(IEndpointRouteBuilder routes, string name, string summary, PostAct act) =>
        routes.MapClassic(
            "POST",
            name,
            context => ActAsync(context, act),
            ClassicRoutes.Act(summary, ClassicRoutes.Entry, ClassicRoutes.Post)
        );

    private async Task<Problem?> PostAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var author = await callers.RequireSelfAsync(context, fields, "user_id");
        if (!author.Succeeded)
        {
            return author.Problem;
        }

        var media = fields.Media(HoldMedia.Field, options.Value.MaxMedia);
        var request = new PostRequest(
            author.Value,
            media.Count > 0 ? fields.OptionalText("status", min: 0) : fields.Text("status"),
            "status",
            fields.OptionalVisibility(),
            fields.OptionalPost("in_reply_to"),
            context.Request.Headers["Idempotency-Key"]
        )
        {
            Media = media,
            Warning = WarningFields.WarningOf(fields),
            IsSensitive = WarningFields.IsSensitive(fields),
        };
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var accepted = await accept.HandleAsync(request, context.RequestAborted);
        if (!accepted.Succeeded)
        {
            return accepted.Problem;
        }

        var entry = await presentAccepted.RenderAsync(accepted.Value, context.RequestAborted);
        await JsonAnswer.SendAsync(context, 201, JsonAnswer.ContentType, entry);
        return null;
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var id = fields.PathPost("tweet_id");
        return caller.Problem ?? fields.Problem ?? await AnswerAsync(context, caller.Value, id);
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var id = fields.PathPost("tweet_id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var found = await posts.GetManyAsync(new[] { id }, context.RequestAborted);
        if (found.Count == 0 || !await MaySeeAsync(context, caller.Value, found[0]))
        {
            return Problem.NoPost(id, "tweet_id");
        }

        var entry = await presentAccepted.RenderAsync(
            new AcceptedPost(found[0], Repeated: true),
            context.RequestAborted
        );
        var deleted = await delete.HandleAsync(id, caller.Value, context.RequestAborted);
        if (!deleted.Succeeded)
        {
            return deleted.Problem;
        }

        await JsonAnswer.SendAsync(context, 200, JsonAnswer.ContentType, entry);
        return null;
    }

    /// <summary>What the caller may not see does not exist for it, not even as another's.</summary>
    private async ValueTask<bool> MaySeeAsync(HttpContext context, AccountId caller, Post post)
    {
        if (post.Author == caller)
        {
            return true;
        }

        using var into = TimelinePage.Rent();
        var sight = await read.ContextAsync(caller, context.RequestAborted);
        await read.PostsAsync([post.Id], false, sight, into, context.RequestAborted);
        return into.EntryCount > 0;
    }

    private async Task<Problem?> ActAsync(HttpContext context, PostAct act)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var id = fields.Post("tweet_id");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var done = await act(caller.Value, id, context.RequestAborted);
        return done.Succeeded
            ? await AnswerAsync(context, caller.Value, done.Value.Id)
            : done.Problem;
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, AccountId? viewer, PostId id)
    {
        using var into = TimelinePage.Rent();
        do
        {
            var sight = await read.ContextAsync(viewer, context.RequestAborted);
            await read.PostsAsync([id], mutesHide: false, sight, into, context.RequestAborted);
            if (into.EntryCount == 0)
            {
                return Problem.NoPost(id, "tweet_id");
            }
        } while (!present.TryWriteSingle(into));
        return await context.AnswerPageAsync(into);
    }
}
