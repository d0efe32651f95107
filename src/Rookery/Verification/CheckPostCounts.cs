using Rookery.Delivery;
using Rookery.Posts;

namespace Rookery.Verification;

/// <summary>Every post's numbers of likes, reposts and replies.</summary>
internal sealed class CheckPostCounts(IDerivedTables tables, SettledDelivery delivery) : ICheck
{
    private const int Batch = 1_000;

    public string Name => "counters of posts";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        var page = await tables.PostCountsAfterAsync(default, Batch, token);
        while (page.Compared > 0)
        {
            tally.Compared += page.Compared;
            var lasting = await LastingAsync(page.Differences, token);
            foreach (var (post, held, truth) in lasting)
            {
                tally.Differs($"post {post}: {InWords(held)} are held, {InWords(truth)} are right");
            }

            if (repair && lasting.Count > 0)
            {
                tally.Repaired += await tables.RepairPostCountsAsync(lasting, token);
            }

            page = await tables.PostCountsAfterAsync(page.Last, Batch, token);
        }

        return tally.Report();
    }

    /// <summary>Those that are the same after all events of their time were applied: the others were merely on their way.</summary>
    private async Task<List<PostCountDifference>> LastingAsync(
        IReadOnlyList<PostCountDifference> first,
        CancellationToken token
    )
    {
        if (first.Count == 0)
        {
            return [];
        }

        await delivery.WaitAsync(token);
        var posts = first.Select(difference => difference.Post).ToList();
        return [.. (await tables.PostCountsAsync(posts, token)).Intersect(first)];
    }

    private static string InWords(PostCounts counts) =>
        $"{counts.Likes} likes, {counts.Reposts} reposts, {counts.Replies} replies";
}
