using Microsoft.Extensions.Options;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>
/// Home timelines where some authors are pushed: the owner's pushed entries and the heads of merged authors, together. Where the pushed part is
/// missing or ends too early, all sources are read as if merged, and a missing timeline is rebuilt beside it.
/// </summary>
internal sealed class PushedTimeline(
    ITimelineStore store,
    IGraph graph,
    IPosts posts,
    AccountOrdinals ordinals,
    MergedAuthors merged,
    ColdReads cold,
    IOptions<TimelinesOptions> options
)
{
    /// <summary>Rows of one query of a rebuild, roughly: some milliseconds.</summary>
    private const int RowsPerQuery = 20_000;

    /// <summary>False where nothing is ever pushed.</summary>
    public bool IsUsed => !merged.All;

    public async ValueTask ReadAsync(HomeRead read, HomeTimeline home, CancellationToken token)
    {
        // Upwards, or below what a pushed timeline holds, it has nothing to offer.
        var part = read.FromBelow
            ? TimelinePart.None
            : await store.ReadAsync(read.Viewer, options.Value.PushedLength, token);
        if (part.CompleteAbove is { } floor && TryRead(read, home, part, floor))
        {
            return;
        }

        await home.FromTruthAsync(read, token);
        if (part.CompleteAbove is null && !read.FromBelow)
        {
            await RebuildInTurnAsync(read, token);
        }
    }

    private bool TryRead(HomeRead read, HomeTimeline home, TimelinePart part, PostId floor)
    {
        var sources = read.SourceSpan.ToArray();
        var fromHeads = sources
            .Where((source, place) => place >= read.FolloweeCount || merged.Contains(source))
            .ToArray();
        Span<int> absent = stackalloc int[1];
        var result = home.Merge(read, fromHeads, absent);
        if (!HomeTimeline.IsEnough(read, result))
        {
            return false;
        }

        // Who is no longer followed may still stand in the list; who is followed now is read now.
        var followed = read.FolloweeSpan.ToArray().ToHashSet();
        var pushed = part
            .Entries.Where(entry =>
                entry.Post.Value < read.Below
                && entry.Post.Value > read.Above
                && ordinals.TryGet(entry.Author, out var author)
                && followed.Contains(author)
            )
            .Select(entry => entry.Post.Value);
        // Of the heads' page only what is above its own end is known, if it was full.
        var end = Math.Max(floor.Value, read.More ? read.Ids[read.Count - 1] - 1 : 0);
        var ids = read
            .Ids.Take(read.Count)
            .Concat(pushed)
            .Where(id => id > end)
            .Distinct()
            .OrderDescending()
            .Take(read.Want)
            .ToArray();
        if (ids.Length < read.Want && end > read.Above)
        {
            return false;
        }

        ids.CopyTo(read.Ids, 0);
        read.Count = ids.Length;
        read.More = ids.Length == read.Want;
        return true;
    }

    /// <summary>The page is there already: where no turn comes it is answered, and the next visit rebuilds.</summary>
    private async ValueTask RebuildInTurnAsync(HomeRead read, CancellationToken token)
    {
        if (await cold.TryEnterAsync(token) is not { } turn)
        {
            return;
        }

        using (turn)
        {
            await RebuildAsync(read, token);
        }
    }

    /// <summary>
    /// Begin, then truth, then finish: what is pushed meanwhile is kept, and a follow meanwhile makes it fail.
    /// </summary>
    private async ValueTask RebuildAsync(HomeRead read, CancellationToken token)
    {
        if (await store.BeginRebuildAsync(read.Viewer, token) is not { } rebuild)
        {
            return;
        }

        // Only now: whom the owner followed before the begin is not what a follow since then would make fail.
        // Into a list of its own: the rules still ask the read's, which leaves muted followees out.
        var followees = new int[read.FolloweeCount + 16];
        var count = graph.CopyFollowees(read.Viewer, ref followees);
        if (count < 0)
        {
            return;
        }

        var length = options.Value.PushedLength;
        var authors = followees
            .Take(count)
            .Where(author => !merged.Contains(author))
            .Select(ordinals.IdOf)
            .ToArray();
        var entries = await NewestOfAsync(authors, length, token);
        var floor = entries.Count < length ? default : new PostId(entries[^1].Post.Value - 1);
        await store.FinishRebuildAsync(read.Viewer, rebuild, entries, floor, token);
    }

    /// <summary>The newest entries of all authors, some authors at a time: never more in memory than one query's rows and one timeline.</summary>
    private async ValueTask<List<TimelineEntry>> NewestOfAsync(
        AccountId[] authors,
        int length,
        CancellationToken token
    )
    {
        var entries = new List<TimelineEntry>();
        foreach (var some in authors.Chunk(Math.Max(1, RowsPerQuery / length)))
        {
            var rows = await posts.NewestOfAsync(some, PostId.Newest, length, token);
            entries =
            [
                .. rows.SelectMany(row => row.Ids.Select(id => new TimelineEntry(id, row.Author)))
                    .Concat(entries)
                    .OrderByDescending(entry => entry.Post)
                    .Take(length),
            ];
        }

        return entries;
    }
}
