using Rookery.Posts;

namespace Rookery.Verification;

/// <summary>Every post's numbers of likes, reposts and replies.</summary>
internal sealed class CheckPostCounts(RecountPosts recount) : ICheck
{
    public string Name => "counters of posts";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        await foreach (var chunk in recount.HandleAsync(repair, token))
        {
            tally.Compared += chunk.Compared;
            tally.Repaired += chunk.Repaired;
            foreach (var (post, held, truth) in chunk.Differences)
            {
                tally.Differs($"post {post}: {InWords(held)} are held, {InWords(truth)} are right");
            }
        }

        return tally.Report();
    }

    private static string InWords(PostCounts counts) =>
        $"{counts.Likes} likes, {counts.Reposts} reposts, {counts.Replies} replies";
}
