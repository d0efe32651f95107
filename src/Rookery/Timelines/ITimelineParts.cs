namespace Rookery.Timelines;

/// <summary>
/// A part of a timeline store that is not known to be whole: another server took its place, or it is new. It may lack what was acknowledged after the
/// events <paramref name="AppliedThrough"/>, one of each outbox; null: nobody knows what it lacks.
/// </summary>
/// <param name="TookOver">The server before it may go on to acknowledge for a while, and nothing of that arrives here.</param>
/// <param name="Timelines">The store, where pushes and drops of owners whose timelines are in other parts do nothing.</param>
public sealed record DoubtfulPart(
    string Name,
    IReadOnlyList<long>? AppliedThrough,
    bool TookOver,
    ITimelineStore Timelines
);

/// <summary>A part that fan-out did not wait for, and up to which event of each outbox it has everything.</summary>
/// <param name="Part">As the store names it.</param>
public sealed record LackingPart(string Part, IReadOnlyList<long> AppliedThrough);

/// <summary>
/// The parts of a timeline store that can each lose what they had acknowledged. Of one that is not known to be whole nothing is read.
/// <para>Each part holds beside its timelines how far each outbox had been applied, written behind what was applied: whatever of a part survives,
/// what it lacks came after the events that it names. Outboxes always come in the same order.</para>
/// </summary>
public interface ITimelineParts
{
    /// <summary>
    /// Tells all whole parts that every event of each outbox up to <paramref name="appliedThrough"/> was applied, but for what they lack, and answers those
    /// that are not whole. Of a part that lacks something nothing is read.
    /// </summary>
    ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
        IReadOnlyList<long> appliedThrough,
        IReadOnlyList<LackingPart> lacking,
        CancellationToken token
    );

    /// <summary>The store, where pushes and drops of owners in other parts do nothing; null while that part cannot be reached.</summary>
    ITimelineStore? Within(string part);

    /// <summary>Drops every timeline of the part.</summary>
    ValueTask ClearAsync(string part, CancellationToken token);

    /// <summary>Drops every timeline of the part.</summary>
    ValueTask ClearAsync(DoubtfulPart part, CancellationToken token);

    /// <summary>The part lacks nothing of what was acknowledged up to these events. False where it has changed once more.</summary>
    ValueTask<bool> ConfirmAsync(
        DoubtfulPart part,
        IReadOnlyList<long> appliedThrough,
        CancellationToken token
    );
}
