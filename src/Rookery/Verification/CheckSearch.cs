using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Search;
using Rookery.Search.Index;

namespace Rookery.Verification;

/// <summary>The search index of this process against the posts that stand. A process that does not search has none.</summary>
internal sealed class CheckSearch(
    SearchIndex index,
    IndexPosts follow,
    IPosts posts,
    IAccounts accounts,
    ShardLayout layout
) : ICheck
{
    private const int Batch = 500;

    public string Name => "search index";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        if (follow.IsFollowing)
        {
            await follow.CaughtUpAsync(token);
            await CompareStandingAsync(tally, token);
            await CompareFoundAsync(index.Now.Public, forAll: true, tally, token);
            await CompareFoundAsync(index.Now.Guarded, forAll: false, tally, token);
            if (repair && tally.Report().Different is > 0 and var different)
            {
                await follow.BuildAgainAsync(token);
                tally.Repaired = different;
            }
        }

        return tally.Report();
    }

    /// <summary>Everything that stands is found.</summary>
    private async Task CompareStandingAsync(CheckTally tally, CancellationToken token)
    {
        IReadOnlyList<Post> some = [];
        do
        {
            some = await posts.AllAboveAsync(some.Count > 0 ? some[^1].Id : default, Batch, token);
            var own = some.Where(post => layout.Owns(post.Id)).ToList();
            tally.Compared += own.Count;
            var forAll = await ForAllAsync(own, token);
            foreach (var post in own.Where(post => !IsFound(post, forAll)))
            {
                await JudgeAsync(post.Id, tally, token);
            }
        } while (some.Count > 0);
    }

    /// <summary>Everything that is found stands, and nobody finds what is not for all but those who may.</summary>
    private async Task CompareFoundAsync(
        PostIndex part,
        bool forAll,
        CheckTally tally,
        CancellationToken token
    )
    {
        var everything = QueryPlan.Of(new SearchNode.Ids(new PostId(1), new PostId(long.MaxValue)));
        using var cursor = part.Open(everything, new Page(Batch), long.MaxValue);
        var batch = new PostId[Batch];
        for (int count; (count = cursor.NextBatch(batch)) > 0; )
        {
            var standing = await posts.GetManyAsync(batch.AsMemory(0, count), token);
            var right = forAll
                ? await ForAllAsync(standing, token)
                : standing.Select(post => post.Id).ToHashSet();
            foreach (var id in batch[..count].Where(id => !right.Contains(id)))
            {
                await JudgeAsync(id, tally, token);
            }
        }
    }

    /// <summary>
    /// Looks once more, when everything that happened meanwhile has been followed; and where it differs then, again: the post may have changed after it was read.
    /// </summary>
    private async Task JudgeAsync(PostId post, CheckTally tally, CancellationToken token)
    {
        if (
            await DifferenceAsync(post, token) is not null
            && await DifferenceAsync(post, token) is { } difference
        )
        {
            tally.Differs(difference);
        }
    }

    /// <summary>Null where there is none.</summary>
    private async Task<string?> DifferenceAsync(PostId post, CancellationToken token)
    {
        var standing = await posts.GetManyAsync(new[] { post }, token);
        await follow.CaughtUpAsync(token);
        var forAll = await ForAllAsync(standing, token);
        var (isPublic, isGuarded) = (Has(index.Now.Public, post), Has(index.Now.Guarded, post));
        if (standing.Count == 0)
        {
            // A repost stays in it while the author of its original is suspended: it is shown with its original or not at all.
            return
                (isPublic || isGuarded)
                && (await posts.HiddenWithOriginalsAsync(new[] { post }, token)).Count == 0
                ? $"post {post} is in the index and gone"
                : null;
        }

        return !IsFound(standing[0], forAll) ? $"post {post} is not in the index"
            : isPublic && !forAll.Contains(post)
                ? $"post {post} is found by those who may not find it"
            : null;
    }

    /// <summary>Those of them that anybody may find.</summary>
    private async Task<IReadOnlySet<PostId>> ForAllAsync(
        IReadOnlyList<Post> some,
        CancellationToken token
    )
    {
        var authors = some.Select(post => post.Author).Distinct().ToArray();
        var indexable = (await accounts.CardsAsync(authors, token))
            .Where(card => card.IsIndexable)
            .Select(card => card.Id)
            .ToHashSet();
        return some.Where(post =>
                post.Visibility == Visibility.Public && indexable.Contains(post.Author)
            )
            .Select(post => post.Id)
            .ToHashSet();
    }

    private bool IsFound(Post post, IReadOnlySet<PostId> forAll) =>
        Has(forAll.Contains(post.Id) ? index.Now.Public : index.Now.Guarded, post.Id);

    private static bool Has(PostIndex part, PostId post) => part.HasAlive(post);
}
