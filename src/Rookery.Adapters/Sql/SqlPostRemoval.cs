using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>How what was deleted is cleared away, in commits so small that other writers hardly wait for one.</summary>
internal static class SqlPostRemoval
{
    private const string SelectReposts =
        "SELECT id, author FROM posts WHERE original = @original AND state = 0 AND original <> 0 LIMIT @limit";

    /// <summary>Posts first, then likes, then what only the account itself could use.</summary>
    public static bool RemoveSomeOf(CommitContext commit, AccountId author, int limit)
    {
        var session = commit.Session;
        var posts = session.Many(
            "SELECT id, kind, parent, original, media FROM posts WHERE author = @author AND state = 0 LIMIT @limit",
            row => new SqlPostWrites.Owned(
                new PostId(row.GetInt64(0)),
                author,
                false,
                (PostKind)row.GetInt64(1),
                new PostId(row.GetInt64(2)),
                new PostId(row.GetInt64(3)),
                SqlAttachments.Read(row.GetString(4))
            ),
            author.Value,
            (long)limit
        );
        posts.ForEach(post => SqlPostWrites.Bury(commit, post));
        limit -= posts.Count;
        var likes = session.Many(
            "SELECT post FROM likes WHERE account = @account LIMIT @limit",
            row => new PostId(row.GetInt64(0)),
            author.Value,
            (long)limit
        );
        likes.ForEach(post => SqlLikes.Unlike(commit, author, post));
        limit -= likes.Count;
        var keys = session.Execute(
            "DELETE FROM idempotency_keys WHERE account = @account AND key IN (SELECT key FROM idempotency_keys WHERE account = @account LIMIT @limit)",
            author.Value,
            (long)limit
        );
        limit -= keys;
        var mentions = session.Execute(
            "DELETE FROM mentions WHERE account = @account AND post IN (SELECT post FROM mentions WHERE account = @account LIMIT @limit)",
            author.Value,
            (long)limit
        );
        return posts.Count + likes.Count + keys + mentions > 0;
    }

    /// <summary>Reposts of the posts, then likes; nobody can add another to a post that is deleted. One that stands loses nothing.</summary>
    public static int RemoveSomeOn(CommitContext commit, IReadOnlyList<PostId> posts, int limit)
    {
        var removed = 0;
        foreach (var post in posts.Where(post => IsDeleted(commit.Session, post)))
        {
            removed += RemoveReposts(commit, post, limit - removed);
            removed += RemoveLikes(commit.Session, post, limit - removed);
            if (removed == limit)
            {
                break;
            }
        }

        return removed;
    }

    private static bool IsDeleted(SqlSession session, PostId post) =>
        session.Number("SELECT state FROM posts WHERE id = @id", 0, post.Value) != 0;

    private static int RemoveReposts(CommitContext commit, PostId original, int limit)
    {
        var reposts = commit.Session.Many(
            SelectReposts,
            row => new SqlPostWrites.Owned(
                new PostId(row.GetInt64(0)),
                new AccountId(row.GetInt64(1)),
                false,
                PostKind.Repost,
                default,
                original,
                []
            ),
            original.Value,
            (long)limit
        );
        reposts.ForEach(repost => SqlPostWrites.Bury(commit, repost));
        return reposts.Count;
    }

    /// <summary>No event for each: that the post is deleted says it of all.</summary>
    private static int RemoveLikes(SqlSession session, PostId post, int limit)
    {
        var likers = session.Many(
            "SELECT account FROM likers WHERE post = @post LIMIT @limit",
            row => row.GetInt64(0),
            post.Value,
            (long)limit
        );
        foreach (var account in likers)
        {
            session.Execute(
                "DELETE FROM likes WHERE account = @account AND post = @post",
                account,
                post.Value
            );
            session.Execute(
                "DELETE FROM likers WHERE post = @post AND account = @account",
                post.Value,
                account
            );
        }

        return likers.Count;
    }
}
