using System.Data.Common;
using Rookery.Media;

namespace Rookery.Adapters.Sql;

/// <summary>Uploads on a SQL database.</summary>
internal sealed class SqlMediaStore(SqlDatabase database) : IMediaStore
{
    private const long Storing = 0;
    private const long Stored = 1;
    private const long GivenUp = 2;

    private const string Columns =
        "id, owner, blob, width, height, description, focus_x, focus_y, blurhash, duration, preview";

    /// <summary>The quota bounds how many rows it goes through.</summary>
    private const string SelectUsed = """
        SELECT CAST(coalesce(sum(bytes), 0) AS bigint), count(*), (SELECT count(*) FROM closed_media_owners WHERE owner = @owner)
        FROM media WHERE owner = @owner AND state <> 2
        """;

    private const string Insert = """
        INSERT INTO media (id, owner, state, blob, bytes, width, height, description, focus_x, focus_y, blurhash, purpose, duration, preview)
        VALUES (@id, @owner, @state, @blob, @bytes, @width, @height, @description, @focus_x, @focus_y, @blurhash, @purpose, @duration, @preview)
        """;

    private const string InsertClosed =
        "INSERT INTO closed_media_owners (owner) VALUES (@owner) ON CONFLICT DO NOTHING";

    private const string UpdateKept = """
        UPDATE media SET state = CASE
            WHEN EXISTS (SELECT 1 FROM closed_media_owners closed WHERE closed.owner = media.owner) THEN 2
            ELSE 1
        END WHERE id = @id AND state < 2 RETURNING state
        """;

    private const string UpdateGivenUp =
        "UPDATE media SET state = 2 WHERE id = @id AND owner = @owner AND state < 2";

    private const string UpdateGivenUpFree = """
        UPDATE media SET state = 2
        WHERE id IN (SELECT value FROM json_each(@ids)) AND state < 2 AND held_until < @at
        RETURNING id, blob, preview
        """;

    private const string UpdateTaken = """
        UPDATE media SET state = 3 WHERE id IN (SELECT value FROM json_each(@ids)) AND state = 1
        """;

    private const string UpdateDropped = """
        UPDATE media SET state = 2 WHERE id IN (SELECT value FROM json_each(@ids)) RETURNING id, blob, preview
        """;

    private const string UpdateHeld = """
        UPDATE media SET held_until = @until WHERE id IN (SELECT value FROM json_each(@ids)) AND held_until < @until
        """;

    private const string UpdateText = $"""
        UPDATE media SET description = @description, focus_x = @focus_x, focus_y = @focus_y, blurhash = @blurhash
        WHERE id = @id AND state = 1 AND held_until < @at RETURNING {Columns}
        """;

    private const string SelectStored =
        $"SELECT {Columns} FROM media WHERE id = @id AND owner = @owner AND purpose = 0 AND state IN (1, 3)";

    private const string SelectHoldable = $"""
        SELECT {Columns} FROM media WHERE id IN (SELECT value FROM json_each(@ids)) AND owner = @owner AND purpose = @purpose AND state IN (1, 3)
        """;

    private const string SelectOwner = """
        SELECT owner FROM media WHERE blob = @blob
        UNION ALL
        SELECT owner FROM media WHERE preview <> '' AND preview = @blob
        LIMIT 1
        """;

    private const string SelectOwned =
        "SELECT id, blob, preview FROM media WHERE owner = @owner LIMIT @limit";

    private const string SelectUntaken = """
        SELECT id FROM media WHERE state < 2 AND id > @above AND id < @uploaded AND held_until < @now ORDER BY id LIMIT @limit
        """;

    private const string SelectGivenUp =
        "SELECT id, blob, preview FROM media WHERE state = 2 AND id < @uploaded LIMIT @limit";

    public Task<Result<MediaId>> ReserveAsync(
        NewMedium medium,
        MediaQuota quota,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Reserve(commit, medium, quota), token);

    public Task<bool> KeepAsync(MediaId medium, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Number(UpdateKept, GivenUp, medium.Value) == Stored,
            token
        );

    public Task CloseAsync(AccountId owner, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(InsertClosed, owner.Value),
            token
        );

    public Task<bool> GiveUpAsync(MediaId medium, AccountId owner, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(UpdateGivenUp, medium.Value, owner.Value) > 0,
            token
        );

