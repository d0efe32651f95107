namespace Rookery.Graph;

internal enum RelationChangeKind
{
    Follow,
    Unfollow,
    Block,
    Unblock,
    BlockedBy,
    UnblockedBy,
    Mute,
    Unmute,
}

/// <summary>
/// What one event changes in the relations of one account. Sets are left with or without <paramref name="Other"/>, so a change that
/// the set has already seen does nothing, and of several the last one holds.
/// </summary>
internal readonly record struct RelationChange(
    RelationChangeKind Kind,
    AccountId Other,
    long Until = 0
);
