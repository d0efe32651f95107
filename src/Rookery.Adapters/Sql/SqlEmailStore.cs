using System.Data.Common;
using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>Where accounts are reached, on a SQL database.</summary>
internal sealed class SqlEmailStore(SqlDatabase database) : IEmailStore
{
    public const string Columns =
        "id, username, display_name, email, email_confirmed, pending_email, language";

    private const string SelectOne =
        $"SELECT {Columns} FROM accounts WHERE id = @id AND state = 0 AND email <> ''";

    private const string SelectSame = $"""
        SELECT {Columns} FROM accounts WHERE email_folded = @email AND email_folded <> '' AND state = 0 ORDER BY email_confirmed DESC, id LIMIT @limit
        """;

    private const string SelectLink = """
        SELECT l.account, a.username, l.email
        FROM account_links l JOIN accounts a ON a.id = l.account AND a.state = 0
        WHERE l.hash = @hash AND l.kind = @kind AND l.expires_at > @now
            AND (l.email = a.email OR (l.kind = 0 AND l.email = a.pending_email))
        """;

    private const string DeleteExpired = """
        DELETE FROM account_links WHERE hash IN (SELECT hash FROM account_links WHERE expires_at <= @before LIMIT @limit)
        """;

    private const string UpdateLanguage =
        "UPDATE accounts SET language = @language WHERE id = @id AND state = 0 AND language <> @language";

    public ValueTask<AccountEmail?> FindAsync(AccountId account, CancellationToken token) =>
        database.ReadAsync(session => session.One(SelectOne, Read, account.Value));

    public ValueTask<IReadOnlyList<AccountEmail>> FindAsync(
        string foldedEmail,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountEmail>>(session =>
            session.Many(SelectSame, Read, foldedEmail, (long)limit)
        );

    public Task<Result<Done>> ChangeAsync(
        AccountId account,
        EmailAddress email,
        string? expectedHash,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlEmailWrites.Change(commit, account, email, expectedHash),
            token
        );

    public Task AddLinkAsync(NewLink link, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                SqlEmailWrites.AddLink(commit, link);
                return Done.Instance;
            },
            token
        );

    public ValueTask<OpenLink?> LinkAsync(
        TokenHash hash,
        LinkKind kind,
        DateTimeOffset now,
        CancellationToken token
    ) =>
        database.ReadAsync(session =>
            session.One(
                SelectLink,
                row => new OpenLink(
                    new AccountId(row.GetInt64(0)),
                    row.GetString(1),
                    row.GetString(2)
                ),
                hash.ToArray(),
                (long)kind,
                now.ToUnixTimeMilliseconds()
            )
        );

    public Task<Result<AccountId>> ConfirmAsync(TokenHash link, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlEmailWrites.Confirm(commit, link), token);

    public Task<Result<AccountId>> SetPasswordAsync(
        TokenHash link,
        string newHash,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlEmailWrites.SetPassword(commit, link, newHash),
            token
        );

    public Task SpeakAsync(AccountId account, string language, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(UpdateLanguage, language, account.Value),
            token
        );

    public Task<int> PruneLinksAsync(
        DateTimeOffset endedBefore,
        int limit,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    DeleteExpired,
                    endedBefore.ToUnixTimeMilliseconds(),
                    (long)limit
                ),
            token
        );

    internal static AccountEmail Read(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetInt64(4) != 0,
            row.GetString(5),
            row.GetString(6)
        );
}
