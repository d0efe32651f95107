using System.Data.Common;
using Rookery.Accounts;
using Rookery.Media;

namespace Rookery.Adapters.Sql;

/// <summary>Accounts and their sessions on a SQL database. Writes: <c>SqlAccountWrites</c>, <c>SqlSessionWrites</c>.</summary>
internal sealed class SqlAccountStore(SqlDatabase database) : IAccountStore
{
    // A debt, left by a minus that overtook its plus, is not shown.
    public const string CardColumns = """
        a.id, a.username, a.display_name, a.bio, a.created_at,
        max(0, coalesce(c.posts, 0)), max(0, coalesce(c.followers, 0)), max(0, coalesce(c.following, 0)),
        a.indexable, a.avatar, a.header, a.locked
        """;

    private const string SelectCards = $"""
        SELECT {CardColumns}
        FROM accounts a LEFT JOIN account_counts c ON c.account = a.id
        WHERE a.id IN (SELECT value FROM json_each(@ids)) AND a.state = 0
        """;

    private const string SelectCardsAbove = $"""
        SELECT {CardColumns}
        FROM accounts a LEFT JOIN account_counts c ON c.account = a.id
        WHERE a.id > @after AND a.state = 0 ORDER BY a.id LIMIT @limit
        """;

    private const string SelectIds = """
        SELECT u.folded, u.account
        FROM usernames u JOIN accounts a ON a.id = u.account AND a.state = 0
        WHERE u.folded IN (SELECT value FROM json_each(@names))
        """;

    private const string SelectCredentials =
        "SELECT id, username, email, password_hash, state FROM accounts WHERE id = @id AND state = 0";

    private const string SelectCredentialsByName = """
        SELECT a.id, a.username, a.email, a.password_hash, a.state
        FROM usernames u JOIN accounts a ON a.id = u.account AND a.state <= 1
        WHERE u.folded = @folded
        """;

    private const string SelectSession = """
        SELECT t.account, t.created_at, t.used_at FROM tokens t JOIN accounts a ON a.id = t.account AND a.state = 0 WHERE t.hash = @hash
        """;

    // The index leads to at most IAccountStore.MaxSessions rows, which are sorted then.
    private const string SelectSessions = """
        SELECT t.account, t.created_at, t.used_at, t.hash
        FROM tokens t JOIN accounts a ON a.id = t.account AND a.state = 0
        WHERE t.account = @account ORDER BY t.created_at DESC, t.hash
        """;

    private const string SelectRows = """
        SELECT id, username, display_name, email, state, CASE WHEN password_hash <> '' THEN 1 ELSE 0 END, created_at
        FROM accounts WHERE id > @after ORDER BY id LIMIT @limit
        """;

    public Task<Result<AccountId>> SignUpAsync(NewAccount account, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlAccountWrites.SignUp(commit, account), token);

    public Task<AccountCard> CreateAsync(DisplayName name, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlAccountWrites.Create(commit, name), token);

    public Task<IReadOnlyList<AccountId?>> ImportAsync(
        IReadOnlyList<ImportedAccount> accounts,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlAccountImports.Import(commit, accounts), token);

    public Task<bool> OpenSessionAsync(
        Credentials credentials,
        TokenHash session,
        string? renewedHash,
        CancellationToken token,
        string device = ""
    ) =>
        database.Writes.RunAsync(
            commit =>
                SqlAccountWrites.OpenSession(commit, credentials, session, renewedHash, device),
            token
        );

    public Task<bool> EndSessionAsync(TokenHash session, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlAccountWrites.EndSession(commit, session), token);

    public Task<bool> EndSessionAsync(
        AccountId account,
        TokenHash session,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlAccountWrites.EndSession(commit, account, session),
            token
        );

    public Task EndSessionsAsync(AccountId account, TokenHash? keep, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlAccountWrites.EndSessions(commit, account, keep),
            token
        );

