namespace Rookery.Accounts;

/// <summary>An account to be made by its owner; everything that needs no transaction was checked.</summary>
public sealed record NewAccount(
    Handle Handle,
    DisplayName DisplayName,
    EmailAddress Email,
    string PasswordHash,
    TokenHash Session
)
{
    /// <summary>Of its mails; empty where it is not known.</summary>
    public string Language { get; init; } = "";

    /// <summary>It is asked for a confirmation of its address, by mail.</summary>
    public bool IsMailed { get; init; }
}

/// <summary>What an account logs in with; <paramref name="PasswordHash"/> is empty where none was set.</summary>
public sealed record Credentials(
    AccountId Account,
    string Username,
    string Email,
    string PasswordHash
)
{
    /// <summary>Who knows the password is told so, and is let in no further.</summary>
    public bool IsSuspended { get; init; }
}

/// <summary>An open session. <paramref name="UsedAt"/> is when its use was last noted; null where that is not known.</summary>
public sealed record StoredSession(
    AccountId Account,
    DateTimeOffset OpenedAt,
    DateTimeOffset? UsedAt
);

/// <summary>One of an account's sessions, by what it is kept under.</summary>
public readonly record struct HeldSession(TokenHash Hash, StoredSession Session);

/// <summary>An account as operators see it.</summary>
public sealed record AccountRow(
    AccountId Id,
    string Username,
    string DisplayName,
    string Email,
    AccountState State,
    bool HasPassword,
    DateTimeOffset CreatedAt
);

/// <summary>
/// The truth of accounts and their sessions.
/// <para>Durability: what a write answered is on the disk, together with its event. A write that fails leaves nothing behind.</para>
/// <para>Uniqueness: no two accounts have handles with the same skeleton, also not with those of deleted accounts.</para>
/// <para>Idempotence: ending what has ended and deleting what is deleted change nothing and emit nothing.</para>
/// <para>Sessions: only active accounts have any; whatever ends one emits <see cref="SessionsEnded"/> or <see cref="AccountDeleted"/>.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// Reads of many are one round trip each and leave out what is not there; they show active accounts only unless said.
/// </summary>
public interface IAccountStore : IAccountCards, IProfilePictures
{
    /// <summary>Sessions of one account: no more, lest every log-in of a program leaves a row for a year.</summary>
    const int MaxSessions = 100;

    /// <summary>Makes the account and its first session. Conflict where the handle is taken or looks like one that is.</summary>
    Task<Result<AccountId>> SignUpAsync(NewAccount account, CancellationToken token);

    /// <summary>Makes an account without password and e-mail; its handle is derived from the name and is free.</summary>
    Task<AccountCard> CreateAsync(DisplayName name, CancellationToken token);

    /// <summary>
    /// The accounts that have these handles, made where there are none, in one commit and in their order; null where the handle is that of an account
    /// that is gone. A new one whose handle looks like another's gets a number behind it, the same one whenever it is imported again.
    /// </summary>
    Task<IReadOnlyList<AccountId?>> ImportAsync(
        IReadOnlyList<ImportedAccount> accounts,
        CancellationToken token
    );

    /// <summary>
    /// Opens a session if the account is active and its password hash still is <see cref="Credentials.PasswordHash"/>, so that no session
    /// begins with a password that was changed meanwhile; <paramref name="renewedHash"/> then replaces the hash. Beyond
    /// <see cref="MaxSessions"/> the account's oldest end. Its owner is told by mail, where that arrives and is wanted.
    /// </summary>
    /// <param name="device">What logged in, for that mail.</param>
    Task<bool> OpenSessionAsync(
        Credentials credentials,
        TokenHash session,
        string? renewedHash,
        CancellationToken token,
        string device = ""
    );

    /// <summary>False where there was no such session.</summary>
    Task<bool> EndSessionAsync(TokenHash session, CancellationToken token);

    /// <summary>False where the account has no such session; another's is left alone.</summary>
    Task<bool> EndSessionAsync(AccountId account, TokenHash session, CancellationToken token);

    /// <summary>Ends all sessions of the account but <paramref name="keep"/>.</summary>
    Task EndSessionsAsync(AccountId account, TokenHash? keep, CancellationToken token);

    /// <summary>
    /// Sets the password, ends all sessions but <paramref name="keep"/>, all links that set one, and what is asked for of another address; its owner is told by mail, where
    /// that arrives. False where the account is not active or, if
    /// <paramref name="expectedHash"/> is given, its password is another by now.
    /// </summary>
    Task<bool> SetPasswordAsync(
        AccountId account,
        string newHash,
        string? expectedHash,
        TokenHash? keep,
        CancellationToken token
    );

    /// <summary>
    /// Changes what is not null. NotFound where the account is not active; Unavailable where new pictures are held no longer, by the clock of
    /// <see cref="IProfilePictures.ShownAsync"/>; Conflict where one of them was shown before. What others take the place of is told of in <see cref="AccountPicturesLeft"/>,
    /// and that it is locked, or no longer, in <see cref="AccountLocked"/> and <see cref="AccountUnlocked"/>, behind <see cref="ProfileChanged"/>.
    /// </summary>
    Task<Result<AccountCard>> EditProfileAsync(
        AccountId account,
        DisplayName? displayName,
        Bio? bio,
        bool? isIndexable,
        CancellationToken token,
        ProfilePictures? pictures = null,
        bool? isLocked = null
    );

    /// <summary>
    /// Makes the account a tombstone: everything personal is erased, its sessions and counters are gone, its username stays taken. False
    /// where it was one before; NotFound where there never was such an account.
    /// </summary>
    Task<Result<bool>> DeleteAsync(AccountId account, CancellationToken token);

    /// <summary>Also of a suspended account.</summary>
    ValueTask<Credentials?> CredentialsAsync(string foldedUsername, CancellationToken token);

    ValueTask<Credentials?> CredentialsAsync(AccountId account, CancellationToken token);

    /// <summary>The session, whether or not it is too old.</summary>
    ValueTask<StoredSession?> SessionAsync(TokenHash session, CancellationToken token);

    /// <summary>The account's sessions, the newest first, whether or not they are too old.</summary>
    ValueTask<IReadOnlyList<HeldSession>> SessionsOfAsync(
        AccountId account,
        CancellationToken token
    );

    /// <summary>Notes that the session is used now.</summary>
    Task NoteUseAsync(TokenHash session, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> sessions that are too old or were not used for too long; answers how many.</summary>
    Task<int> PruneSessionsAsync(
        DateTimeOffset openedBefore,
        DateTimeOffset usedBefore,
        int limit,
        CancellationToken token
    );

    ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    );

    /// <summary>Cards in ascending order, strictly above <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
        AccountId after,
        int limit,
        CancellationToken token
    );

    /// <summary>Accounts in any state, in ascending order, strictly above <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<AccountRow>> ListAsync(
        AccountId after,
        int limit,
        CancellationToken token
    );
}
