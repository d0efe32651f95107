using System.Diagnostics;
using Microsoft.Extensions.Options;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Telemetry;

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
    TelemetryEvents telemetry,
    IOptions<TimelinesOptions> options
)
{
    /// <summary>Rows of one query of a rebuild, roughly: some milliseconds.</summary>
    private const int RowsPerQuery = 20_000;

    /// <summary>Which heads are absent is of no use before their number is.</summary>
    private static readonly int[] NotAsked = [];

    /// <summary>False where nothing is ever pushed.</summary>
    public bool IsUsed => !merged.All;

    public async ValueTask ReadAsync(HomeRead read, HomeTimeline home, CancellationToken token)
    {
        switch (await TryReadAsync(read, home, token))
        {
            case Outcome.Read:
                telemetry.HomeReadFromPushed();
                return;
            case Outcome.NotThere:
                await home.FromTruthAsync(read, token);
                await RebuildInTurnAsync(read, token);
                return;
            default:
                await home.FromTruthAsync(read, token);
                return;
        }
    }

    /// <summary>The top of a timeline is read most, and of it as much as a page needs; below it all, since nobody knows how deep the page lies.</summary>
    private async ValueTask<Outcome> TryReadAsync(
        HomeRead read,
        HomeTimeline home,
        CancellationToken token
    )
    {
        // Upwards a pushed timeline has nothing to offer.
        if (read.FromBelow)
        {
            return Outcome.TooLittle;
        }

        var all = options.Value.PushedLength;
        var newest = read.Below == long.MaxValue ? Math.Min(read.Want, all) : all;
        var part = await PartAsync(read, newest, token);
        if (part is not { CompleteAbove: { } bound })
        {
            return part is null ? Outcome.TooLittle : Outcome.NotThere;
        }

        var isRead = await TryWeaveAsync(read, home, part.Entries, bound, token);
        if (!isRead && newest < all && part.Entries.Count == newest)
        {
            part = await PartAsync(read, all, token);
            isRead =
                part is { CompleteAbove: { } lower }
                && await TryWeaveAsync(read, home, part.Entries, lower, token);
        }

        return isRead ? Outcome.Read : Outcome.TooLittle;
    }

    /// <summary>Null where the store cannot be asked: truth can, and nothing is to be built now.</summary>
    private async ValueTask<TimelinePart?> PartAsync(
        HomeRead read,
        int newest,
        CancellationToken token
    )
    {
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var part = await store.ReadAsync(read.Viewer, newest, token);
            telemetry.TimelineStoreRead(Stopwatch.GetElapsedTime(begun));
            return part;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Puts the entries between the ids of merged authors; false where that is no whole page.</summary>
    private async ValueTask<bool> TryWeaveAsync(
        HomeRead read,
        HomeTimeline home,
        IReadOnlyList<TimelineEntry> entries,
        PostId bound,
        CancellationToken token
    )
    {
        var sources = CopyMerged(read);
        var heads = home.Merge(read, read.MergedSources.AsSpan(0, sources), NotAsked);
        if (heads.Absent > 0)
        {
            using var turn = await cold.EnterAsync(token);
            heads = await home.MergeLoadedAsync(
                read,
                read.MergedSources.AsMemory(0, sources),
                token
            );
        }

        // Below the end of either nothing is known: of the entries, of the heads, and of the heads' page if that was full.
        var end = Math.Max(bound.Value, heads.Bound);
        if (heads.Count == read.Want)
        {
            end = Math.Max(end, read.Ids[heads.Count - 1] - 1);
        }

        return heads.Absent == 0 && Weave(read, entries, heads.Count, end);
    }

    /// <summary>All sources but the followees whose posts are pushed; answers how many.</summary>
    private int CopyMerged(HomeRead read)
    {
        var sources = read.SourceSpan;
        if (read.MergedSources.Length < sources.Length)
        {
            read.MergedSources = new int[2 * sources.Length];
        }

        var count = 0;
        for (var place = 0; place < sources.Length; place++)
        {
            if (place >= read.FolloweeCount || merged.Contains(sources[place]))
            {
                read.MergedSources[count++] = sources[place];
            }
        }

        return count;
    }

    private bool Weave(HomeRead read, IReadOnlyList<TimelineEntry> entries, int headed, long end)
    {
        Span<long> heads = stackalloc long[HomeRead.Capacity];
        read.Ids.AsSpan(0, headed).CopyTo(heads);
        var (count, head) = (0, 0);
        var place = NextWanted(read, entries, 0);
        while (count < read.Want)
        {
            var fromHead = head < headed ? heads[head] : 0;
            var fromEntry = place < entries.Count ? entries[place].Post.Value : 0;
            var next = Math.Max(fromHead, fromEntry);
            if (next == 0 || next <= end)
            {
                break;
            }

            head += fromHead == next ? 1 : 0;
            place = fromEntry == next ? NextWanted(read, entries, place + 1) : place;
            read.Ids[count++] = next;
        }

        read.Count = count;
        read.More = count == read.Want;
        return read.More || end <= read.Above;
    }

    private int NextWanted(HomeRead read, IReadOnlyList<TimelineEntry> entries, int place)
    {
        while (place < entries.Count && !IsWanted(read, entries[place]))
        {
            place++;
        }

        return place;
    }

    /// <summary>In the range, and by whom the owner follows now: who is no longer followed may still stand in the list.</summary>
    private bool IsWanted(HomeRead read, TimelineEntry entry) =>
        entry.Post.Value < read.Below
        && entry.Post.Value > read.Above
        && ordinals.TryGet(entry.Author, out var author)
        && read.FolloweeSpan.Contains(author);

    /// <summary>The page is there already: where no turn comes, or a store fails, it is answered, and the next visit rebuilds.</summary>
    private async ValueTask RebuildInTurnAsync(HomeRead read, CancellationToken token)
    {
        if (await cold.TryEnterAsync(token) is not { } turn)
        {
            return;
        }

        using (turn)
        {
            try
            {
                await RebuildAsync(read, token);
            }
            catch (StoreUnavailableException)
            {
                // As said.
            }
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

        // Only now: whom the owner followed before the begin is not what a follow since then would make fail. And from truth: of a follow that
        // another process committed, the drop may have been before the begin, and the word of it not have come here.
        var followees = await graph.FolloweesInTruthAsync(read.Viewer, token);
        var length = options.Value.PushedLength;
        var authors = followees.Where(author => !IsMerged(author)).ToArray();
        var entries = await NewestOfAsync(authors, length, token);
        var floor = entries.Count < length ? default : new PostId(entries[^1].Post.Value - 1);
        if (await store.FinishRebuildAsync(read.Viewer, rebuild, entries, floor, token))
        {
            telemetry.TimelineRebuilt();
        }
    }

    private bool IsMerged(AccountId author) =>
        ordinals.TryGet(author, out var ordinal) && merged.Contains(ordinal);

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

    private enum Outcome
    {
        Read,

        /// <summary>Truth has the page; the timeline stands, or cannot be asked.</summary>
        TooLittle,

        /// <summary>Truth has the page, and the timeline is to be built.</summary>
        NotThere,
    }
}
