using System.Runtime.CompilerServices;
using Rookery.Delivery;

namespace Rookery.Verification;

/// <summary>What one chunk of a recount saw, and how many of its posts were set to the true count.</summary>
internal sealed record RecountedPosts(
    int Compared,
    IReadOnlyList<PostCountDifference> Differences,
    int Repaired
);

/// <summary>
/// Compares every post's counters with a new count of what they count, as <c>RecountThings</c> does for accounts: what is merely on its way is
/// no difference.
/// </summary>
internal sealed class RecountPosts(IDerivedTables tables, SettledDelivery delivery)
{
    private const int ChunkSize = 1_000;

    public async IAsyncEnumerable<RecountedPosts> HandleAsync(
        bool repair,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        var page = await tables.PostCountsAfterAsync(default, ChunkSize, token);
        while (page.Compared > 0)
        {
            var lasting = await LastingAsync(page.Differences, token);
            var repaired =
                repair && lasting.Count > 0
                    ? await tables.RepairPostCountsAsync(lasting, token)
                    : 0;
            yield return new RecountedPosts(page.Compared, lasting, repaired);
            page = await tables.PostCountsAfterAsync(page.Last, ChunkSize, token);
        }
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
}
