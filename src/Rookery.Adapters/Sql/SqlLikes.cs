using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Likes inside a commit; they stand by account and by post.</summary>
internal static class SqlLikes
{
    private const string InsertLike =
        "INSERT INTO likes (account, post) VALUES (@account, @post) ON CONFLICT DO NOTHING";

    private const string InsertLiker =
        "INSERT INTO likers (post, account) VALUES (@post, @account) ON CONFLICT DO NOTHING";

    private const string DeleteLike = "DELETE FROM likes WHERE account = @account AND post = @post";

    private const string DeleteLiker =
        "DELETE FROM likers WHERE post = @post AND account = @account";

    private static readonly KeyedRead<(AccountId, PostId), object> Ahead = new(
        """
        SELECT w.account, w.post FROM unnest(@accounts, @posts) AS w(account, post) CROSS JOIN LATERAL (
            SELECT 1 FROM likes WHERE account = w.account AND post = w.post LIMIT 1) l
        """,
        keys =>
            [
                SqlList.Of(keys.Select(key => key.Item1.Value)),
                SqlList.Of(keys.Select(key => key.Item2.Value)),
            ],
        row => ((new AccountId(row.GetInt64(0)), new PostId(row.GetInt64(1))), Done.Instance)
    );

    /// <summary>What <see cref="Like"/> will read.</summary>
    public static void WantFor(ReadsAhead ahead, AccountId account, PostId post)
    {
        SqlReferredPosts.Want(ahead, post);
        ahead.Want(Ahead, (account, post));
    }

    public static Result<bool> Like(CommitContext commit, AccountId account, PostId post)
    {
        if (SqlReferredPosts.Find(commit, post, "tweet_id", out _) is { } problem)
        {
            return problem;
        }

        if (!commit.Add(Ahead, (account, post), InsertLike, account.Value, post.Value))
        {
            return false;
        }

        commit.Session.LaterInAnyOrder(InsertLiker, post.Value, account.Value);
        commit.Emit(new PostLiked(account, post));
        return true;
    }

    public static bool Unlike(CommitContext commit, AccountId account, PostId post)
    {
        if (!commit.Remove(Ahead, (account, post), DeleteLike, account.Value, post.Value))
        {
            return false;
        }

        commit.Session.Later(DeleteLiker, post.Value, account.Value);
        commit.Emit(new PostUnliked(account, post));
        return true;
    }

    /// <summary>What <see cref="Unlike"/> will read.</summary>
    public static void WantForUnlike(ReadsAhead ahead, AccountId account, PostId post) =>
        ahead.Want(Ahead, (account, post));
}
