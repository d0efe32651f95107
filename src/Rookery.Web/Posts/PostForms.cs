using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Api;
using Rookery.Posts;
using Rookery.Web.Layout;
using Rookery.Web.Sessions;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>What a member does with a post; the post comes back.</summary>
internal delegate Task<Result<Post>> PostAct(
    AccountId member,
    PostId post,
    CancellationToken token
);

/// <summary>Writing, liking, reposting and deleting by forms.</summary>
internal sealed class PostForms(
    Pages pages,
    SiteRoutes site,
    AcceptPost accept,
    DeletePost delete,
    LikePost like,
    RepostPost repost,
    TakePictures pictures,
    IOptions<PostsOptions> options
)
{
    public const string TextField = "text";
    public const string VisibilityField = "visibility";
    public const string ReplyField = "in_reply_to";

    /// <summary>The longest text that may be a post, each byte of it escaped as three, and what stands beside it.</summary>
    private int LongestBody =>
        BodyLimit.Usual + (9 * PostText.UnitsPerCharacter * options.Value.MaxLength);

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Form(
            routes,
            "/posts",
            "Post, or reply",
            WriteAsync,
            maxBodyBytes: LongestBody,
            read: visit => pictures.ReadAsync(visit, LongestBody),
            ended: KeepAsync
        );
        MapAct(routes, "like", "Like a post", like.HandleAsync);
        MapAct(routes, "unlike", "Take a like back", like.UndoAsync);
        MapAct(routes, "repost", "Pass a post on to one's followers", repost.HandleAsync);
        MapAct(routes, "unrepost", "Take a repost back", repost.UndoAsync);
        site.Form(routes, "/posts/{id:long}/delete", "Delete one's post", DeleteAsync);
    }

    private void MapAct(IEndpointRouteBuilder routes, string name, string summary, PostAct act) =>
        site.Form(routes, $"/posts/{{id:long}}/{name}", summary, visit => ActAsync(visit, act));

    private async Task<Problem?> WriteAsync(Visit visit)
    {
        var request = new PostRequest(
            visit.Member.Id,
            visit.Text(TextField),
            TextField,
            visit.Fields.OptionalVisibility(mayBeEmpty: true),
            visit.Fields.OptionalPost(ReplyField),
            visit.Text("key")
        )
        {
            Warning = visit.Text(ContentWarning.Field),
            IsSensitive = visit.Fields.OptionalFlag("sensitive"),
        };
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var taken = await pictures.HandleAsync(visit);
        request = request with { Media = taken.Media };
        if ((visit.Fields.Problem ?? taken.Problem) is { } refused)
        {
            return await AskAgainAsync(visit, request, refused);
        }

        var accepted = await accept.HandleAsync(request, visit.Gone);
        return accepted.Succeeded
            ? visit.SeeOther(visit.Back($"/@{visit.Member.Username}/{accepted.Value.Post.Id}"))
            : await AskAgainAsync(visit, request, accepted.Problem);
    }

    /// <summary>The form to log in with, which carries what was written; null where that is nothing.</summary>
    private Task<Problem?>? KeepAsync(Visit visit)
    {
        if (KeptPost.SentBy(visit) is not { } kept || visit.Fields.Problem is not null)
        {
            return null;
        }

        var stranger = visit.WithForms();
        return pages.ShowAsync<LogInPage>(
            stranger,
            new SessionModel(
                pages.FrameOf(stranger, visit.Say.LogIn) with
                {
                    Place = "login",
                    Notice = visit.Say.LoggedOutMeanwhile,
                },
                visit.Back("")
            )
            {
                Kept = kept,
            },
            StatusCodes.Status401Unauthorized
        );
    }

    /// <summary>The same box with what was written, and what was wrong with it; the script still has the box.</summary>
    private async Task<Problem?> AskAgainAsync(Visit visit, PostRequest request, Problem problem)
    {
        if (visit.IsByScript)
        {
            return problem;
        }

        var isSpent = problem.Kind == ProblemKind.KeyReused;
        var frame = pages.FrameOf(visit, visit.Say.Write) with { Here = SiteRoutes.Home };
        return await pages.ShowAsync<ComposePage>(
            visit,
            new ComposeModel(
                frame,
                isSpent ? FormToken.Draw() : visit.Text("key"),
                options.Value.MaxLength
            )
            {
                Text = request.Text ?? "",
                Warning = request.Warning ?? "",
                IsSensitive = request.IsSensitive == true,
                Visibility = visit.Text(VisibilityField),
                ReplyTo = request.InReplyTo,
                Back = visit.Back(""),
                MostPictures = pictures.Most,
                Pictures = await pictures.ShownAsync(visit, request.Media),
                Problem = isSpent
                    ? problem with
                    {
                        Detail =
                            "This form was sent before, with another text or other pictures, and that was posted. Send it again to post this too.",
                    }
                    : problem,
            },
            ProblemResponses.StatusOf(problem.Kind)
        );
    }

    private static async Task<Problem?> ActAsync(Visit visit, PostAct act)
    {
        var id = visit.Fields.PathPost("id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var done = await act(visit.Member.Id, id, visit.Gone);
        return done.Succeeded
            ? visit.SeeOther(AtPost(visit, visit.Back(SiteRoutes.Home)))
            : done.Problem;
    }

    private async Task<Problem?> DeleteAsync(Visit visit)
    {
        var id = visit.Fields.PathPost("id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var deleted = await delete.HandleAsync(id, visit.Member.Id, visit.Gone);
        return deleted.Succeeded ? visit.SeeOther(visit.Back(SiteRoutes.Home)) : deleted.Problem;
    }

    /// <summary>The page again, where its reader was.</summary>
    private static string AtPost(Visit visit, string path)
    {
        var at = visit.Text("at");
        var hash = path.IndexOf('#', StringComparison.Ordinal);
        return at.Length is > 0 and < 20 && at.All(char.IsAsciiDigit)
            ? $"{(hash < 0 ? path : path[..hash])}#post-{at}"
            : path;
    }
}
