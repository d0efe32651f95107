using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to accounts' addresses, and to the links that were mailed to them, inside a commit.</summary>
internal static class SqlEmailWrites
{
    private const string SelectOne =
        $"SELECT {SqlEmailStore.Columns} FROM accounts WHERE id = @id AND state = 0";

    private const string SelectHash =
        "SELECT 1 FROM accounts WHERE id = @id AND password_hash = @expected";

    private const string UpdateEmail = """
        UPDATE accounts SET email = @email, email_folded = @folded, email_confirmed = @confirmed, pending_email = '' WHERE id = @id
        """;

    private const string UpdatePending =
        "UPDATE accounts SET pending_email = @email WHERE id = @id";

    private const string UpdateConfirmed = "UPDATE accounts SET email_confirmed = 1 WHERE id = @id";

    private const string SelectLink = """
        SELECT account, email FROM account_links WHERE hash = @hash AND kind = @kind AND expires_at > @now
        """;

    private const string InsertLink = """
        INSERT INTO account_links (hash, kind, account, email, made_at, expires_at)
        VALUES (@hash, @kind, @account, @email, @now, @until)
        """;

    private const string DeleteOldest = """
        DELETE FROM account_links WHERE account = @account AND kind = @kind AND hash NOT IN (
            SELECT hash FROM account_links WHERE account = @account AND kind = @kind ORDER BY made_at DESC, hash LIMIT @most)
        """;

    private const string DeleteLinks =
        "DELETE FROM account_links WHERE account = @account AND kind = @kind";

    private const string DeleteLinksElsewhere = """
        DELETE FROM account_links WHERE account = @account
            AND (kind = 1 OR email <> (SELECT email FROM accounts WHERE id = @account))
        """;

    private const string ReplaceHash =
        "UPDATE accounts SET password_hash = @hash WHERE id = @id AND state = 0";

    public static Result<Done> Change(
        CommitContext commit,
        AccountId account,
        EmailAddress email,
        string? expectedHash
    )
    {
        if (Find(commit.Session, account) is not { } now)
        {
            return Problem.NoAccount(account, "user_id");
        }

        if (
            expectedHash is not null
            && commit.Session.Number(SelectHash, 0, account.Value, expectedHash) == 0
        )
        {
            return Problem.Conflict(
                "password",
                "The password was changed by another request meanwhile; send the one that it is now."
            );
        }

        if (now.IsConfirmed && expectedHash is null)
        {
            return AccountMails.IsConfirmed;
        }

        if (now.IsConfirmed && email.Shown == now.Email)
        {
            // As it was: what was asked for before is so no longer.
            commit.Session.Execute(UpdatePending, "", account.Value);
            return Done.Instance;
        }

        if (now.IsConfirmed)
        {
            commit.Session.Execute(UpdatePending, email.Shown, account.Value);
            SqlMailWrites.Order(commit, AccountMails.ChangeAsked(account, now.Email, email));
        }
        else
        {
            // Nobody has proved to be reached there, so nothing is lost with it.
            Replace(commit, account, email, isConfirmed: false);
        }

        SqlMailWrites.Order(commit, AccountMails.Confirmation(account));
        return Done.Instance;
    }

    /// <summary>Beyond <see cref="IEmailStore.MaxLinks"/> of a kind the account's oldest end.</summary>
    public static void AddLink(CommitContext commit, NewLink link)
    {
        commit.Session.Execute(
            DeleteOldest,
            link.Account.Value,
            (long)link.Kind,
            IEmailStore.MaxLinks - 1L
        );
        commit.Session.Execute(
            InsertLink,
            link.Hash.ToArray(),
            (long)link.Kind,
            link.Account.Value,
            link.Email,
            commit.Now,
            link.Until.ToUnixTimeMilliseconds()
        );
    }

    public static Result<AccountId> Confirm(CommitContext commit, TokenHash hash)
    {
        if (
            Link(commit, hash, LinkKind.Confirm) is not var (account, email)
            || Find(commit.Session, account) is not { } now
        )
        {
            return AccountMails.LinkEnded;
        }

        if (now.Pending == email)
        {
            Replace(commit, account, EmailAddress.Parse(email, "email").Value, isConfirmed: true);
            SqlMailWrites.Order(commit, AccountMails.Changed(account, now.Email, email));
        }
        else if (now.Email == email)
        {
            commit.Session.Execute(UpdateConfirmed, account.Value);
        }
        else
        {
            return AccountMails.LinkEnded;
        }

        commit.Session.Execute(DeleteLinks, account.Value, (long)LinkKind.Confirm);
        return account;
    }

    /// <summary>Whoever follows the link is reached at the address.</summary>
    public static Result<AccountId> SetPassword(
        CommitContext commit,
        TokenHash hash,
        string newHash
    )
    {
        if (
            Link(commit, hash, LinkKind.Password) is not var (account, email)
            || Find(commit.Session, account) is not { } now
            || now.Email != email
        )
        {
            return AccountMails.LinkEnded;
        }

        commit.Session.Execute(ReplaceHash, newHash, account.Value);
        commit.Session.Execute(UpdateConfirmed, account.Value);
        SqlAccountWrites.EndSessions(commit, account, keep: null);
        PasswordChanged(commit, account);
        return account;
    }

    /// <summary>
    /// Whoever knew the password before has no way in any more: neither a link, nor an address that is still to be confirmed. The owner is told.
    /// </summary>
    public static void PasswordChanged(CommitContext commit, AccountId account)
    {
        commit.Session.Execute(DeleteLinksElsewhere, account.Value);
        commit.Session.Execute(UpdatePending, "", account.Value);
        if (Find(commit.Session, account) is { IsConfirmed: true })
        {
            SqlMailWrites.Order(commit, AccountMails.PasswordChanged(account));
        }
    }

    /// <summary>Tells the owner of a log-in, where mail is known to arrive and such is wanted.</summary>
    public static void LoggedIn(
        CommitContext commit,
        AccountId account,
        TokenHash session,
        string device
    )
    {
        if (Find(commit.Session, account) is { IsConfirmed: true })
        {
            SqlMailWrites.OrderIfWanted(
                commit,
                AccountMails.LogIn(account, session, device),
                AccountMails.MostLogInsPerHour
            );
        }
    }

    public static void Forget(CommitContext commit, AccountId account)
    {
        commit.Session.Execute("DELETE FROM account_links WHERE account = @account", account.Value);
        SqlMailWrites.Forget(commit, account);
    }

    private static AccountEmail? Find(SqlSession session, AccountId account) =>
        session.One(SelectOne, SqlEmailStore.Read, account.Value);

    private static void Replace(
        CommitContext commit,
        AccountId account,
        EmailAddress email,
        bool isConfirmed
    ) =>
        commit.Session.Execute(
            UpdateEmail,
            email.Shown,
            email.Folded,
            isConfirmed ? 1L : 0L,
            account.Value
        );

    private static Tuple<AccountId, string>? Link(
        CommitContext commit,
        TokenHash hash,
        LinkKind kind
    ) =>
        commit.Session.One(
            SelectLink,
            row => Tuple.Create(new AccountId(row.GetInt64(0)), row.GetString(1)),
            hash.ToArray(),
            (long)kind,
            commit.Now
        );
}
