using Rookery.Graph;
using Rookery.Telemetry;

namespace Rookery.Timelines;

/// <summary>
/// The skeleton of home timelines: the ids of what the owner's followees posted, and of direct posts addressed to the owner, newest first.
/// Merged at read from author heads; where authors are pushed, from the owner's pushed timeline and the heads of the others; what
/// neither holds comes from truth.
/// </summary>
internal sealed class HomeTimeline(
    AuthorHeads heads,
    AccountOrdinals ordinals,
    IGraph graph,
    LoadHeads load,
    DeepRead deep,
    PushedTimeline pushed,
    ColdReads cold,
    TelemetryEvents telemetry,
    TimeProvider time
)
{
    /// <summary>A head that is widened or loaded may be needed wider still; after this many rounds truth is asked.</summary>
    private const int Rounds = 8;

    /// <summary>Fills the read with the ids of its range. Completes at once where memory holds them.</summary>
    /// <exception cref="StoreUnavailableException">Truth is needed and cannot be asked, or too many need it.</exception>
    public ValueTask ReadAsync(HomeRead read, CancellationToken token) =>
        TryCopySources(read) ? ReadSourcesAsync(read, token) : LoadAndReadAsync(read, token);

    private ValueTask ReadSourcesAsync(HomeRead read, CancellationToken token)
    {
        if (pushed.IsUsed && !read.IsWhole)
        {
            return pushed.ReadAsync(read, this, token);
        }

        Span<int> absent = stackalloc int[1];
        var merged = Merge(read, read.SourceSpan, absent);
        if (!IsEnough(read, merged))
        {
            return FromTruthAsync(read, token);
        }

        telemetry.HomeReadFromMemory();
        return ValueTask.CompletedTask;
    }

    /// <summary>Merges all sources, whatever is pushed; what heads do not hold is loaded or read from truth.</summary>
    public async ValueTask FromTruthAsync(HomeRead read, CancellationToken token)
    {
        using var turn = await cold.EnterAsync(token);
        telemetry.HomeReadFromTruth();
        for (var round = 0; round < Rounds; round++)
        {
            var merged = await MergeLoadedAsync(
                read,
                read.Followees.AsMemory(0, read.SourceCount),
                token
            );
            if (IsEnough(read, merged))
            {
                return;
            }

            // Only the top of a timeline is worth more memory: that is what is read again and again. Who reads upwards stands somewhere below it.
            if (
                read.Below != long.MaxValue
                || read.FromBelow
                || merged.Absent > 0
                || !heads.Widen(merged.BoundAuthor)
            )
            {
                break;
            }
        }

        await deep.ContinueAsync(read, token);
    }

    internal MergeResult Merge(HomeRead read, ReadOnlySpan<int> authors, Span<int> absent)
    {
        var merged = heads.Merge(
            authors,
            new MergeRange(read.Below, read.Above, read.FromBelow),
            read.Ids.AsSpan(0, read.Want),
            absent
        );
        read.Count = merged.Absent == 0 ? merged.Count : 0;
        return merged;
    }

    /// <summary>The page is full, or memory holds all there is.</summary>
    internal static bool IsEnough(HomeRead read, MergeResult merged)
    {
        if (merged.Absent > 0 || (merged.Bound != 0 && merged.Count < read.Want))
        {
            return false;
        }

        read.More = merged.Count == read.Want;
        return true;
    }

    private bool TryCopySources(HomeRead read)
    {
        var count = graph.CopyFollowees(read.Viewer, ref read.Followees);
        if (count < 0 || graph.HiddenFrom(read.Viewer) is not { } hidden)
        {
            return false;
        }

        if (!hidden.IsEmpty)
        {
            count = WithoutHidden(read.Followees.AsSpan(0, count), hidden);
        }

        if (read.Followees.Length < count + 2)
        {
            Array.Resize(ref read.Followees, 2 * (count + 2));
        }

        read.FolloweeCount = count;
        read.Followees[count] = ordinals.GetOrAdd(DirectInbox.Of(read.Viewer));
        read.SourceCount = count + 1;
        if (read.IncludeOwn)
        {
            read.Followees[read.SourceCount++] = ordinals.GetOrAdd(read.Viewer);
        }

        return true;
    }

    /// <summary>Whom the owner muted: rules would take every post of theirs away again.</summary>
    private int WithoutHidden(Span<int> followees, HiddenAccounts hidden)
    {
        var now = time.GetUtcNow();
        var kept = 0;
        foreach (var followee in followees)
        {
            if (!hidden.Hides(ordinals.IdOf(followee), now))
            {
                followees[kept++] = followee;
            }
        }

        return kept;
    }

    private async ValueTask LoadAndReadAsync(HomeRead read, CancellationToken token)
    {
        await LoadSourcesAsync(read, token);
        await ReadSourcesAsync(read, token);
    }

    /// <summary>Says by whom the entries of the timeline are, and finds none. Completes at once where memory knows.</summary>
    public ValueTask FindSourcesAsync(HomeRead read, CancellationToken token) =>
        TryCopySources(read) ? ValueTask.CompletedTask : LoadSourcesAsync(read, token);

    private async ValueTask LoadSourcesAsync(HomeRead read, CancellationToken token)
    {
        // Others may push it out again before it is copied; not often in a row.
        for (var round = 0; round < Rounds; round++)
        {
            await graph.LoadAsync(read.Viewer, token);
            if (TryCopySources(read))
            {
                return;
            }
        }

        throw new StoreUnavailableException(
            "The memory for follows is too small for all who read now."
        );
    }

    internal async ValueTask<MergeResult> MergeLoadedAsync(
        HomeRead read,
        ReadOnlyMemory<int> sources,
        CancellationToken token
    )
    {
        var absent = new int[sources.Length];
        var merged = Merge(read, sources.Span, absent);
        for (var round = 0; merged.Absent > 0 && round < Rounds; round++)
        {
            await load.LoadAsync(absent.AsMemory(0, merged.Absent), token);
            merged = Merge(read, sources.Span, absent);
        }

        return merged;
    }
}
