using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to follows, blocks and mutes inside a commit. What stands by both sides is written by both sides here.</summary>
internal static class SqlGraphWrites
{
    private const string SelectClosed = "SELECT 1 FROM closed_members WHERE account = @account";

    private const string SelectBlock =
        "SELECT 1 FROM blocks WHERE blocker = @blocker AND blocked = @blocked";

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
        var session = commit.Session;
        if (FindClosed(session, (follower, "follower_id"), (followee, "followee_id")) is { } closed)
        {
            return closed;
        }

        if (Blocks(session, follower, followee))
        {
            return Problem.Forbidden($"You block account {followee}; unblock it to follow it.");
        }

        if (Blocks(session, followee, follower))
        {
            return Problem.Forbidden($"Account {followee} cannot be followed by you.");
        }

        if (session.Execute(InsertFollow, follower.Value, followee.Value, commit.Now) == 0)
        {
            return false;
        }

        session.Execute(InsertFollower, followee.Value, follower.Value);
        commit.Emit(new Followed(follower, followee));
        return true;
    }

    public static bool Unfollow(CommitContext commit, AccountId follower, AccountId followee)
    {
        if (commit.Session.Execute(DeleteFollow, follower.Value, followee.Value) == 0)
        {
            return false;
        }

        commit.Session.Execute(DeleteFollower, followee.Value, follower.Value);
        commit.Emit(new Unfollowed(follower, followee));
        return true;
    }

    public static Result<bool> Block(CommitContext commit, AccountId blocker, AccountId target)
    {
        var session = commit.Session;
        if (FindClosed(session, (blocker, "user_id"), (target, "user_id")) is { } closed)
        {
            return closed;
        }

        if (session.Execute(InsertBlock, blocker.Value, target.Value, commit.Now) == 0)
        {
            return false;
        }

        session.Execute(InsertBlockedBy, target.Value, blocker.Value);
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

        commit.Session.Execute(DeleteBlockedBy, target.Value, blocker.Value);
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
        if (FindClosed(session, (muter, "user_id"), (target, "user_id")) is { } closed)
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

    private static bool Blocks(SqlSession session, AccountId blocker, AccountId blocked) =>
        session.Number(SelectBlock, 0, blocker.Value, blocked.Value) == 1;

    private static Problem? FindClosed(
        SqlSession session,
        (AccountId Id, string Field) actor,
        (AccountId Id, string Field) target
    ) =>
        session.Number(SelectClosed, 0, actor.Id.Value) == 1
            ? Problem.NoAccount(actor.Id, actor.Field)
        : session.Number(SelectClosed, 0, target.Id.Value) == 1
            ? Problem.NoAccount(target.Id, target.Field)
        : null;
}
