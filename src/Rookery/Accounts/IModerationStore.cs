namespace Rookery.Accounts;

/// <summary>Whether an account is suspended, as of its row's version: of two that are told, the larger version counts.</summary>
/// <param name="IsNew">It was otherwise before.</param>
public readonly record struct Standing(bool IsSuspended, long Version, bool IsNew);

/// <summary>An account as moderators see it, suspended or not.</summary>
public sealed record ModeratedAccount(
    AccountId Id,
    string Username,
    string DisplayName,
    AccountState State,
    AccountRole Role,
    DateTimeOffset CreatedAt
);

/// <summary>
/// The truth of what moderators decide, and of who they are.
/// <para>Durability: a decision, its <see cref="Act"/> and its event are one transaction; who may not decide it is refused in the same.</para>
/// <para>Idempotence: what is already so changes nothing, emits nothing and is no act.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IModerationStore
{
    /// <summary>
    /// Suspends the account and ends its sessions. NotFound where it is not there; Forbidden where who decides is no moderator, is the account itself, or has no
    /// higher role than it.
    /// </summary>
    Task<Result<Standing>> SuspendAsync(
        AccountId account,
        Decision decision,
        CancellationToken token
    );

    /// <summary>The same the other way.</summary>
    Task<Result<Standing>> RestoreAsync(
        AccountId account,
        Decision decision,
        CancellationToken token
    );

    /// <summary>Answers false where it was the account's role before; NotFound where the account is not active.</summary>
    Task<Result<bool>> GiveRoleAsync(
        AccountId account,
        AccountRole role,
        Decision decision,
        CancellationToken token
    );

    /// <summary>
    /// Writes down what is decided about nobody's account and no report, before it is done. Forbidden where who decides has a lower role than <paramref name="least"/>.
    /// </summary>
    Task<Result<Done>> RecordAsync(
        ActKind kind,
        AccountRole least,
        Decision decision,
        string detail,
        CancellationToken token
    );

    /// <summary>Member for an account that is not active.</summary>
    ValueTask<AccountRole> RoleAsync(AccountId account, CancellationToken token);

    /// <summary>The active accounts that have a role, by id.</summary>
    ValueTask<IReadOnlyList<ModeratedAccount>> ModeratorsAsync(CancellationToken token);

    /// <summary>Those of the accounts that are not deleted.</summary>
    ValueTask<IReadOnlyList<ModeratedAccount>> AccountsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    );

    /// <summary>The account with this folded username, if it is not deleted.</summary>
    ValueTask<ModeratedAccount?> AccountAsync(string foldedUsername, CancellationToken token);

    /// <summary>Acts below <paramref name="below"/>, the newest first.</summary>
    /// <param name="about">Only those about this account; null: all.</param>
    ValueTask<IReadOnlyList<Act>> ActsAsync(
        AccountId? about,
        ActId below,
        int limit,
        CancellationToken token
    );
}
