using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to posts inside a commit.</summary>
internal static class SqlPostWrites
{
    private const string SelectPost = $"""
        SELECT {SqlPostStore.Columns} FROM posts p LEFT JOIN post_counts c ON c.post = p.id WHERE p.id = @id AND p.state = 0
        """;

    private const string SelectOwner =
        "SELECT author, state, kind, parent, original, media FROM posts WHERE id = @id";

    private const string InsertPost = """
        INSERT INTO posts (id, author, kind, visibility, class, state, text, parent, parent_author, original, original_author, media, warning, sensitive)
        VALUES (@id, @author, @kind, @visibility, @class, 0, @text, @parent, @parent_author, @original, @original_author, @media, @warning, @sensitive)
        """;

    private const string SelectRecipients = "SELECT account FROM mentions WHERE post = @post";

    private const string InsertMention =
        "INSERT INTO mentions (account, post, visibility, author) VALUES (@account, @post, @visibility, @author) ON CONFLICT DO NOTHING";

    private const string InsertHashtag =
        "INSERT INTO hashtag_posts (hashtag, post) VALUES (@hashtag, @post) ON CONFLICT DO NOTHING";

    private const string BuryPost =
        "UPDATE posts SET state = 1, text = '', media = '', warning = '' WHERE id = @id AND state = 0 RETURNING visibility";

    private const string CloseRow = """
        INSERT INTO authors (account, state, class) VALUES (@account, 2, 0)
        ON CONFLICT (account) DO UPDATE SET state = 2 WHERE authors.state <> 2
        """;

    private const string SuspendRow = """
        INSERT INTO authors (account, state, class, told) VALUES (@account, @state, 0, @told)
        ON CONFLICT (account) DO UPDATE SET state = @state, told = @told WHERE authors.state <> 2 AND authors.told < @told
        """;

    private const string MergeRow = """
        INSERT INTO authors (account, state, class) VALUES (@account, 0, 1)
        ON CONFLICT (account) DO UPDATE SET class = 1 WHERE authors.class <> 1
        """;

    public static Result<AcceptedPost> Accept(CommitContext commit, NewPost post)
    {
        if (post.Key is { } key && SqlIdempotencyKeys.Find(commit, post.Author, key) is { } answer)
        {
            return answer;
        }

        var author = SqlAuthors.Get(commit, post.Author);
        if (!author.IsOpen)
        {
            return Problem.NoAccount(post.Author, "user_id");
        }

        if (
            SqlReferredPosts.Find(commit, post.Parent, "in_reply_to", out var parentAuthor) is
            { } noParent
        )
        {
            return noParent;
        }

        if (
            SqlReferredPosts.Find(commit, post.Original, "tweet_id", out var originalAuthor) is
            { } noOriginal
        )
        {
            return noOriginal;
        }

        if (
            post.Kind == PostKind.Repost
            && SqlReposts.Standing(commit, post.Original, post.Author) is var standing and not 0
        )
        {
            return new AcceptedPost(
                commit.Session.One(SelectPost, SqlPostStore.ReadPost, standing)!,
                Repeated: true
            );
        }

        if (SqlAttachments.Used(commit, post.Media) is { } used)
        {
            return used;
        }

        var id = commit.NextPostId(post.Author);
        if (post.Media.Count > 0 && id.CreatedAt > post.HeldUntil)
        {
            return Problem.Unavailable(
                "The post could not be stored in time, and its media are held for it no longer; nothing was stored. Send it again."
            );
        }

        var stored = Store(commit, id, post, author.Class, parentAuthor, originalAuthor);
        return new AcceptedPost(stored, Repeated: false);
    }

    /// <summary>What <see cref="Accept"/> will read.</summary>
    public static void WantFor(ReadsAhead ahead, NewPost post)
    {
        SqlAuthors.Want(ahead, post.Author);
        SqlReferredPosts.Want(ahead, post.Parent);
        SqlReferredPosts.Want(ahead, post.Original);
        SqlAttachments.Want(ahead, post.Media);
        if (post.Kind == PostKind.Repost)
        {
            SqlReposts.Want(ahead, post.Original, post.Author);
        }

        if (post.Key is { } key)
        {
            SqlIdempotencyKeys.Want(ahead, post.Author, key);
        }
    }

    public static Result<bool> Delete(CommitContext commit, PostId post, AccountId? author)
    {
        var row = commit.Session.One(
            SelectOwner,
            row => new Owned(
                post,
                new AccountId(row.GetInt64(0)),
                row.GetInt64(1) != 0,
                (PostKind)row.GetInt64(2),
                new PostId(row.GetInt64(3)),
                new PostId(row.GetInt64(4)),
                SqlAttachments.Read(row.GetString(5))
            ),
            post.Value
        );
        if (row is null)
        {
            return Problem.NoPost(post, "tweet_id");
        }

        if (author is not null && row.Author != author)
        {
            return Problem.Forbidden(
                $"Post {post} is another account's; only its author can delete it."
            ) with
            {
                Field = "tweet_id",
            };
        }

        if (row.Deleted)
        {
            return false;
        }

        Bury(commit, row);
        return true;
    }

