using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>How a member leaves: closed first, then everything between it and others removed in chunks.</summary>
internal static class SqlGraphRemoval
{
    private const string InsertClosed =
        "INSERT INTO closed_members (account) VALUES (@account) ON CONFLICT DO NOTHING";

    /// <summary>All that stands between the account and others, one index range each; every one ends in an undo of its own.</summary>
    private static readonly (
        string Select,
        Func<CommitContext, AccountId, AccountId, bool> Remove
    )[] Kinds =
    [
        (
            "SELECT followee FROM follows WHERE follower = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unfollow(commit, account, other)
        ),
        (
            "SELECT follower FROM followers WHERE followee = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unfollow(commit, other, account)
        ),
        (
            "SELECT followee FROM follow_requests WHERE follower = @account LIMIT @limit",
            (commit, account, other) => SqlFollowRequests.End(commit, account, other)
        ),
        (
            "SELECT follower FROM follow_requests WHERE followee = @account LIMIT @limit",
            (commit, account, other) => SqlFollowRequests.End(commit, other, account)
        ),
        (
            "SELECT blocked FROM blocks WHERE blocker = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unblock(commit, account, other)
        ),
        (
            "SELECT blocker FROM blocked_by WHERE blocked = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unblock(commit, other, account)
        ),
        (
            "SELECT muted FROM mutes WHERE muter = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unmute(commit, account, other)
        ),
        (
            "SELECT muter FROM mutes WHERE muted = @account LIMIT @limit",
            (commit, account, other) => SqlGraphWrites.Unmute(commit, other, account)
        ),
    ];

    public static bool Close(CommitContext commit, AccountId account)
    {
        if (commit.Session.Execute(InsertClosed, account.Value) == 0)
        {
            return false;
        }

        commit.Emit(new MemberClosed(account));
        return true;
    }

    public static bool RemoveSomeOf(CommitContext commit, AccountId account, int limit)
    {
        foreach (var (select, remove) in Kinds)
        {
            var others = commit.Session.Many(
                select,
                SqlGraphStore.ReadId,
                account.Value,
                (long)limit
            );
            others.ForEach(other => remove(commit, account, other));
            if (others.Count > 0)
            {
                return true;
            }
        }

        return false;
    }
}
