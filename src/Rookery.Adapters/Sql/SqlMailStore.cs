using System.Data.Common;
using System.Security.Cryptography;
using Rookery.Mail;

namespace Rookery.Adapters.Sql;

/// <summary>The queue of mails on a SQL database.</summary>
internal sealed class SqlMailStore(SqlDatabase database) : IMailStore
{
    private const int SecretBytes = 32;

    private const string SelectDue =
        "SELECT 1 FROM mails WHERE state = 0 AND due_at <= @now LIMIT 1";

    private const string Claim = """
        UPDATE mails SET due_at = @until, attempts = attempts + 1
        WHERE key IN (SELECT key FROM mails WHERE state = 0 AND due_at <= @now ORDER BY attempts, due_at, key LIMIT @limit)
        RETURNING key, kind, account, parameters, queued_at, expires_at, attempts, error
        """;

    private const string EndSent = """
        UPDATE mails SET state = 1, parameters = '{}', error = '', ended_at = @now WHERE key = @key AND state <> 1
        """;

    private const string EndOther = """
        UPDATE mails SET state = @state, parameters = '{}', error = @error, ended_at = @now
        WHERE key = @key AND state = 0 AND attempts = @attempt
        """;

    private const string UpdateDue = """
        UPDATE mails SET due_at = CASE WHEN expires_at < @due THEN expires_at ELSE @due END, error = @error
        WHERE key = @key AND state = 0 AND attempts = @attempt
        """;

    private const string DeleteOver = """
        DELETE FROM mails WHERE key IN (
            SELECT key FROM mails WHERE state <> 0 AND ended_at <= @before AND (state <> 2 OR ended_at <= @given_up) LIMIT @limit)
        """;

    private const string SelectState = "SELECT state FROM mails WHERE key = @key";

    private const string SelectWaiting =
        "SELECT count(*), coalesce(min(queued_at), 0) FROM mails WHERE state = 0";

    private const string SelectError = """
        SELECT error FROM mails WHERE state = 0 AND error <> '' ORDER BY due_at, key LIMIT 1
        """;

    private const string CountGivenUp = "SELECT count(*) FROM mails WHERE state <> 0 AND state = 2";

    private const string SelectRefusal = """
        SELECT error FROM mails WHERE state <> 0 AND state = 2 ORDER BY ended_at DESC, key LIMIT 1
        """;

    private const string SelectChoices =
        "SELECT unwanted, secret FROM mail_choices WHERE account = @account";

    private const string InsertChoices = """
        INSERT INTO mail_choices (account, unwanted, secret) VALUES (@account, '', @secret) ON CONFLICT DO NOTHING
        """;

    private const string UpdateUnwanted =
        "UPDATE mail_choices SET unwanted = @unwanted WHERE account = @account";

    public Task AddAsync(MailOrder order, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                SqlMailWrites.Order(commit, order);
                return Done.Instance;
            },
            token
        );

    public ValueTask<bool> AreDueAsync(DateTimeOffset now, CancellationToken token) =>
        database.ReadAsync(session =>
            session.Number(SelectDue, 0, now.ToUnixTimeMilliseconds()) == 1
        );

    public Task<IReadOnlyList<DueMail>> ClaimAsync(
        int limit,
        TimeSpan lease,
        CancellationToken token
    ) =>
        database.Writes.RunAsync<IReadOnlyList<DueMail>>(
            commit =>
                commit.Session.Many(
                    Claim,
                    Read,
                    commit.Now + (long)lease.TotalMilliseconds,
                    commit.Now,
                    (long)limit
                ),
            token
        );

    public Task EndAsync(DueMail mail, MailState state, string reason, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                state == MailState.Sent
                    ? commit.Session.Execute(EndSent, commit.Now, mail.Key)
                    : commit.Session.Execute(
                        EndOther,
                        (long)state,
                        reason,
                        commit.Now,
                        mail.Key,
                        (long)mail.Attempt
                    ),
            token
        );

    public Task PutOffAsync(DueMail mail, TimeSpan wait, string reason, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    UpdateDue,
                    commit.Now + (long)wait.TotalMilliseconds,
                    reason,
                    mail.Key,
                    (long)mail.Attempt
                ),
            token
        );

    public Task<int> PruneAsync(
        DateTimeOffset endedBefore,
        DateTimeOffset givenUpBefore,
        int limit,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    DeleteOver,
                    endedBefore.ToUnixTimeMilliseconds(),
                    givenUpBefore.ToUnixTimeMilliseconds(),
                    (long)limit
                ),
            token
        );

    public ValueTask<MailState?> StateAsync(string key, CancellationToken token) =>
        database.ReadAsync<MailState?>(session =>
            session.Number(SelectState, -1, key) is >= 0 and var state ? (MailState)state : null
        );

    public ValueTask<MailBacklog> BacklogAsync(CancellationToken token) =>
        database.ReadAsync(session =>
        {
            var (waiting, oldest) = session.One(
                SelectWaiting,
                row => Tuple.Create(row.GetInt64(0), row.GetInt64(1))
            )!;
            return new MailBacklog(
                waiting,
                waiting > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(oldest) : null,
                session.Number(CountGivenUp, 0),
                session.One(SelectError, row => row.GetString(0)) ?? "",
                session.One(SelectRefusal, row => row.GetString(0)) ?? ""
            );
        });

    public ValueTask<MailChoices?> ChoicesAsync(AccountId account, CancellationToken token) =>
        database.ReadAsync(session => Choices(session, account));

    public Task<MailChoices> SignAsync(AccountId account, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                MakeChoices(commit, account);
                return Choices(commit.Session, account)!;
            },
            token
        );

    public Task WantAsync(AccountId account, string kind, bool isWanted, CancellationToken token) =>
        database.Writes.RunAsync(commit => Want(commit, account, kind, isWanted), token);

    private static int Want(CommitContext commit, AccountId account, string kind, bool isWanted)
    {
        var unwanted = SqlMailWrites.UnwantedBy(commit.Session, account);
        if (isWanted ? !unwanted.Remove(kind) : !unwanted.Add(kind))
        {
            return 0;
        }

        MakeChoices(commit, account);
        return commit.Session.Execute(
            UpdateUnwanted,
            string.Join(',', unwanted.Order(StringComparer.Ordinal)),
            account.Value
        );
    }

    private static void MakeChoices(CommitContext commit, AccountId account) =>
        commit.Session.Execute(
            InsertChoices,
            account.Value,
            RandomNumberGenerator.GetBytes(SecretBytes)
        );

    private static MailChoices? Choices(SqlSession session, AccountId account) =>
        session.One(
            SelectChoices,
            row => new MailChoices(SqlMailWrites.Kinds(row.GetString(0)), (byte[])row[1]),
            account.Value
        );

    private static DueMail Read(DbDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            new AccountId(row.GetInt64(2)),
            MailParameters.Read(row.GetString(3)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            (int)row.GetInt64(6),
            row.GetString(7)
        );
}
