using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Posts on a SQL database. Writes: <c>SqlPostWrites</c>; removal: <c>SqlPostRemoval</c>; lists: <c>SqlPostLists</c>.</summary>
internal sealed class SqlPostStore(SqlDatabase database) : IPostStore
{
    public const string Columns = """
        p.id, p.author, p.kind, p.visibility, p.text, p.parent, p.parent_author, p.original, p.original_author,
        max(0, coalesce(c.likes, 0)), max(0, coalesce(c.reposts, 0)), max(0, coalesce(c.replies, 0)),
        p.media, p.warning, p.sensitive
        """;

    private const string SelectMany = $"""
        SELECT {Columns}
        FROM json_each(@ids) i
        JOIN posts p ON p.id = i.value AND p.state = 0
        JOIN authors a ON a.account = p.author AND a.state = 0
        LEFT JOIN post_counts c ON c.post = p.id
        WHERE p.original = 0 OR EXISTS (
            SELECT 1 FROM posts o JOIN authors w ON w.account = o.author AND w.state = 0 WHERE o.id = p.original AND o.state = 0)
        """;

    private const string SelectHiddenWithOriginals = """
        SELECT i.value
        FROM json_each(@ids) i
        JOIN posts p ON p.id = i.value AND p.state = 0
        JOIN authors a ON a.account = p.author AND a.state = 0
        JOIN posts o ON o.id = p.original AND o.state = 0
        JOIN authors w ON w.account = o.author AND w.state = 1
        """;

    private const string SelectMarks = """
        SELECT i.value,
            (SELECT count(*) FROM likes l WHERE l.account = @viewer AND l.post = i.value),
            (SELECT count(*) FROM posts r WHERE r.original = i.value AND r.author = @viewer AND r.state = 0 AND r.original <> 0)
        FROM json_each(@ids) i
        """;

    private const string SelectLiked =
        "SELECT post FROM likes WHERE account = @account ORDER BY post DESC LIMIT @limit";

    private const string SelectReposted = """
        SELECT original FROM posts WHERE author = @account AND original <> 0 AND state = 0 ORDER BY original DESC LIMIT @limit
        """;

    private const string SelectMentioning = """
        SELECT m.post FROM json_each(@ids) i JOIN mentions m ON m.account = @account AND m.post = i.value
        """;

    private const string SelectMentioned =
        "SELECT m.post, m.account FROM json_each(@ids) i JOIN mentions m ON m.post = i.value ORDER BY m.post, m.account";

    private const string SelectAllAbove = $"""
        SELECT {Columns}
        FROM posts p
        JOIN authors a ON a.account = p.author AND a.state = 0
        LEFT JOIN post_counts c ON c.post = p.id
        WHERE p.id > @above AND p.state = 0 AND (p.original = 0 OR EXISTS (
            SELECT 1 FROM posts o JOIN authors w ON w.account = o.author AND w.state = 0 WHERE o.id = p.original AND o.state = 0))
        ORDER BY p.id LIMIT @limit
        """;

    private const string SelectMerged = "SELECT account FROM authors WHERE class = 1 AND state = 0";

    public Task<Result<AcceptedPost>> AcceptAsync(NewPost post, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlPostWrites.Accept(commit, post),
            ahead => SqlPostWrites.WantFor(ahead, post),
            token
        );

    // In the queue, so that a first request that waits there has been stored when its repeat looks.
    public Task<Result<AcceptedPost>?> FindAnswerAsync(
        AccountId author,
        IdempotencyKey key,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlIdempotencyKeys.Find(commit, author, key),
            ahead => SqlIdempotencyKeys.Want(ahead, author, key),
            token
        );

    public Task<Result<bool>> DeleteAsync(
        PostId post,
        AccountId? author,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlPostWrites.Delete(commit, post, author), token);

    public Task<bool> UnrepostAsync(AccountId account, PostId original, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlPostWrites.Unrepost(commit, account, original),
            token
        );

    public Task<Result<bool>> LikeAsync(AccountId account, PostId post, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlLikes.Like(commit, account, post),
            ahead => SqlLikes.WantFor(ahead, account, post),
            token
        );

    public Task<bool> UnlikeAsync(AccountId account, PostId post, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlLikes.Unlike(commit, account, post),
            ahead => SqlLikes.WantForUnlike(ahead, account, post),
            token
        );

    public Task CloseAuthorAsync(AccountId author, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlPostWrites.CloseAuthor(commit, author), token);

    public Task SuspendAuthorAsync(
        AccountId author,
        bool isSuspended,
        long version,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlPostWrites.SuspendAuthor(commit, author, isSuspended, version),
            token
        );

    public Task<bool> RemoveSomeOfAsync(AccountId author, int limit, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlPostRemoval.RemoveSomeOf(commit, author, limit),
            token
        );

    public Task<int> RemoveSomeOnAsync(
        IReadOnlyList<PostId> deleted,
        int limit,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlPostRemoval.RemoveSomeOn(commit, deleted, limit),
            token
        );

    public Task CountAsync(
        string consumer,
        IReadOnlyList<Committed> events,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlPostCounts.Apply(commit, consumer, events), token);

    public Task<IReadOnlyList<ImportOutcome>> ImportAsync(
        IReadOnlyList<ImportedPost> posts,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlPostImports.Import(commit, posts), token);

