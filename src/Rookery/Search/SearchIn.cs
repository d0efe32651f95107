using System.Diagnostics;
using Rookery.Posts;
using Rookery.Search.Index;
using Rookery.Telemetry;

namespace Rookery.Search;

/// <summary>Finds what a prepared query asks for in this process's index, newest first.</summary>
internal sealed class SearchIn(SearchIndex index, IPosts posts, TelemetryEvents telemetry)
{
    // Of texts at once: enough that asking for them is not most of the work, few enough that the budget is kept.
    private const int LeastTexts = 64;
    private const int MostTexts = 256;

    /// <summary>A stretch of what is found within the page's bounds: shorter than that asks for only where nothing follows, or where it says so.</summary>
    public async ValueTask<FoundPosts> HandleAsync(
        PreparedSearch search,
        Page page,
        SearchBudget budget,
        CancellationToken token
    )
    {
        var begun = Stopwatch.GetTimestamp();
        var found = new SortedSet<PostId>();
        var reached = new List<PostId?>();
        foreach (var part in PartsOf(search, index.Now))
        {
            reached.Add(await FindAsync(part, page, budget, found, token));
        }

        var stretch = FoundPosts.Of(found, page.NearestOf(reached), page);
#if SEEDED_BUGS
        if (SeededBugs.Is("search-page-skips-one") && page.MaxId is not null)
            stretch = stretch with { Ids = [.. stretch.Ids.Skip(1)] };
#endif
        telemetry.Searched(Stopwatch.GetElapsedTime(begun));
        return stretch;
    }

    /// <summary>Both get half of the budget at least, so that both get further. Those of a searcher's own first: they are few as a rule, and leave nearly all of it.</summary>
    private static IEnumerable<Part> PartsOf(PreparedSearch search, IndexedPosts searched)
    {
        if (search is { Guarded: { } guarded, GuardedPlan: { } plan })
        {
            yield return new Part(searched.Guarded, guarded, plan, ShareOfBudget: 2);
        }

        yield return new Part(searched.Public, search.Root, search.Plan, ShareOfBudget: 1);
    }

    /// <summary>Adds up to a page of one part. Answers where it had to stop before that; null where nothing follows in this part, or a page of it is full.</summary>
    private async ValueTask<PostId?> FindAsync(
        Part part,
        Page page,
        SearchBudget budget,
        SortedSet<PostId> found,
        CancellationToken token
    )
    {
        var (_, query, plan, share) = part;
        var work = Math.Max(0, budget.Documents / share);
        using var cursor = part.Index.Open(plan, page, work);
        var texts = plan.NeedsTexts ? new MatchTexts(posts, query) : null;
#if SEEDED_BUGS
        texts = SeededBugs.Is("phrase-not-read") ? null : texts;
#endif
        var batch = new PostId[
            texts is null ? page.Count : Math.Clamp(page.Count, LeastTexts, MostTexts)
        ];
        var kept = 0;
        do
        {
            var count = cursor.NextBatch(batch);
            if (texts is null)
            {
                found.UnionWith(batch[..count]);
                kept += count;
            }
            else if (count > 0)
            {
                cursor.Spend(count * SearchBudget.DocumentsPerPost);
                var matching = await texts.AmongAsync(batch.AsMemory(0, count), token);
                found.UnionWith(matching);
                kept += matching.Count;
            }
        } while (kept < page.Count && !cursor.IsComplete && !cursor.IsOutOfWork);

        budget.Spend(work - cursor.WorkLeft);
        return kept >= page.Count || cursor.IsComplete ? null : cursor.Reached;
    }

    private readonly record struct Part(
        PostIndex Index,
        SearchNode Query,
        QueryPlan Plan,
        int ShareOfBudget
    );
}
