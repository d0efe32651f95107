using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Lists of post ids, each one range of one index.</summary>
internal static class SqlPostLists
{
    // The lower end of each author's range is found by the index, then the range is read from it: rows are never touched.
    private const string SelectNewest = """
        SELECT a.value, p.id
        FROM json_each(@authors) a
        JOIN authors o ON o.account = a.value AND o.state = 0
        JOIN posts p ON p.author = a.value AND p.state = 0 AND p.visibility < 3 AND p.id < @below
            AND p.id >= (SELECT min(id) FROM (
                SELECT id FROM posts WHERE author = a.value AND state = 0 AND visibility < 3 AND id < @below
                ORDER BY id DESC LIMIT @per_author) newest)
        ORDER BY a.key, p.id DESC
        """;

    private const string SelectOldest = """
        SELECT a.value, p.id
        FROM json_each(@authors) a
        JOIN authors o ON o.account = a.value AND o.state = 0
        JOIN posts p ON p.author = a.value AND p.state = 0 AND p.visibility < 3 AND p.id > @above
            AND p.id <= (SELECT max(id) FROM (
                SELECT id FROM posts WHERE author = a.value AND state = 0 AND visibility < 3 AND id > @above
                ORDER BY id LIMIT @per_author) oldest)
        ORDER BY a.key, p.id
        """;

    // Each parent's range is cut as those of authors are. Conditions on its index stand as the index has them.
    private const string SelectReplies = """
        SELECT w.value, p.id
        FROM json_each(@parents) w
        JOIN posts p ON p.parent <> 0 AND p.state = 0 AND p.parent = w.value
            AND p.id <= (SELECT max(id) FROM (
                SELECT id FROM posts WHERE parent <> 0 AND state = 0 AND parent = w.value ORDER BY id LIMIT @per_parent) oldest)
        JOIN authors o ON o.account = p.author AND o.state = 0
        ORDER BY w.key, p.id
        """;

    // Asked once for the whole list.
    private const string IsOpen =
        "EXISTS (SELECT 1 FROM authors o WHERE o.account = @key AND o.state = 0)";

    private const string ByAuthor = $"""
        SELECT id FROM posts WHERE author = @key AND state = 0 AND id < @below AND id > @above AND visibility <= @most AND {IsOpen} ORDER BY id
        """;

    // The last condition is the index's own.
    internal const string ByAuthorWithMedia = """
        SELECT id FROM posts INDEXED BY posts_with_media
        WHERE author = @key AND state = 0 AND id < @below AND id > @above AND visibility <= @most AND media <> '' ORDER BY id
        """;

    internal const string ByAuthorWithMediaFor = """
        SELECT id FROM posts INDEXED BY posts_with_media
        WHERE author = @key AND state = 0 AND id < @below AND id > @above AND visibility <= @most AND media <> ''
        UNION ALL
        SELECT post FROM mentions INDEXED BY guarded_mentions
        WHERE account = @viewer AND author = @key AND visibility >= 2 AND visibility > @most AND post < @below AND post > @above
        ORDER BY 1
        """;

    private const string Everybody = """
        SELECT p.id FROM posts p WHERE p.id < @below AND p.id > @above AND p.visibility = 0 AND p.state = 0 AND p.kind < 2
            AND EXISTS (SELECT 1 FROM authors a WHERE a.account = p.author AND a.state = 0)
        ORDER BY p.id
        """;

    // Who is suspended may have left thousands, which a reader would pass over page by page.
    private const string WithHashtag = """
        SELECT h.post FROM hashtag_posts h WHERE h.hashtag = @key AND h.post < @below AND h.post > @above
            AND EXISTS (SELECT 1 FROM posts p JOIN authors a ON a.account = p.author AND a.state = 0 WHERE p.id = h.post)
        ORDER BY h.post
        """;

    // The first condition is the index's own.
    private const string RepliesTo = """
        SELECT p.id FROM posts p WHERE p.parent <> 0 AND p.state = 0 AND p.parent = @key AND p.id < @below AND p.id > @above
            AND EXISTS (SELECT 1 FROM authors a WHERE a.account = p.author AND a.state = 0)
        ORDER BY p.id
        """;

    /// <summary>Those above <c>@most</c> that mention the viewer, put between those up to it; no post is in both.</summary>
    internal const string ByAuthorFor = $"""
        SELECT id FROM posts WHERE author = @key AND state = 0 AND id < @below AND id > @above AND visibility <= @most AND {IsOpen}
        UNION ALL
        SELECT post FROM mentions INDEXED BY guarded_mentions
        WHERE account = @viewer AND author = @key AND visibility >= 2 AND visibility > @most AND post < @below AND post > @above AND {IsOpen}
        ORDER BY 1
        """;

