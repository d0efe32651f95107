using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>A post with the conversation around it.</summary>
/// <param name="Earlier">The path of what stands above <paramref name="Above"/>; null where that is all.</param>
/// <param name="Above">What it answers, the first of them first.</param>
/// <param name="Below">What answers it, the oldest first, below each what answers that.</param>
/// <param name="More">The path of further answers; null where these are all.</param>
public sealed record ConversationModel(
    Frame Frame,
    string? Earlier,
    IReadOnlyList<EntryView> Above,
    EntryView Post,
    IReadOnlyList<AnswerView> Below,
    string? More,
    ComposeModel? Reply
);

/// <summary>A post of which one is asked whether it is to go.</summary>
public sealed record DeleteModel(Frame Frame, EntryView Post, string Back);

/// <summary>A post alone, with what stands above and below it, and the question before it is deleted.</summary>
internal sealed class PostPages(
    Pages pages,
    SiteRoutes site,
    IPosts posts,
    ReadEntries read,
    ReadAnswers answers,
    TakePictures pictures,
    ReadPostingDefaults defaults,
    IOptions<PostsOptions> options
)
{
    /// <summary>Answers above a post; a longer conversation goes on from the first that is shown.</summary>
    private const int MostAbove = 20;

    private const string After = "after";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            "/@{username}/{id:long}",
            "A post and its conversation",
            ConversationAsync
        );
        site.Page(
            routes,
            "/posts/{id:long}/delete",
            "The question before a post is deleted",
            AskAsync,
            Visiting.Members
        );
    }

    private async Task<Problem?> ConversationAsync(Visit visit)
    {
        var id = visit.Fields.PathPost("id");
        var after = visit.Fields.OptionalPost(After);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var above = await AboveAsync(id, visit.Gone);
        var shown = await read.PostsAsync(visit, [.. above, id]);
        // The last, unless the visitor may not see it.
        if (shown.Count == 0 || shown[^1].Id != id)
        {
            return Problem.NotFound("There is no such post, or it is not for you to see.");
        }

        var post = shown[^1];
        if (post.Shown.Path != visit.Context.Request.Path.Value)
        {
            // Reposts, and names that were written otherwise.
            return visit.SeeOther(post.Shown.Path);
        }

        var (below, next) = await answers.HandleAsync(visit, id, after);
        var frame = pages.FrameOf(visit, visit.Say.PostTitle(post.Shown.Author.DisplayName)) with
        {
            Meta = MetaOf(visit, post.Shown, [.. shown, .. below.Select(one => one.Entry)]),
        };
        return await pages.ShowAsync<PostPage>(
            visit,
            new ConversationModel(
                frame,
                above.Count == MostAbove && shown[0] is { Shown.Post.Parent.Value: not 0 } first
                    ? first.Shown.Path
                    : null,
                [.. shown.Take(shown.Count - 1)],
                post,
                below,
                next is { } last ? $"{post.Shown.Path}?{After}={last}" : null,
                visit.Account is { } writer
                    ? ReplyTo(frame, post.Shown, await defaults.HandleAsync(writer, visit.Gone))
                    : null
            )
        );
    }

    /// <summary>Null for what is not for everybody: nothing of it stands where programs look.</summary>
    private static PageMeta? MetaOf(
        Visit visit,
        PostView post,
        IReadOnlyList<EntryView> conversation
    ) =>
        post.Post.Visibility != Visibility.Public
            ? null
            : PageMeta.Of(visit.Context.Request, post.Path) with
            {
                Type = "article",
                Title = $"{post.Author.DisplayName} (@{post.Author.Username})",
                Description = Excerpt.Of(post.SummaryIn(visit.Say), Excerpt.OfDescription),
                Picture = post.ShownAtOnce.FirstOrDefault(medium => !medium.IsVideo),
                Video = post.ShownAtOnce.FirstOrDefault(medium => medium.IsVideo),
                Avatar = post.Author.Avatar,
                Published = post.Post.Id.CreatedAt,
                // Nobody is found by what stands under another's post who is not to be found by the own ones.
                IsIndexed = conversation.All(entry => entry.Shown.Author.IsIndexable),
            };

    private ComposeModel ReplyTo(Frame frame, PostView post, PostingDefaults own) =>
        ComposeModel.New(frame, options.Value.MaxLength, pictures.Most, own) with
        {
            ReplyTo = post.Post.Id,
            ReplyToUsername = post.Author.Username,
            Text = post.Author.Id == frame.Me?.Id ? "" : $"@{post.Author.Username} ",
            // Who answers what is hidden talks about it.
            Warning = post.Post.Warning,
            Visibility = "",
            Back = post.Path,
        };

    private async Task<Problem?> AskAsync(Visit visit)
    {
        var id = visit.Fields.PathPost("id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var shown = await read.PostsAsync(visit, [id]);
        return
            shown is [{ Shown: { } post } entry]
            && entry.RepostedBy is null
            && post.Author.Id == visit.Member.Id
            ? await pages.ShowAsync<DeletePage>(
                visit,
                new DeleteModel(
                    pages.FrameOf(visit, visit.Say.DeletePost),
                    entry,
                    $"/@{visit.Member.Username}"
                )
            )
            : Problem.NotFound("There is no such post of yours; only its author can delete one.");
    }

    /// <summary>From what it answers up to the first, turned around.</summary>
    private async ValueTask<List<PostId>> AboveAsync(PostId id, CancellationToken token)
    {
        var above = new List<PostId>();
        for (var at = id; above.Count < MostAbove; above.Add(at))
        {
            var found = await posts.GetManyAsync(new[] { at }, token);
            if (found.Count == 0 || found[0].Parent.Value == 0)
            {
                break;
            }

            at = found[0].Parent;
        }

        above.Reverse();
        return above;
    }
}
