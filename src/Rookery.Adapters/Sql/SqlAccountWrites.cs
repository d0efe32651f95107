using Rookery.Accounts;
using Rookery.Moderation;

namespace Rookery.Adapters.Sql;

/// <summary>What happens to accounts inside a commit.</summary>
internal static class SqlAccountWrites
{
    private const string SelectTaken = "SELECT 1 FROM usernames WHERE skeleton = @skeleton";

    private const string InsertAccount = """
        INSERT INTO accounts (id, username, display_name, email, email_folded, bio, password_hash, language, state, version, created_at)
        VALUES (@id, @username, @display_name, @email, @email_folded, '', @password_hash, @language, 0, 1, @now)
        """;

    private const string InsertUsername =
        "INSERT INTO usernames (folded, skeleton, account) VALUES (@folded, @skeleton, @account)";

    private const string RenewHash = """
        UPDATE accounts SET password_hash = @renewed WHERE id = @id AND state = 0 AND password_hash = @expected
        """;

    private const string ReplaceHash =
        "UPDATE accounts SET password_hash = @hash WHERE id = @id AND state = 0";

    private const string DeleteToken = "DELETE FROM tokens WHERE hash = @hash RETURNING account";

    private const string DeleteTokenOf =
        "DELETE FROM tokens WHERE hash = @hash AND account = @account";

    private const string DeleteTokens = "DELETE FROM tokens WHERE account = @account";

    private const string DeleteOtherTokens =
        "DELETE FROM tokens WHERE account = @account AND hash <> @keep";

    private const string SelectCard = $"""
        SELECT {SqlAccountStore.CardColumns}
        FROM accounts a LEFT JOIN account_counts c ON c.account = a.id WHERE a.id = @id AND a.state = 0
        """;

    private const string UpdateProfile = """
        UPDATE accounts SET display_name = @display_name, bio = @bio, indexable = @indexable, locked = @locked, version = version + 1
        WHERE id = @id RETURNING version
        """;

    private const string Bury = """
        UPDATE accounts
        SET state = 2, username = '', display_name = '', email = '', bio = '', password_hash = '',
            email_folded = '', email_confirmed = 0, pending_email = '', language = '',
            avatar_medium = 0, avatar = '', header_medium = 0, header = '',
            default_visibility = 0, default_sensitive = 0, locked = 0, version = version + 1
        WHERE id = @id AND state <> 2
        """;

    private const string DeleteReportsBy =
        "DELETE FROM reports WHERE reporter = @account RETURNING id";

    private const string DeleteReportsAbout =
        "DELETE FROM reports WHERE account = @account RETURNING id";

    public static Result<AccountId> SignUp(CommitContext commit, NewAccount account)
    {
        if (IsTaken(commit.Session, account.Handle))
        {
            return Problem.Conflict(
                "username",
                $"The username {account.Handle} is taken, or looks like one that is; choose another."
            );
        }

        var id = Insert(
            commit,
            account.Handle,
            account.DisplayName,
            account.PasswordHash,
            account.Email,
            account.Language
        );
        commit.Emit(new AccountCreated(id));
        SqlSessionWrites.Add(commit, account.Session, id);
        if (account.IsMailed)
        {
            SqlMailWrites.Order(commit, AccountMails.Confirmation(id));
        }

        return id;
    }

    public static AccountCard Create(CommitContext commit, DisplayName name)
    {
        var handle = FreeHandle(commit.Session, Handle.Derive(name.Text));
        var id = Insert(commit, handle, name, passwordHash: "");
        commit.Emit(new AccountCreated(id));
        return commit.Session.One(SelectCard, SqlAccountStore.ReadCard, id.Value)!;
    }

    public static bool OpenSession(
        CommitContext commit,
        Credentials credentials,
        TokenHash session,
        string? renewedHash,
        string device
    )
    {
        var stands = commit.Session.Execute(
            RenewHash,
            renewedHash ?? credentials.PasswordHash,
            credentials.Account.Value,
            credentials.PasswordHash
        );
        if (stands == 0)
        {
            return false;
        }

        SqlSessionWrites.MakeRoom(commit, credentials.Account);
        SqlSessionWrites.Add(commit, session, credentials.Account);
        SqlEmailWrites.LoggedIn(commit, credentials.Account, session, device);
        return true;
    }

    public static bool EndSession(CommitContext commit, TokenHash session)
    {
        var account = commit.Session.Number(DeleteToken, 0, session.ToArray());
        if (account != 0)
        {
            commit.Emit(new SessionsEnded(new AccountId(account)));
        }

        return account != 0;
    }

    public static bool EndSession(CommitContext commit, AccountId account, TokenHash session)
    {
        var ended = commit.Session.Execute(DeleteTokenOf, session.ToArray(), account.Value) > 0;
        if (ended)
        {
            commit.Emit(new SessionsEnded(account));
        }

        return ended;
    }