    // Authors first: what strangers send to an account is not even passed over. The first condition is the index's own.
    internal const string DirectTo = """
        SELECT post FROM mentions INDEXED BY guarded_mentions
        WHERE visibility >= 2 AND visibility = 3 AND account = @key AND post < @below AND post > @above
            AND author IN (SELECT value FROM json_each(@authors))
            AND NOT EXISTS (SELECT 1 FROM authors o WHERE o.account = mentions.author AND o.state <> 0)
        ORDER BY post
        """;

    public static IReadOnlyList<AuthorIds> NewestOf(
        SqlSession session,
        ReadOnlySpan<AccountId> authors,
        PostId below,
        int perAuthor
    ) => Group(session, SelectNewest, NewGroup, SqlList.Of(authors), below.Value, (long)perAuthor);

    public static IReadOnlyList<AuthorIds> OldestOf(
        SqlSession session,
        ReadOnlySpan<AccountId> authors,
        PostId above,
        int perAuthor
    ) => Group(session, SelectOldest, NewGroup, SqlList.Of(authors), above.Value, (long)perAuthor);

    public static IReadOnlyList<PostReplies> RepliesOf(
        SqlSession session,
        ReadOnlySpan<PostId> parents,
        int perParent
    ) =>
        Group(
            session,
            SelectReplies,
            (parent, ids) => new PostReplies(new PostId(parent), ids),
            SqlList.Of(parents),
            (long)perParent
        );

    private static AuthorIds NewGroup(long author, List<PostId> ids) =>
        new(new AccountId(author), ids);

    public static IReadOnlyList<PostId> Page(SqlSession session, PostList list, Page page) =>
        list switch
        {
            PostList.ByAuthor { Mentioning: { } viewer } guarded => Ids(
                session,
                guarded.OnlyMedia ? ByAuthorWithMediaFor : ByAuthorFor,
                page,
                guarded.Author.Value,
                (long)guarded.Most,
                viewer.Value
            ),
            PostList.ByAuthor(var author, var most) open => Ids(
                session,
                open.OnlyMedia ? ByAuthorWithMedia : ByAuthor,
                page,
                author.Value,
                (long)most
            ),
            PostList.Everybody => Ids(session, Everybody, page, null),
            PostList.WithHashtag(var hashtag) => Ids(session, WithHashtag, page, hashtag),
            PostList.RepliesTo(var parent) => Ids(session, RepliesTo, page, parent.Value),
            PostList.DirectTo(var account, var authors) => Ids(
                session,
                DirectTo,
                page,
                account.Value,
                SqlList.Of(authors.ToArray())
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(list)),
        };

    /// <summary>The statement's parameters are <paramref name="key"/> where there is one, the bounds, <paramref name="filters"/>, and the count.</summary>
    private static List<PostId> Ids(
        SqlSession session,
        string sql,
        Page page,
        object? key,
        params ReadOnlySpan<object> filters
    )
    {
        var ordered = page.FromBelow ? Upwards(sql) : Downwards(sql);
        ReadOnlySpan<object> keys = key is null ? [] : [key];
        var ids = session.Many(
            ordered,
            ReadId,
            [.. keys, page.Below, page.Above, .. filters, (long)page.Count]
        );
        if (page.FromBelow)
        {
            ids.Reverse();
        }

        return ids;
    }

    private static PostId ReadId(System.Data.Common.DbDataReader row) => new(row.GetInt64(0));

    private static string Upwards(string sql) => string.Intern(sql + " LIMIT @count");

    private static string Downwards(string sql) => string.Intern(sql + " DESC LIMIT @count");

    /// <summary>Rows of one key follow each other.</summary>
    private static List<TGroup> Group<TGroup>(
        SqlSession session,
        string sql,
        Func<long, List<PostId>, TGroup> of,
        params ReadOnlySpan<object> values
    )
    {
        var rows = session.Many(
            sql,
            row => (Key: row.GetInt64(0), Post: new PostId(row.GetInt64(1))),
            values
        );
        var groups = new List<TGroup>();
        for (var i = 0; i < rows.Count; )
        {
            var key = rows[i].Key;
            var ids = new List<PostId>();
            for (; i < rows.Count && rows[i].Key == key; i++)
            {
                ids.Add(rows[i].Post);
            }

            groups.Add(of(key, ids));
        }

        return groups;
    }
}
