namespace Rookery.Timelines;

/// <summary>One place on a pushed home timeline. On disk and wire it is 17 bytes: post, author, meta.</summary>
public readonly record struct TimelineEntry(PostId Post, AccountId Author);

/// <summary>The right to finish one rebuild of one timeline. It lapses by itself.</summary>
public readonly record struct RebuildToken(long Value);

/// <summary>
/// The newest part of a pushed timeline: entries newest first, each id once. Every entry the timeline should have above
/// <paramref name="CompleteAbove"/> is among them; null: nothing is known to be complete.
/// </summary>
public sealed record TimelinePart(IReadOnlyList<TimelineEntry> Entries, PostId? CompleteAbove)
{
    public static readonly TimelinePart None = new([], null);
}

/// <summary>
/// Pushed home timelines: ids only, bounded, derived. All of it may vanish at any second; what is lost is rebuilt from truth.
/// <para>Push: only onto timelines that exist, at least once, in any order; an id that comes twice is read once.</para>
/// <para>Completeness: a part never claims to be complete where an entry pushed before the read is missing from it.</para>
/// <para>Rebuild: begin, then read truth, then finish. What is pushed in between is kept. A drop in between makes finish fail, so a rebuild
/// never installs what was read before the drop. A rebuilder that dies leaves nothing that lasts longer than a minute.</para>
/// <para>Where only parts of it can be reached, a push or a drop does what it can and then throws <see cref="StoreUnavailableException"/> with the
/// names of the other parts.</para>
/// <para>Bound: <see cref="TimelinesOptions.PushedLength"/> entries and some slack; the oldest give way.</para>
/// </summary>
public interface ITimelineStore
{
    ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    );

    /// <summary>Null where the timeline exists or somebody else is building it.</summary>
    ValueTask<RebuildToken?> BeginRebuildAsync(AccountId owner, CancellationToken token);

    /// <summary>
    /// Puts what truth says under the entries pushed meanwhile; complete above <paramref name="floor"/> (0: to the beginning). False where the
    /// token no longer holds: nothing was changed.
    /// </summary>
    ValueTask<bool> FinishRebuildAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    );

    ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token);

    ValueTask<TimelinePart> ReadAsync(AccountId owner, int newest, CancellationToken token);

    /// <summary>Owners whose timelines exist now; what `rookery verify` compares.</summary>
    IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token);
}