    public Task<IReadOnlyList<Removable>> GiveUpFreeAsync(
        IReadOnlyList<MediaId> media,
        DateTimeOffset at,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<IReadOnlyList<Removable>>(
            commit =>
                commit.Session.Many(
                    UpdateGivenUpFree,
                    ReadRemovable,
                    ListOf(media),
                    at.ToUnixTimeMilliseconds()
                ),
            token
        );

    public Task TakeAsync(IReadOnlyList<MediaId> media, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(UpdateTaken, ListOf(media)),
            token
        );

    public Task<IReadOnlyList<Removable>> DropAsync(
        IReadOnlyList<MediaId> media,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<IReadOnlyList<Removable>>(
            commit => commit.Session.Many(UpdateDropped, ReadRemovable, ListOf(media)),
            token
        );

    public Task<IReadOnlyList<Medium>> HoldAsync(
        AccountId owner,
        IReadOnlyList<MediaId> media,
        MediaPurpose purpose,
        DateTimeOffset until,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<IReadOnlyList<Medium>>(
            commit => Hold(commit, owner, media, purpose, until),
            token
        );

    public Task<Medium?> DescribeAsync(
        MediaId medium,
        AccountId owner,
        MediaText text,
        DateTimeOffset at,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Describe(commit, medium, owner, text, at), token);

    public ValueTask<Medium?> FindAsync(MediaId medium, AccountId owner, CancellationToken token) =>
        database.ReadAsync(session => Find(session, medium, owner));

    public ValueTask<AccountId?> OwnerOfAsync(BlobName blob, CancellationToken token) =>
        database.ReadAsync(session =>
            session.Number(SelectOwner, 0, blob.ToString()) is > 0 and var owner
                ? new AccountId(owner)
                : (AccountId?)null
        );

    public ValueTask<IReadOnlyList<Removable>> SomeOfAsync(
        AccountId owner,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Removable>>(session =>
            session.Many(SelectOwned, ReadRemovable, owner.Value, (long)limit)
        );

    public ValueTask<IReadOnlyList<MediaId>> SomeUntakenAsync(
        DateTimeOffset uploadedBefore,
        DateTimeOffset now,
        MediaId above,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<MediaId>>(session =>
            session.Many(
                SelectUntaken,
                row => new MediaId(row.GetInt64(0)),
                above.Value,
                Snowflake.FloorAt(uploadedBefore),
                now.ToUnixTimeMilliseconds(),
                (long)limit
            )
        );

    public ValueTask<IReadOnlyList<Removable>> SomeGivenUpAsync(
        DateTimeOffset uploadedBefore,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Removable>>(session =>
            session.Many(
                SelectGivenUp,
                ReadRemovable,
                Snowflake.FloorAt(uploadedBefore),
                (long)limit
            )
        );

    public Task RemoveAsync(IReadOnlyList<MediaId> media, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "DELETE FROM media WHERE id IN (SELECT value FROM json_each(@ids))",
                    ListOf(media)
                ),
            token
        );

    private static Result<MediaId> Reserve(CommitContext commit, NewMedium medium, MediaQuota quota)
    {
        var (used, files, closed) = commit.Session.One(
            SelectUsed,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            medium.Owner.Value
        );
        if (closed > 0)
        {
            return Problem.Unauthenticated(
                "The account was deleted while the file arrived; nothing of it was stored."
            );
        }

        if (files >= quota.Files)
        {
            return Problem.Forbidden(
                $"An account may have at most {quota.Files} uploads; this one has {files}. Delete some first."
            );
        }

        if (used + medium.Bytes > quota.Bytes)
        {
            return Problem.Forbidden(
                $"All that an account has uploaded may have at most {quota.Bytes} bytes; this account's has {used}, and this one {medium.Bytes}. Delete some first."
            );
        }

        var id = commit.NextMediaId(medium.Owner);
        commit.Session.Execute(
            Insert,
            id.Value,
            medium.Owner.Value,
            Storing,
            medium.Blob.ToString(),
            medium.Bytes,
            (long)medium.Width,
            (long)medium.Height,
            medium.Description,
            (long)medium.Focus.X,
            (long)medium.Focus.Y,
            medium.Blurhash,
            (long)medium.Purpose,
            (long)medium.Milliseconds,
            medium.Preview?.ToString() ?? ""
        );
        return id;
    }

    private static List<Medium> Hold(
        CommitContext commit,
        AccountId owner,
        IReadOnlyList<MediaId> media,
        MediaPurpose purpose,
        DateTimeOffset until
    )
    {
        var found = commit.Session.Many(
            SelectHoldable,
            ReadMedium,
            ListOf(media),
            owner.Value,
            (long)purpose
        );
        if (found.Count == media.Count)
        {
            commit.Session.Execute(UpdateHeld, until.ToUnixTimeMilliseconds(), ListOf(media));
        }

        return found;
    }

    private static Medium? Describe(
        CommitContext commit,
        MediaId id,
        AccountId owner,
        MediaText text,
        DateTimeOffset at
    )
    {
        if (Find(commit.Session, id, owner) is not { } found)
        {
            return null;
        }

        var point = text.Focus ?? found.Focus;
        return commit.Session.One(
            UpdateText,
            ReadMedium,
            text.Description ?? found.Description,
            (long)point.X,
            (long)point.Y,
            text.Blurhash ?? found.Blurhash,
            id.Value,
            at.ToUnixTimeMilliseconds()
        );
    }

    private static Medium? Find(SqlSession session, MediaId id, AccountId owner) =>
        session.One(SelectStored, ReadMedium, id.Value, owner.Value);

    private static Medium ReadMedium(DbDataReader row) =>
        new(
            new MediaId(row.GetInt64(0)),
            new AccountId(row.GetInt64(1)),
            ReadName(row.GetString(2)),
            (int)row.GetInt64(3),
            (int)row.GetInt64(4),
            row.GetString(5),
            new FocalPoint((int)row.GetInt64(6), (int)row.GetInt64(7)),
            row.GetString(8)
        )
        {
            Milliseconds = (int)row.GetInt64(9),
            Preview = ReadPreview(row.GetString(10)),
        };

    private static Removable ReadRemovable(DbDataReader row) =>
        new(
            new MediaId(row.GetInt64(0)),
            ReadName(row.GetString(1)),
            ReadPreview(row.GetString(2))
        );

    private static BlobName? ReadPreview(string text) => text.Length == 0 ? null : ReadName(text);

    private static SqlList ListOf(IReadOnlyList<MediaId> media) =>
        SqlList.Of(media.Select(id => id.Value));

    private static BlobName ReadName(string text) =>
        BlobName.ParseStored(text)
        ?? throw new InvalidOperationException($"The media table names a blob {text}.");
}
