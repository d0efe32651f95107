using System.Data.Common;
using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>Mails that tell of notifications, on a SQL database. They are raised with their notifications: <c>SqlNotificationWrites</c>.</summary>
internal sealed class SqlNotificationMailStore(SqlDatabase database) : INotificationMailStore
{
    /// <summary>Longer than any period, and than a mail waits.</summary>
    private static readonly TimeSpan PeriodsKept = TimeSpan.FromDays(40);

    private const string SelectDue = """
        SELECT account, form, first, through, period, stage FROM notification_mails WHERE due_at <= @now ORDER BY due_at LIMIT @limit
        """;

    private const string SelectPeriods = "SELECT period FROM digests WHERE account = @account";

    private const string Plan = """
        UPDATE notification_mails SET stage = 1, period = @period, due_at = @due_at
        WHERE account = @account AND form = @form AND first = @first AND stage = 0
        """;

    private const string PutOff = """
        UPDATE notification_mails SET due_at = @due_at
        WHERE account = @account AND form = @form AND first = @first AND stage = @stage
        """;

    private const string Open = """
        UPDATE notification_mails SET stage = 2, through = 0, due_at = @due_at
        WHERE account = @account AND form = @form AND first = @first AND stage = 1 AND period = @period
        """;

    private const string RaiseAgain = """
        UPDATE notification_mails SET stage = 0, period = '', due_at = @now
        WHERE account = @account AND form = @form AND first = @first
        """;

    private const string InsertPeriod =
        "INSERT INTO digests (account, period, at) VALUES (@account, @period, @now) ON CONFLICT DO NOTHING";

    private const string DeletePeriods =
        "DELETE FROM digests WHERE account = @account AND at < @before";

    private const string Delete =
        "DELETE FROM notification_mails WHERE account = @account AND form = @form AND first = @first";

    private const string SelectThrough = """
        SELECT through FROM notification_mails WHERE account = @account AND form = @form AND first = @first AND stage = 2
        """;

    private const string SelectNewest =
        "SELECT coalesce(max(id), 0) FROM notifications WHERE recipient = @account";

    private const string UpdateThrough = """
        UPDATE notification_mails SET through = @through WHERE account = @account AND form = @form AND first = @first AND stage = 2
        """;

    private const string SelectNext = """
        SELECT coalesce(min(id), 0) FROM notifications WHERE recipient = @account AND id > @through AND state = 0
        """;

    private const string RaiseNext = """
        UPDATE notification_mails SET first = @next, through = 0, period = '', stage = 0, due_at = @now
        WHERE account = @account AND form = @form
        """;

    private const string Replan = """
        UPDATE notification_mails SET stage = 0, period = '', due_at = @now WHERE account = @account AND stage = 1
        """;

    public ValueTask<IReadOnlyList<NotificationMail>> DueAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<NotificationMail>>(session =>
            session.Many(SelectDue, Read, now.ToUnixTimeMilliseconds(), (long)limit)
        );

    public ValueTask<IReadOnlySet<string>> PeriodsAsync(
        AccountId reader,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlySet<string>>(session =>
            session.Many(SelectPeriods, row => row.GetString(0), reader.Value).ToHashSet()
        );

    public Task PlanAsync(
        NotificationMail mail,
        DateTimeOffset at,
        string period,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    Plan,
                    period,
                    at.ToUnixTimeMilliseconds(),
                    mail.Account.Value,
                    (long)mail.Form,
                    mail.First.Value
                ),
            token
        );

    public Task PutOffAsync(NotificationMail mail, DateTimeOffset until, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    PutOff,
                    until.ToUnixTimeMilliseconds(),
                    mail.Account.Value,
                    (long)mail.Form,
                    mail.First.Value,
                    (long)mail.Stage
                ),
            token
        );

    public Task<bool> OpenAsync(
        NotificationMail mail,
        DateTimeOffset until,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => OpenIn(commit, mail, until), token);

    public Task DropAsync(NotificationMail mail, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    Delete,
                    mail.Account.Value,
                    (long)mail.Form,
                    mail.First.Value
                ),
            token
        );

    public Task<NotificationId?> SealAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Seal(commit.Session, reader, form, first), token);

    public Task UnsealAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(UpdateThrough, 0L, reader.Value, (long)form, first.Value),
            token
        );

    public Task EndAsync(
        AccountId reader,
        NotificationMailForm form,
        NotificationId first,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => End(commit, reader, form, first), token);

    public Task ReplanAsync(AccountId reader, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(Replan, commit.Now, reader.Value),
            token
        );

    public Task RemoveAsync(AccountId reader, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "DELETE FROM notification_mails WHERE account = @account",
                    reader.Value
                )
                + commit.Session.Execute(
                    "DELETE FROM digests WHERE account = @account",
                    reader.Value
                ),
            token
        );

    private static bool OpenIn(CommitContext commit, NotificationMail mail, DateTimeOffset until)
    {
        var session = commit.Session;
        var (account, form, first) = (mail.Account.Value, (long)mail.Form, mail.First.Value);
        if (
            session.Execute(Open, until.ToUnixTimeMilliseconds(), account, form, first, mail.Period)
            == 0
        )
        {
            return false;
        }

        if (mail.Form != NotificationMailForm.Digest)
        {
            return true;
        }

        session.Execute(DeletePeriods, account, commit.Now - (long)PeriodsKept.TotalMilliseconds);
        if (session.Execute(InsertPeriod, account, mail.Period, commit.Now) > 0)
        {
            return true;
        }

        session.Execute(RaiseAgain, commit.Now, account, form, first);
        return false;
    }

    private static NotificationId? Seal(
        SqlSession session,
        AccountId reader,
        NotificationMailForm form,
        NotificationId first
    )
    {
        var through = session.Number(SelectThrough, -1, reader.Value, (long)form, first.Value);
        if (through < 0)
        {
            return null;
        }

        if (through == 0)
        {
            // All of it may be gone.
            through = Math.Max(first.Value, session.Number(SelectNewest, 0, reader.Value));
            session.Execute(UpdateThrough, through, reader.Value, (long)form, first.Value);
        }

        return new NotificationId(through);
    }

    private static int End(
        CommitContext commit,
        AccountId reader,
        NotificationMailForm form,
        NotificationId first
    )
    {
        var session = commit.Session;
        var through = session.Number(SelectThrough, -1, reader.Value, (long)form, first.Value);
        if (through < 0)
        {
            return 0;
        }

        var told = Math.Max(through, first.Value);
        var next = session.Number(SelectNext, 0, reader.Value, told);
        return next > 0
            ? session.Execute(RaiseNext, next, commit.Now, reader.Value, (long)form)
            : session.Execute(Delete, reader.Value, (long)form, first.Value);
    }

    private static NotificationMail Read(DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            (NotificationMailForm)row.GetInt64(1),
            new NotificationId(row.GetInt64(2)),
            new NotificationId(row.GetInt64(3)),
            row.GetString(4),
            (NotificationMailStage)row.GetInt64(5)
        );
}
