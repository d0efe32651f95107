namespace Rookery.Timelines;

/// <summary>
/// A part of a timeline store that is not known to be whole: another server took its place, or it is new. It may lack what was acknowledged after the
/// event <paramref name="AppliedThrough"/>; null: nobody knows what it lacks.
/// </summary>
/// <param name="TookOver">The server before it may go on to acknowledge for a while, and nothing of that arrives here.</param>
/// <param name="Timelines">The store, where pushes and drops of owners whose timelines are in other parts do nothing.</param>
public sealed record DoubtfulPart(
    string Name,
    long? AppliedThrough,
    bool TookOver,
    ITimelineStore Timelines
);

/// <summary>
/// The parts of a timeline store that can each lose what they had acknowledged. Of one that is not known to be whole nothing is read.
/// <para>Each part holds beside its timelines how far the outbox had been applied, written behind what was applied: whatever of a part survives,
/// what it lacks came after the event that it names.</para>
/// </summary>
public interface ITimelineParts
{
    /// <summary>
    /// Tells all whole parts that every event up to <paramref name="appliedThrough"/> was applied, but for what was postponed, and answers those that
    /// are not whole. Of what was postponed nothing is read.
    /// </summary>
    ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
        long appliedThrough,
        IReadOnlyList<PostponedPart> postponed,
        CancellationToken token
    );

    /// <summary>The store, where pushes and drops of owners in other parts do nothing; null while that part cannot be reached.</summary>
    ITimelineStore? Within(string part);

    /// <summary>Drops every timeline of the part.</summary>
    ValueTask ClearAsync(string part, CancellationToken token);

    /// <summary>Drops every timeline of the part.</summary>
    ValueTask ClearAsync(DoubtfulPart part, CancellationToken token);

    /// <summary>The part lacks nothing of what was acknowledged up to the event. False where it has changed once more.</summary>
    ValueTask<bool> ConfirmAsync(DoubtfulPart part, long appliedThrough, CancellationToken token);
}
