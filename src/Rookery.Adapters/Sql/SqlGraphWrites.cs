using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to follows, blocks and mutes inside a commit. What stands by both sides is written by both sides here.</summary>
internal static class SqlGraphWrites
{
    private const string SelectClosed = "SELECT 1 FROM closed_members WHERE account = @account";

    private static readonly KeyedRead<AccountId, object> ClosedAhead = new(
        "SELECT account FROM closed_members WHERE account = ANY(@accounts)",
        accounts => [SqlList.Of(accounts.Select(account => account.Value))],
        row => (new AccountId(row.GetInt64(0)), Done.Instance)
    );

    private static readonly KeyedRead<(AccountId, AccountId), object> BlocksAhead = OfPairs(
        "blocks",
        "blocker",
        "blocked"
    );

    private static readonly KeyedRead<(AccountId, AccountId), object> FollowsAhead = OfPairs(
        "follows",
        "follower",
        "followee"
    );

    private const string SelectBlock =
        "SELECT 1 FROM blocks WHERE blocker = @blocker AND blocked = @blocked";

    private const string SelectFollow =
        "SELECT 1 FROM follows WHERE follower = @follower AND followee = @followee";

    private const string InsertFollow =
        "INSERT INTO follows (follower, followee, created_at) VALUES (@follower, @followee, @now) ON CONFLICT DO NOTHING";

    private const string InsertFollower =
        "INSERT INTO followers (followee, follower) VALUES (@followee, @follower) ON CONFLICT DO NOTHING";

    private const string DeleteFollow =
        "DELETE FROM follows WHERE follower = @follower AND followee = @followee";

    private const string DeleteFollower =
        "DELETE FROM followers WHERE followee = @followee AND follower = @follower";

    private const string InsertBlock =
        "INSERT INTO blocks (blocker, blocked, created_at) VALUES (@blocker, @blocked, @now) ON CONFLICT DO NOTHING";

    private const string InsertBlockedBy =
        "INSERT INTO blocked_by (blocked, blocker) VALUES (@blocked, @blocker) ON CONFLICT DO NOTHING";

    private const string DeleteBlock =
        "DELETE FROM blocks WHERE blocker = @blocker AND blocked = @blocked";

    private const string DeleteBlockedBy =
        "DELETE FROM blocked_by WHERE blocked = @blocked AND blocker = @blocker";

    private const string UpsertMute = """
        INSERT INTO mutes (muter, muted, until, created_at) VALUES (@muter, @muted, @until, @now)
        ON CONFLICT (muter, muted) DO UPDATE SET until = excluded.until WHERE mutes.until <> excluded.until
        """;

    private const string DeleteMute = "DELETE FROM mutes WHERE muter = @muter AND muted = @muted";

    public static Result<bool> Follow(CommitContext commit, AccountId follower, AccountId followee)
    {
        if (RefuseFollow(commit, follower, followee) is { } refused)
        {
            return refused;
        }

        return Add(commit, follower, followee);
    }

    /// <summary>Why the one may not follow the other, nor ask whether it may.</summary>
    public static Problem? RefuseFollow(
        CommitContext commit,
        AccountId follower,
        AccountId followee
    ) =>
        FindClosed(commit, (follower, "follower_id"), (followee, "followee_id")) is { } closed
            ? closed
        : Blocks(commit, follower, followee)
            ? Problem.Forbidden($"You block account {followee}; unblock it to follow it.")
        : Blocks(commit, followee, follower)
            ? Problem.Forbidden($"Account {followee} cannot be followed by you.")
        : null;

    /// <summary>Of who may; false where the follow stands.</summary>
    public static bool Add(CommitContext commit, AccountId follower, AccountId followee)
    {
        var pair = (follower, followee);
        if (
            !commit.Add(
                FollowsAhead,
                pair,
                InsertFollow,
                follower.Value,
                followee.Value,
                commit.Now
            )
        )
        {
            return false;
        }

        commit.Session.LaterInAnyOrder(InsertFollower, followee.Value, follower.Value);
        commit.Emit(new Followed(follower, followee));
        return true;
    }

    /// <summary>What <see cref="Follow"/> will read.</summary>
    public static void WantFor(ReadsAhead ahead, AccountId follower, AccountId followee)
    {
        ahead.Want(ClosedAhead, follower);
        ahead.Want(ClosedAhead, followee);
        ahead.Want(BlocksAhead, (follower, followee));
        ahead.Want(BlocksAhead, (followee, follower));
        ahead.Want(FollowsAhead, (follower, followee));
    }

