using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to requests to follow inside a commit. One stands once, and ends once: whatever ends it removes its row.</summary>
internal static class SqlFollowRequests
{
    private const string Insert =
        "INSERT INTO follow_requests (followee, follower, created_at) VALUES (@followee, @follower, @now) ON CONFLICT DO NOTHING";

    private const string Delete =
        "DELETE FROM follow_requests WHERE followee = @followee AND follower = @follower";

    private const string SelectOf =
        "SELECT followee FROM follow_requests WHERE follower = @follower LIMIT @limit";

    private const string SelectAny = "SELECT 1 FROM follow_requests LIMIT 1";

    private const string SelectAmong = """
        SELECT followee FROM follow_requests WHERE follower = @follower AND followee IN (SELECT value FROM json_each(@followees))
        """;

    /// <summary>By follower and followee.</summary>
    private static readonly KeyedRead<(AccountId, AccountId), object> RequestsAhead =
        SqlGraphWrites.OfPairs("follow_requests", "follower", "followee");

    public static Result<bool> Ask(CommitContext commit, AccountId follower, AccountId followee)
    {
        if (SqlGraphWrites.RefuseFollow(commit, follower, followee) is { } refused)
        {
            return refused;
        }

        var pair = (follower, followee);
        if (
            SqlGraphWrites.Follows(commit, follower, followee)
            || !commit.Add(RequestsAhead, pair, Insert, followee.Value, follower.Value, commit.Now)
        )
        {
            return false;
        }

        commit.Emit(new FollowRequested(follower, followee));
        return true;
    }

    /// <summary>What <see cref="Ask"/> will read.</summary>
    public static void WantFor(ReadsAhead ahead, AccountId follower, AccountId followee)
    {
        SqlGraphWrites.WantFor(ahead, follower, followee);
        WantForEnd(ahead, follower, followee);
    }

    /// <summary>Whoever has asked follows; a follower that is gone does not. False where nobody has asked.</summary>
    public static bool Accept(CommitContext commit, AccountId follower, AccountId followee)
    {
        if (!End(commit, follower, followee, isAccepted: true))
        {
            return false;
        }

        // A block has ended the request, so that of the two only one who is gone can be in the way.
        if (SqlGraphWrites.RefuseFollow(commit, follower, followee) is null)
        {
            SqlGraphWrites.Add(commit, follower, followee);
        }

        return true;
    }

    public static bool End(
        CommitContext commit,
        AccountId follower,
        AccountId followee,
        bool isAccepted = false
    )
    {
        var pair = (follower, followee);
        if (!commit.Remove(RequestsAhead, pair, Delete, followee.Value, follower.Value))
        {
            return false;
        }

        commit.Emit(new FollowRequestEnded(follower, followee, isAccepted));
        return true;
    }

    /// <summary>What <see cref="End"/> will read.</summary>
    public static void WantForEnd(ReadsAhead ahead, AccountId follower, AccountId followee) =>
        ahead.Want(RequestsAhead, (follower, followee));

    public static int WithdrawSome(CommitContext commit, AccountId follower, int limit)
    {
        var asked = commit.Session.Many(
            SelectOf,
            SqlGraphStore.ReadId,
            follower.Value,
            (long)limit
        );
        return asked.Count(followee => End(commit, follower, followee));
    }

    /// <summary>Whether there is any: hardly ever where many follows are stored at once.</summary>
    public static bool HasAny(CommitContext commit) => commit.Session.Number(SelectAny, 0) == 1;

    /// <summary>Ends those that were answered by storing the follow.</summary>
    public static void EndAnswered(
        CommitContext commit,
        AccountId follower,
        IEnumerable<AccountId> followees
    )
    {
        var asked = commit.Session.Many(
            SelectAmong,
            SqlGraphStore.ReadId,
            follower.Value,
            SqlList.Of(followees.Select(followee => followee.Value))
        );
        asked
            .FindAll(followee => SqlGraphWrites.Follows(commit, follower, followee))
            .ForEach(followee => End(commit, follower, followee, isAccepted: true));
    }
}