    public Task MergeAuthorAsync(AccountId author, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlPostWrites.MergeAuthor(commit, author), token);

    public ValueTask<IReadOnlyList<Post>> GetManyAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Post>>(session =>
            session.Many(SelectMany, ReadPost, SqlList.Of(ids.Span))
        );

    public ValueTask<IReadOnlyList<AuthorIds>> NewestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId below,
        int perAuthor,
        CancellationToken token
    ) =>
        database.ReadAsync(session =>
            SqlPostLists.NewestOf(session, authors.Span, below, perAuthor)
        );

    public ValueTask<IReadOnlyList<AuthorIds>> OldestOfAsync(
        ReadOnlyMemory<AccountId> authors,
        PostId above,
        int perAuthor,
        CancellationToken token
    ) =>
        database.ReadAsync(session =>
            SqlPostLists.OldestOf(session, authors.Span, above, perAuthor)
        );

    public ValueTask<IReadOnlyList<PostReplies>> RepliesToAsync(
        ReadOnlyMemory<PostId> parents,
        int perParent,
        CancellationToken token
    ) => database.ReadAsync(session => SqlPostLists.RepliesOf(session, parents.Span, perParent));

    public ValueTask<IReadOnlyList<PostId>> ListAsync(
        PostList list,
        Page page,
        CancellationToken token
    ) => database.ReadAsync(session => SqlPostLists.Page(session, list, page));

    public ValueTask<IReadOnlyDictionary<PostId, ViewerMarks>> MarksAsync(
        AccountId viewer,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyDictionary<PostId, ViewerMarks>>(session =>
            session
                .Many(
                    SelectMarks,
                    row =>
                        KeyValuePair.Create(
                            new PostId(row.GetInt64(0)),
                            new ViewerMarks(row.GetInt64(1) == 1, row.GetInt64(2) == 1)
                        ),
                    viewer.Value,
                    SqlList.Of(ids.Span)
                )
                .DistinctBy(row => row.Key)
                .ToDictionary()
        );

    public ValueTask<NewestMarks> NewestMarksAsync(
        AccountId viewer,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync(session => new NewestMarks(
            Ids(session, SelectLiked, viewer, limit),
            Ids(session, SelectReposted, viewer, limit)
        ));

    public ValueTask<IReadOnlySet<PostId>> MentioningAsync(
        AccountId account,
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlySet<PostId>>(session =>
            session
                .Many(
                    SelectMentioning,
                    row => new PostId(row.GetInt64(0)),
                    SqlList.Of(ids.Span),
                    account.Value
                )
                .ToHashSet()
        );

    public ValueTask<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>> MentionedInAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyDictionary<PostId, IReadOnlyList<AccountId>>>(session =>
            session
                .Many(
                    SelectMentioned,
                    row => (Post: row.GetInt64(0), Account: new AccountId(row.GetInt64(1))),
                    SqlList.Of(ids.Span)
                )
                .GroupBy(row => row.Post, row => row.Account)
                .ToDictionary(
                    post => new PostId(post.Key),
                    IReadOnlyList<AccountId> (post) => [.. post]
                )
        );

    public ValueTask<IReadOnlyList<Post>> AllAboveAsync(
        PostId above,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAtLeisureAsync<IReadOnlyList<Post>>(session =>
            session.Many(SelectAllAbove, ReadPost, above.Value, (long)limit)
        );

    // In the queue: a post that is being stored somewhere is waited for.
    public Task<AttachedMedia> AttachedAsync(
        ReadOnlyMemory<MediaId> media,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlAttachments.Among(commit, media.Span), token);

    public ValueTask<IReadOnlySet<PostId>> HiddenWithOriginalsAsync(
        ReadOnlyMemory<PostId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlySet<PostId>>(session =>
            session
                .Many(
                    SelectHiddenWithOriginals,
                    row => new PostId(row.GetInt64(0)),
                    SqlList.Of(ids.Span)
                )
                .ToHashSet()
        );

    public ValueTask<PostId> NewestIdAsync(CancellationToken token) =>
        database.ReadAsync(session => new PostId(session.Number("SELECT max(id) FROM posts", 0)));

    public ValueTask<IReadOnlyList<AccountId>> MergedAuthorsAsync(CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            session.Many(SelectMerged, row => new AccountId(row.GetInt64(0)))
        );

    internal static Post ReadPost(System.Data.Common.DbDataReader row) =>
        new(
            new PostId(row.GetInt64(0)),
            new AccountId(row.GetInt64(1)),
            (PostKind)row.GetInt64(2),
            (Visibility)row.GetInt64(3),
            row.GetString(4),
            new PostId(row.GetInt64(5)),
            new AccountId(row.GetInt64(6)),
            new PostId(row.GetInt64(7)),
            new AccountId(row.GetInt64(8)),
            new PostCounts(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11))
        )
        {
            Media = SqlAttachments.Read(row.GetString(12)),
            Warning = row.GetString(13),
            IsSensitive = row.GetInt64(14) != 0,
        };

    private static List<PostId> Ids(SqlSession session, string sql, AccountId account, int limit) =>
        session.Many(sql, row => new PostId(row.GetInt64(0)), account.Value, (long)limit);
}