    public Task<bool> SetPasswordAsync(
        AccountId account,
        string newHash,
        string? expectedHash,
        TokenHash? keep,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlAccountWrites.SetPassword(commit, account, newHash, expectedHash, keep),
            token
        );

    public Task<Result<AccountCard>> EditProfileAsync(
        AccountId account,
        DisplayName? displayName,
        Bio? bio,
        bool? isIndexable,
        CancellationToken token,
        ProfilePictures? pictures = null,
        bool? isLocked = null
    ) =>
        database.Writes.RunAsync(
            commit =>
                SqlAccountWrites.EditProfile(
                    commit,
                    account,
                    displayName,
                    bio,
                    isIndexable,
                    pictures,
                    isLocked
                ),
            token
        );

    // In the queue: a change that is being stored somewhere is waited for.
    public Task<ShownPictures> ShownAsync(ReadOnlyMemory<MediaId> media, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlProfilePictures.Among(commit, media.Span), token);

    public Task<Result<bool>> DeleteAsync(AccountId account, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlAccountWrites.Delete(commit, account), token);

    public ValueTask<Credentials?> CredentialsAsync(
        string foldedUsername,
        CancellationToken token
    ) =>
        database.ReadAsync(session =>
            session.One(SelectCredentialsByName, ReadCredentials, foldedUsername)
        );

    public ValueTask<Credentials?> CredentialsAsync(AccountId account, CancellationToken token) =>
        database.ReadAsync(session =>
            session.One(SelectCredentials, ReadCredentials, account.Value)
        );

    public ValueTask<StoredSession?> SessionAsync(TokenHash session, CancellationToken token) =>
        database.ReadAsync(sql => sql.One(SelectSession, ReadSession, session.ToArray()));

    public ValueTask<IReadOnlyList<HeldSession>> SessionsOfAsync(
        AccountId account,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<HeldSession>>(sql =>
            sql.Many(
                SelectSessions,
                row => new HeldSession(new TokenHash((byte[])row[3]), ReadSession(row)),
                account.Value
            )
        );

    public Task NoteUseAsync(TokenHash session, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlSessionWrites.NoteUse(commit, session), token);

    public Task<int> PruneSessionsAsync(
        DateTimeOffset openedBefore,
        DateTimeOffset usedBefore,
        int limit,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlSessionWrites.Prune(commit, openedBefore, usedBefore, limit),
            token
        );

    public ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountCard>>(session =>
            session.Many(SelectCards, ReadCard, SqlList.Of(ids.Span))
        );

    public ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyDictionary<string, AccountId>>(session =>
            session
                .Many(
                    SelectIds,
                    row => KeyValuePair.Create(row.GetString(0), new AccountId(row.GetInt64(1))),
                    SqlList.Of(foldedUsernames)
                )
                .ToDictionary(StringComparer.Ordinal)
        );

    public ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
        AccountId after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountCard>>(session =>
            session.Many(SelectCardsAbove, ReadCard, after.Value, (long)limit)
        );

    public ValueTask<IReadOnlyList<AccountRow>> ListAsync(
        AccountId after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountRow>>(session =>
            session.Many(SelectRows, ReadRow, after.Value, (long)limit)
        );

    internal static AccountCard ReadCard(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            new AccountCounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)),
            row.GetInt64(8) != 0,
            BlobName.ParseStored(row.GetString(9)),
            BlobName.ParseStored(row.GetString(10)),
            row.GetInt64(11) != 0
        );

    private static StoredSession ReadSession(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            row.GetInt64(2) is > 0 and var used
                ? DateTimeOffset.FromUnixTimeMilliseconds(used)
                : null
        );

    private static Credentials ReadCredentials(DbDataReader row) =>
        new(new AccountId(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetString(3))
        {
            IsSuspended = row.GetInt64(4) == (long)AccountState.Suspended,
        };

    private static AccountRow ReadRow(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            (AccountState)row.GetInt64(4),
            row.GetInt64(5) != 0,
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))
        );
}