    public static bool Unrepost(CommitContext commit, AccountId account, PostId original)
    {
        var id = SqlReposts.Standing(commit, original, account);
        if (id == 0)
        {
            return false;
        }

        Bury(
            commit,
            new Owned(new PostId(id), account, false, PostKind.Repost, default, original, [])
        );
        return true;
    }

    public static bool CloseAuthor(CommitContext commit, AccountId author)
    {
        var changed = commit.Session.Execute(CloseRow, author.Value) > 0;
        if (changed)
        {
            commit.Emit(new AuthorClosed(author));
        }

        return changed;
    }

    public static bool SuspendAuthor(
        CommitContext commit,
        AccountId author,
        bool isSuspended,
        long version
    )
    {
        var changed =
            commit.Session.Execute(SuspendRow, author.Value, isSuspended ? 1L : 0L, version) > 0;
        if (changed)
        {
            commit.Emit(isSuspended ? new AuthorSuspended(author) : new AuthorRestored(author));
        }

        return changed;
    }

    public static bool MergeAuthor(CommitContext commit, AccountId author)
    {
        var changed = commit.Session.Execute(MergeRow, author.Value) > 0;
        if (changed)
        {
            commit.Emit(new AuthorMerged(author));
        }

        return changed;
    }

    private static Post Store(
        CommitContext commit,
        PostId id,
        NewPost post,
        AuthorClass authorClass,
        AccountId parentAuthor,
        AccountId originalAuthor
    )
    {
        var session = commit.Session;
        var stored = new Post(
            id,
            post.Author,
            post.Kind,
            post.Visibility,
            post.Text,
            post.Parent,
            parentAuthor,
            post.Original,
            originalAuthor,
            default
        )
        {
            Media = post.Media,
            Warning = post.Warning,
            IsSensitive = post.IsSensitive,
        };
        Insert(session, stored, authorClass, post.Mentions, post.Hashtags);
        SqlReposts.Note(commit, stored);
        SqlAttachments.Keep(commit, stored);
        if (post.Key is { } key)
        {
#if SEEDED_BUGS
            if (SeededBugs.Is("key-outside-transaction"))
                session.Run("COMMIT; BEGIN IMMEDIATE");
#endif
            SqlIdempotencyKeys.Keep(commit, key, stored);
        }

        commit.Emit(
            new PostAccepted(
                stored.Id,
                stored.Author,
                stored.Kind,
                stored.Visibility,
                authorClass,
                stored.Parent,
                stored.Original,
                stored.Visibility == Visibility.Direct ? post.Mentions : []
            )
        );
        return stored;
    }

    internal static void Insert(
        SqlSession session,
        Post post,
        AuthorClass authorClass,
        IReadOnlyList<AccountId> mentions,
        IReadOnlyList<string> hashtags
    )
    {
        session.LaterInAnyOrder(
            InsertPost,
            post.Id.Value,
            post.Author.Value,
            (long)post.Kind,
            (long)post.Visibility,
            (long)authorClass,
            post.Text,
            post.Parent.Value,
            post.ParentAuthor.Value,
            post.Original.Value,
            post.OriginalAuthor.Value,
            SqlAttachments.Write(post.Media),
            post.Warning,
            post.IsSensitive ? 1L : 0L
        );
        foreach (var account in mentions)
        {
            session.LaterInAnyOrder(
                InsertMention,
                account.Value,
                post.Id.Value,
                (long)post.Visibility,
                post.Author.Value
            );
        }

        // Hashtag timelines are of public posts, so only theirs are indexed.
        foreach (var hashtag in post.Visibility == Visibility.Public ? hashtags : [])
        {
            session.LaterInAnyOrder(InsertHashtag, hashtag, post.Id.Value);
        }
    }

    /// <summary>The row stays as a tombstone so that its id is never issued again. What others hung on it goes later: <c>SqlPostRemoval</c>.</summary>
    internal static void Bury(CommitContext commit, Owned post)
    {
        var session = commit.Session;
        var visibility = session.Number(BuryPost, -1, post.Id.Value);
        if (visibility < 0)
        {
            return;
        }

        var recipients =
            visibility == (long)Visibility.Direct
                ? session.Many(
                    SelectRecipients,
                    row => new AccountId(row.GetInt64(0)),
                    post.Id.Value
                )
                : [];
        session.Later("DELETE FROM mentions WHERE post = @post", post.Id.Value);
        session.Later("DELETE FROM hashtag_posts WHERE post = @post", post.Id.Value);
        commit.Emit(
            new PostDeleted(
                post.Id,
                post.Author,
                post.Kind,
                post.Parent,
                post.Original,
                (Visibility)visibility,
                recipients
            )
        );
        if (post.Media.Count > 0)
        {
            commit.Emit(new PostMediaLeft(post.Id, [.. post.Media.Select(medium => medium.Id)]));
        }
    }

    internal sealed record Owned(
        PostId Id,
        AccountId Author,
        bool Deleted,
        PostKind Kind,
        PostId Parent,
        PostId Original,
        IReadOnlyList<Attachment> Media
    );
}