    /// <summary>A request is no follow yet, and taken back the same way.</summary>
    public static bool Unfollow(CommitContext commit, AccountId follower, AccountId followee)
    {
        var withdrawn = SqlFollowRequests.End(commit, follower, followee);
        return End(commit, follower, followee) || withdrawn;
    }

    /// <summary>Ends the follow alone.</summary>
    public static bool End(CommitContext commit, AccountId follower, AccountId followee)
    {
        var pair = (follower, followee);
        if (!commit.Remove(FollowsAhead, pair, DeleteFollow, follower.Value, followee.Value))
        {
            return false;
        }

        commit.Session.Later(DeleteFollower, followee.Value, follower.Value);
        commit.Emit(new Unfollowed(follower, followee));
        return true;
    }

    /// <summary>What <see cref="Unfollow"/> will read.</summary>
    public static void WantForUnfollow(ReadsAhead ahead, AccountId follower, AccountId followee)
    {
        ahead.Want(FollowsAhead, (follower, followee));
        SqlFollowRequests.WantForEnd(ahead, follower, followee);
    }

    public static bool Follows(CommitContext commit, AccountId follower, AccountId followee) =>
        commit.Ahead.TryFind(FollowsAhead, (follower, followee), out var follow)
            ? follow is not null
            : commit.Session.Number(SelectFollow, 0, follower.Value, followee.Value) == 1;

    public static Result<bool> Block(CommitContext commit, AccountId blocker, AccountId target)
    {
        var session = commit.Session;
        if (FindClosed(commit, (blocker, "user_id"), (target, "user_id")) is { } closed)
        {
            return closed;
        }

        if (session.Execute(InsertBlock, blocker.Value, target.Value, commit.Now) == 0)
        {
            return false;
        }

        session.Later(InsertBlockedBy, target.Value, blocker.Value);
        Unfollow(commit, blocker, target);
        Unfollow(commit, target, blocker);
        commit.Emit(new Blocked(blocker, target));
        return true;
    }

    public static bool Unblock(CommitContext commit, AccountId blocker, AccountId target)
    {
        if (commit.Session.Execute(DeleteBlock, blocker.Value, target.Value) == 0)
        {
            return false;
        }

        commit.Session.Later(DeleteBlockedBy, target.Value, blocker.Value);
        commit.Emit(new Unblocked(blocker, target));
        return true;
    }

    public static Result<bool> Mute(
        CommitContext commit,
        AccountId muter,
        AccountId target,
        long until
    )
    {
        var session = commit.Session;
        if (FindClosed(commit, (muter, "user_id"), (target, "user_id")) is { } closed)
        {
            return closed;
        }

        if (session.Execute(UpsertMute, muter.Value, target.Value, until, commit.Now) == 0)
        {
            return false;
        }

        commit.Emit(new Muted(muter, target, until));
        return true;
    }

    public static bool Unmute(CommitContext commit, AccountId muter, AccountId target)
    {
        if (commit.Session.Execute(DeleteMute, muter.Value, target.Value) == 0)
        {
            return false;
        }

        commit.Emit(new Unmuted(muter, target));
        return true;
    }

    private static bool Blocks(CommitContext commit, AccountId blocker, AccountId blocked) =>
        commit.Ahead.TryFind(BlocksAhead, (blocker, blocked), out var block)
            ? block is not null
            : commit.Session.Number(SelectBlock, 0, blocker.Value, blocked.Value) == 1;

    private static bool IsClosed(CommitContext commit, AccountId account) =>
        commit.Ahead.TryFind(ClosedAhead, account, out var closed)
            ? closed is not null
            : commit.Session.Number(SelectClosed, 0, account.Value) == 1;

    private static Problem? FindClosed(
        CommitContext commit,
        (AccountId Id, string Field) actor,
        (AccountId Id, string Field) target
    ) =>
        IsClosed(commit, actor.Id) ? Problem.NoAccount(actor.Id, actor.Field)
        : IsClosed(commit, target.Id) ? Problem.NoAccount(target.Id, target.Field)
        : null;

    public static KeyedRead<(AccountId, AccountId), object> OfPairs(
        string table,
        string first,
        string second
    ) =>
        new(
            $"""
            SELECT w.a, w.b FROM unnest(@firsts, @seconds) AS w(a, b) CROSS JOIN LATERAL (
                SELECT 1 FROM {table} WHERE {first} = w.a AND {second} = w.b LIMIT 1) t
            """,
            pairs =>
                [
                    SqlList.Of(pairs.Select(pair => pair.Item1.Value)),
                    SqlList.Of(pairs.Select(pair => pair.Item2.Value)),
                ],
            row => ((new AccountId(row.GetInt64(0)), new AccountId(row.GetInt64(1))), Done.Instance)
        );
}
