namespace Rookery.Timelines;

/// <summary>
/// A part of the timeline store that fan-out did not wait for: some of the events from <paramref name="First"/> to <paramref name="Last"/> have not
/// reached it.
/// </summary>
/// <param name="Part">As the store names it.</param>
public sealed record PostponedPart(string Part, long First, long Last)
{
    /// <summary>Whose events they are, as <see cref="Committed.Outbox"/>.</summary>
    public string? Outbox { get; init; }
}

/// <summary>
/// Which parts of the timeline store lack what, of each outbox for itself. On the disk when a call returns: fan-out is past those events then.
/// </summary>
public interface IPostponedParts
{
    /// <summary>One that is there already grows: the smaller first, the greater last.</summary>
    Task NoteAsync(IReadOnlyList<PostponedPart> parts, CancellationToken token);

    ValueTask<IReadOnlyList<PostponedPart>> AllAsync(CancellationToken token);

    /// <summary>All of it has reached the part. False where it has grown meanwhile: then it stays.</summary>
    Task<bool> SettleAsync(PostponedPart part, CancellationToken token);
}
