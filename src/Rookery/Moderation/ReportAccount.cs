using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Moderation;

internal sealed record ReportRequest(
    AccountId Reporter,
    AccountId Account,
    ReportCategory Category,
    string Comment,
    IReadOnlyList<PostId> Posts
);

/// <summary>
/// Tells the moderators about an account and some of its posts: those that the reporter can see, so that nobody learns here which others there are. A block between
/// the two keeps nobody from it.
/// </summary>
internal sealed class ReportAccount(
    IAccounts accounts,
    IPosts posts,
    IGraph graph,
    IReportStore store,
    ReportLimits limits
)
{
    public const int MaxPosts = 40;

    /// <summary>In code points.</summary>
    public const int MaxComment = 1_000;

    public async Task<Result<Report>> HandleAsync(ReportRequest request, CancellationToken token)
    {
        if (Check(request) is { } wrong)
        {
            return wrong;
        }

        if ((await accounts.UnknownAsync(new[] { request.Account }, token)).Count > 0)
        {
            return Problem.NoAccount(request.Account, "account_id");
        }

        PostId[] reported = [.. request.Posts.Distinct().Order()];
        if (await RefusePostsAsync(request, reported, token) is { } unseen)
        {
            return unseen;
        }

        return await limits.RefuseAsync(request.Reporter, token) is { } tooMany
            ? tooMany
            : await store.AddAsync(
                new NewReport(
                    request.Reporter,
                    request.Account,
                    request.Category,
                    request.Comment.Trim(),
                    reported
                ),
                token
            );
    }

    private static Problem? Check(ReportRequest request) =>
        request.Reporter == request.Account
            ? Problem.Invalid(
                "account_id",
                "This is your own account; what you posted you can delete yourself."
            )
        : request.Posts.Count > MaxPosts
            ? Problem.Invalid("status_ids", $"A report names at most {MaxPosts} posts.")
        : request.Comment.EnumerateRunes().Count() > MaxComment
            ? Problem.Invalid(
                "comment",
                $"comment is {request.Comment.EnumerateRunes().Count()} characters long; at most {MaxComment} are allowed."
            )
        : !UnicodeText.CanBeNormalised(request.Comment)
        || request.Comment.Any(unit => char.IsControl(unit) && unit is not ('\n' or '\r' or '\t'))
            ? Problem.Invalid(
                "comment",
                "comment holds a control character or half of a surrogate pair; it must be well-formed text."
            )
        : null;

    private async ValueTask<Problem?> RefusePostsAsync(
        ReportRequest request,
        PostId[] reported,
        CancellationToken token
    )
    {
        if (reported.Length == 0)
        {
            return null;
        }

        var standing = (await posts.GetManyAsync(reported, token))
            .Where(post => post.Author == request.Account)
            .ToList();
        var seen = await SeenAsync(request, standing, token);
        return Array.FindIndex(reported, post => !seen.Contains(post)) is >= 0 and var first
            ? Problem.NotFound(
                $"There is no post {reported[first]} by account {request.Account}.",
                "status_ids"
            )
            : null;
    }

    private async ValueTask<HashSet<PostId>> SeenAsync(
        ReportRequest request,
        List<Post> standing,
        CancellationToken token
    )
    {
        var guarded = standing.Where(post => post.Visibility >= Visibility.Followers).ToList();
        var seen = standing.Except(guarded).Select(post => post.Id).ToHashSet();
        if (guarded.Count == 0)
        {
            return seen;
        }

        var relations = await graph.RelationshipsAsync(
            request.Reporter,
            new[] { request.Account },
            token
        );
        seen.UnionWith(
            await posts.MentioningAsync(
                request.Reporter,
                guarded.Select(post => post.Id).ToArray(),
                token
            )
        );
        seen.UnionWith(
            guarded
                .Where(post => post.Visibility == Visibility.Followers && relations[0].Following)
                .Select(post => post.Id)
        );
        return seen;
    }
}
