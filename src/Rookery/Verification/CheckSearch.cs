using Rookery.Posts;
using Rookery.Search;
using Rookery.Search.Index;

namespace Rookery.Verification;

/// <summary>The search index of this process against the posts that stand. A process that does not search has none.</summary>
internal sealed class CheckSearch(SearchIndex index, IndexPosts follow, IPosts posts) : ICheck
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
            await CompareFoundAsync(index.Now.Public, isPublic: true, tally, token);
            await CompareFoundAsync(index.Now.Guarded, isPublic: false, tally, token);
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
            tally.Compared += some.Count;
            foreach (var post in some.Where(post => !IsFound(post)))
            {
                await JudgeAsync(post.Id, tally, token);
            }
        } while (some.Count > 0);
    }

    /// <summary>Everything that is found stands, and is where it belongs.</summary>
    private async Task CompareFoundAsync(
        PostIndex part,
        bool isPublic,
        CheckTally tally,
        CancellationToken token
    )
    {
        var everything = QueryPlan.Of(new SearchNode.Ids(new PostId(1), new PostId(long.MaxValue)));
        using var cursor = part.Open(everything, new Page(Batch), long.MaxValue);
        var batch = new PostId[Batch];
        for (int count; (count = cursor.NextBatch(batch)) > 0; )
        {
            var standing = (await posts.GetManyAsync(batch.AsMemory(0, count), token))
                .Where(post => (post.Visibility == Visibility.Public) == isPublic)
                .Select(post => post.Id)
                .ToHashSet();
            foreach (var id in batch[..count].Where(id => !standing.Contains(id)))
            {
                await JudgeAsync(id, tally, token);
            }
        }
    }

    /// <summary>Looks once more, when everything that happened meanwhile has been followed.</summary>
    private async Task JudgeAsync(PostId post, CheckTally tally, CancellationToken token)
    {
        var standing = await posts.GetManyAsync(new[] { post }, token);
        await follow.CaughtUpAsync(token);
        var stands = standing.Count > 0;
        var isFound = stands
            ? IsFound(standing[0])
            : Has(index.Now.Public, post) || Has(index.Now.Guarded, post);
        if (stands != isFound)
        {
            tally.Differs(
                stands
                    ? $"post {post} is not in the index"
                    : $"post {post} is in the index and gone"
            );
        }
    }

    private bool IsFound(Post post) =>
        Has(post.Visibility == Visibility.Public ? index.Now.Public : index.Now.Guarded, post.Id);

    private static bool Has(PostIndex part, PostId post) => part.View.HasAlive(post.Value);
}