    public static int EndSessions(CommitContext commit, AccountId account, TokenHash? keep)
    {
        var ended = keep is { } kept
            ? commit.Session.Execute(DeleteOtherTokens, account.Value, kept.ToArray())
            : commit.Session.Execute(DeleteTokens, account.Value);
        if (ended > 0)
        {
            commit.Emit(new SessionsEnded(account));
        }

        return ended;
    }

    public static bool SetPassword(
        CommitContext commit,
        AccountId account,
        string newHash,
        string? expectedHash,
        TokenHash? keep
    )
    {
        var changed = expectedHash is null
            ? commit.Session.Execute(ReplaceHash, newHash, account.Value)
            : commit.Session.Execute(RenewHash, newHash, account.Value, expectedHash);
        if (changed == 0)
        {
            return false;
        }

        EndSessions(commit, account, keep);
        SqlEmailWrites.PasswordChanged(commit, account);
        return true;
    }

    public static Result<AccountCard> EditProfile(
        CommitContext commit,
        AccountId account,
        DisplayName? displayName,
        Bio? bio,
        bool? isIndexable,
        ProfilePictures? pictures,
        bool? isLocked
    )
    {
        if (commit.Session.One(SelectCard, SqlAccountStore.ReadCard, account.Value) is not { } old)
        {
            return Problem.NoAccount(account, "user_id");
        }

        if (SqlProfilePictures.Refuse(commit, account, pictures) is { } refused)
        {
            return refused;
        }

        var edited = old with
        {
            DisplayName = displayName?.Text ?? old.DisplayName,
            Bio = bio?.Text ?? old.Bio,
            IsIndexable = isIndexable ?? old.IsIndexable,
            Avatar = pictures?.Avatar is { } avatar ? avatar.Blob : old.Avatar,
            Header = pictures?.Header is { } header ? header.Blob : old.Header,
            IsLocked = isLocked ?? old.IsLocked,
        };
        if (edited != old)
        {
            SqlProfilePictures.Keep(commit, account, pictures);
            var version = commit.Session.Number(
                UpdateProfile,
                0,
                edited.DisplayName,
                edited.Bio,
                edited.IsIndexable ? 1L : 0L,
                edited.IsLocked ? 1L : 0L,
                account.Value
            );
            commit.Emit(new ProfileChanged(account, version));
            if (edited.IsLocked != old.IsLocked)
            {
                commit.Emit(
                    edited.IsLocked ? new AccountLocked(account) : new AccountUnlocked(account)
                );
            }
        }

        return edited;
    }

    public static Result<bool> Delete(CommitContext commit, AccountId account)
    {
        var session = commit.Session;
        if (session.Execute(Bury, account.Value) == 0)
        {
            return session.Number("SELECT 1 FROM accounts WHERE id = @id", 0, account.Value) == 1
                ? false
                : Problem.NoAccount(account, "user_id");
        }

        session.Execute(DeleteTokens, account.Value);
        SqlEmailWrites.Forget(commit, account);
        session.Execute("DELETE FROM account_counts WHERE account = @account", account.Value);
        RemoveReports(commit, account);
        commit.Emit(new AccountDeleted(account));
        return true;
    }

    /// <summary>Those by it and those about it.</summary>
    private static void RemoveReports(CommitContext commit, AccountId account)
    {
        var removed = new[] { DeleteReportsBy, DeleteReportsAbout }.SelectMany(sql =>
            commit.Session.Many(sql, row => new ReportId(row.GetInt64(0)), account.Value)
        );
        foreach (var some in removed.Chunk(ReportsRemoved.MaxReports))
        {
            commit.Emit(new ReportsRemoved(some));
        }
    }

    internal static AccountId Insert(
        CommitContext commit,
        Handle handle,
        DisplayName name,
        string passwordHash,
        EmailAddress? email = null,
        string language = ""
    )
    {
        var id = commit.NextAccountId();
        var session = commit.Session;
        session.Execute(
            InsertAccount,
            id.Value,
            handle.Shown,
            name.Text,
            email?.Shown ?? "",
            email?.Folded ?? "",
            passwordHash,
            language,
            commit.Now
        );
        session.Execute(InsertUsername, handle.Folded, handle.Skeleton, id.Value);
        return id;
    }

    /// <summary>
    /// The handle, or the handle with a number behind it. Numbers are mostly taken without gaps, so doubling and halving finds the first free one;
    /// counting up would hold the commit thread for as long as there are people called Ali.
    /// </summary>
    private static Handle FreeHandle(SqlSession session, Handle wanted)
    {
        if (!IsTaken(session, wanted))
        {
            return wanted;
        }

        var (taken, free) = (1, 2);
        while (IsTaken(session, wanted.WithSuffix(free)))
        {
            (taken, free) = (free, free * 2);
        }

        while (free - taken > 1)
        {
            var middle = taken + ((free - taken) / 2);
            (taken, free) = IsTaken(session, wanted.WithSuffix(middle))
                ? (middle, free)
                : (taken, middle);
        }

        return wanted.WithSuffix(free);
    }

    // The same folded name has the same skeleton, so one look answers for both.
    internal static bool IsTaken(SqlSession session, Handle handle) =>
        session.Number(SelectTaken, 0, handle.Skeleton) == 1;
}
