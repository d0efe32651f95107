using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Likes inside a commit; they stand by account and by post.</summary>
internal static class SqlLikes
{
    public static Result<bool> Like(CommitContext commit, AccountId account, PostId post)
    {
        if (SqlPostWrites.Referred(commit.Session, post, "tweet_id", out _) is { } problem)
        {
            return problem;
        }

        var changed = commit.Session.Execute(
            "INSERT INTO likes (account, post) VALUES (@account, @post) ON CONFLICT DO NOTHING",
            account.Value,
            post.Value
        );
        if (changed == 0)
        {
            return false;
        }

        commit.Session.Execute(
            "INSERT INTO likers (post, account) VALUES (@post, @account) ON CONFLICT DO NOTHING",
            post.Value,
            account.Value
        );
        commit.Emit(new PostLiked(account, post));
        return true;
    }

    public static bool Unlike(CommitContext commit, AccountId account, PostId post)
    {
        var changed = commit.Session.Execute(
            "DELETE FROM likes WHERE account = @account AND post = @post",
            account.Value,
            post.Value
        );
        if (changed == 0)
        {
            return false;
        }

        commit.Session.Execute(
            "DELETE FROM likers WHERE post = @post AND account = @account",
            post.Value,
            account.Value
        );
        commit.Emit(new PostUnliked(account, post));
        return true;
    }
}
