namespace Rookery.Verification;

/// <summary>What one check saw. <paramref name="Differences"/> are the first few, in words; <paramref name="Different"/> counts all.</summary>
public sealed record CheckReport(
    string Name,
    long Compared,
    long Different,
    long Repaired,
    IReadOnlyList<string> Differences
);

/// <summary>
/// Compares one derived thing with truth, entry by entry. On a running server truth moves on meanwhile: a check reports only what still differs after
/// all events of its time were applied.
/// </summary>
public interface ICheck
{
    /// <summary>What is compared, in the operator's words.</summary>
    string Name { get; }

    Task<CheckReport> RunAsync(bool repair, CancellationToken token);
}
