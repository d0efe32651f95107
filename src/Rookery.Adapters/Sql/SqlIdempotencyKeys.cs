using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Which key of an account stood for which request, and what it was answered; written in the transaction of the post.</summary>
internal static class SqlIdempotencyKeys
{
    private const long KeyLifetime = 24 * 60 * 60 * 1000L;

    private const string SelectKey =
        "SELECT request_hash, post, text, created_at, media, warning, sensitive FROM idempotency_keys WHERE account = @account AND key = @key";

    private const string InsertKey = """
        INSERT INTO idempotency_keys (account, key, request_hash, post, text, created_at, media, warning, sensitive)
        VALUES (@account, @key, @hash, @post, @text, @now, @media, @warning, @sensitive)
        ON CONFLICT (account, key) DO UPDATE
        SET request_hash = excluded.request_hash, post = excluded.post, text = excluded.text, created_at = excluded.created_at,
            media = excluded.media, warning = excluded.warning, sensitive = excluded.sensitive
        """;

    // Each new key takes away up to two that have expired, so the table never holds much more than a day's.
    private const string DeleteExpired = """
        DELETE FROM idempotency_keys WHERE (account, key) IN (
            SELECT account, key FROM idempotency_keys WHERE created_at < @expired ORDER BY created_at LIMIT 2)
        """;

    private const string SelectRow =
        "SELECT kind, visibility, parent, parent_author, original, original_author FROM posts WHERE id = @id";

    private static readonly KeyedRead<(AccountId, string), KnownKey> Ahead = new(
        """
        SELECT i.request_hash, i.post, i.text, i.created_at, i.media, i.warning, i.sensitive, w.account, w.key
        FROM unnest(@accounts, @keys) AS w(account, key) CROSS JOIN LATERAL (
            SELECT request_hash, post, text, created_at, media, warning, sensitive FROM idempotency_keys WHERE account = w.account AND key = w.key LIMIT 1) i
        """,
        keys =>
            [
                SqlList.Of(keys.Select(key => key.Item1.Value)),
                SqlList.Of(keys.Select(key => key.Item2)),
            ],
        row => ((new AccountId(row.GetInt64(7)), row.GetString(8)), Read(row))
    );

    public static void Want(ReadsAhead ahead, AccountId author, IdempotencyKey key) =>
        ahead.Want(Ahead, (author, key.Key));

    /// <summary>The first request's answer; null where the key is new.</summary>
    public static Result<AcceptedPost>? Find(
        CommitContext commit,
        AccountId author,
        IdempotencyKey key
    )
    {
        if (!commit.Ahead.TryFind(Ahead, (author, key.Key), out var known))
        {
            known = commit.Session.One(SelectKey, Read, author.Value, key.Key);
        }

        if (known is null || known.CreatedAt <= commit.Now - KeyLifetime)
        {
            return null;
        }

        if (!known.RequestHash.AsSpan().SequenceEqual(key.RequestHash.Span))
        {
            return new Problem(
                ProblemKind.KeyReused,
                "This Idempotency-Key was used for another request; use a new key for a new post.",
                "Idempotency-Key"
            );
        }

        var first = commit.Session.One(
            SelectRow,
            row => new Post(
                known.Post,
                author,
                (PostKind)row.GetInt64(0),
                (Visibility)row.GetInt64(1),
                known.Text,
                new PostId(row.GetInt64(2)),
                new AccountId(row.GetInt64(3)),
                new PostId(row.GetInt64(4)),
                new AccountId(row.GetInt64(5)),
                default
            )
            {
                Media = SqlAttachments.Read(known.Media),
                Warning = known.Warning,
                IsSensitive = known.IsSensitive,
            },
            known.Post.Value
        )!;
        return (Result<AcceptedPost>)new AcceptedPost(first, Repeated: true);
    }

    public static void Keep(CommitContext commit, IdempotencyKey key, Post post)
    {
        var known = new KnownKey(
            key.RequestHash.ToArray(),
            post.Id,
            post.Text,
            commit.Now,
            SqlAttachments.Write(post.Media),
            post.Warning,
            post.IsSensitive
        );
        commit.Session.LaterInAnyOrder(DeleteExpired, commit.Now - KeyLifetime);
        commit.Session.LaterInAnyOrder(
            InsertKey,
            post.Author.Value,
            key.Key,
            known.RequestHash,
            post.Id.Value,
            post.Text,
            commit.Now,
            known.Media,
            known.Warning,
            known.IsSensitive ? 1L : 0L
        );
        commit.Ahead.Put(Ahead, (post.Author, key.Key), known);
    }

    private static KnownKey Read(System.Data.Common.DbDataReader row) =>
        new(
            (byte[])row[0],
            new PostId(row.GetInt64(1)),
            row.GetString(2),
            row.GetInt64(3),
            row.GetString(4),
            row.GetString(5),
            row.GetInt64(6) != 0
        );

    private sealed record KnownKey(
        byte[] RequestHash,
        PostId Post,
        string Text,
        long CreatedAt,
        string Media,
        string Warning,
        bool IsSensitive
    );
}
