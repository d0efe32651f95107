using Rookery.Mail;

namespace Rookery.Adapters.Sql;

/// <summary>Mails that are ordered inside a commit, with what they are about.</summary>
internal static class SqlMailWrites
{
    private const string Insert = """
        INSERT INTO mails (key, kind, account, parameters, state, attempts, error, queued_at, due_at, expires_at, ended_at)
        VALUES (@key, @kind, @account, @parameters, 0, 0, '', @now, @now, @until, 0) ON CONFLICT DO NOTHING
        """;

    private const string CountLately = """
        SELECT count(*) FROM mails WHERE account = @account AND kind = @kind AND queued_at > @since
        """;

    private const string SelectUnwanted =
        "SELECT unwanted FROM mail_choices WHERE account = @account";

    public static void Order(CommitContext commit, MailOrder order) =>
        commit.Session.Later(
            Insert,
            order.Key,
            order.Kind,
            order.Account.Value,
            MailParameters.Write(order.Parameters),
            commit.Now,
            commit.Now + (long)order.Lasts.TotalMilliseconds
        );

    /// <summary>The same where the account wants such mails and had fewer than <paramref name="most"/> within an hour.</summary>
    public static void OrderIfWanted(CommitContext commit, MailOrder order, int most)
    {
        var session = commit.Session;
        if (
            !UnwantedBy(session, order.Account).Contains(order.Kind)
            && session.Number(
                CountLately,
                0,
                order.Account.Value,
                order.Kind,
                commit.Now - (long)TimeSpan.FromHours(1).TotalMilliseconds
            ) < most
        )
        {
            Order(commit, order);
        }
    }

    /// <summary>Everything that is kept of the account's mails.</summary>
    public static void Forget(CommitContext commit, AccountId account)
    {
        commit.Session.Execute("DELETE FROM mails WHERE account = @account", account.Value);
        commit.Session.Execute("DELETE FROM mail_choices WHERE account = @account", account.Value);
    }

    public static HashSet<string> UnwantedBy(SqlSession session, AccountId account) =>
        Kinds(session.One(SelectUnwanted, row => row.GetString(0), account.Value) ?? "");

    public static HashSet<string> Kinds(string unwanted) =>
        unwanted.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
