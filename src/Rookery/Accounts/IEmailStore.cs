namespace Rookery.Accounts;

/// <summary>Where an account is reached.</summary>
/// <param name="Email">Empty where none was given.</param>
/// <param name="IsConfirmed">Somebody who reads the mail that arrives there has said that it is this account's.</param>
/// <param name="Pending">Takes its place when that is so of it; empty where none is to.</param>
/// <param name="Language">Of its mails; empty where it is not known.</param>
public sealed record AccountEmail(
    AccountId Account,
    string Username,
    string DisplayName,
    string Email,
    bool IsConfirmed,
    string Pending,
    string Language
)
{
    /// <summary>The address that a confirmation is asked for; empty where there is none.</summary>
    public string ToConfirm =>
        Pending.Length > 0 ? Pending
        : IsConfirmed ? ""
        : Email;
}

/// <summary>What a link in a mail does; stands on the disk.</summary>
public enum LinkKind
{
    Confirm = 0,
    Password = 1,
}

/// <summary>A link that is mailed to <paramref name="Email"/>: it does its work once.</summary>
public sealed record NewLink(
    TokenHash Hash,
    LinkKind Kind,
    AccountId Account,
    string Email,
    DateTimeOffset Until
);

/// <summary>A link that still does its work.</summary>
public sealed record OpenLink(AccountId Account, string Username, string Email);

/// <summary>
/// The truth of where accounts are reached.
/// <para>Durability: what a write answered is on the disk, together with the orders of the mails that tell of it. A write that fails leaves nothing behind.</para>
/// <para>Links: each works once, until its time is over, and only while the address that it was mailed to is still the account's, or about to be.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// It knows active accounts only.
/// </summary>
public interface IEmailStore
{
    /// <summary>
    /// Links of one kind that an account has: a mail that is sent twice has two, and both work. More than others can ask for while one lasts, by the name and by the address (four times
    /// <see cref="AccountsOptions.MailsPerHourAndMailbox"/>), or they would end the owner's.
    /// </summary>
    const int MaxLinks = 25;

    /// <summary>Null also for an account without an address.</summary>
    ValueTask<AccountEmail?> FindAsync(AccountId account, CancellationToken token);

    /// <summary>The accounts that have this address, in whatever case: first those that have confirmed it, for anybody can sign up with it; each by id.</summary>
    ValueTask<IReadOnlyList<AccountEmail>> FindAsync(
        string foldedEmail,
        int limit,
        CancellationToken token
    );

    /// <summary>
    /// One that is confirmed stays until the new one is, and its reader is told; one that is not is replaced. A confirmation of the new one is asked for. Conflict where the
    /// password is not <paramref name="expectedHash"/> any more. Without that only what is not confirmed can be changed: Forbidden.
    /// </summary>
    Task<Result<Done>> ChangeAsync(
        AccountId account,
        EmailAddress email,
        string? expectedHash,
        CancellationToken token
    );

    /// <summary>Beyond <see cref="MaxLinks"/> of its kind the account's oldest ends.</summary>
    Task AddLinkAsync(NewLink link, CancellationToken token);

    /// <summary>Null where it is none that still does its work. Whether it does when it is used is decided then.</summary>
    ValueTask<OpenLink?> LinkAsync(
        TokenHash hash,
        LinkKind kind,
        DateTimeOffset now,
        CancellationToken token
    );

    /// <summary>Confirms the address that the link was mailed to, and ends all links that do. Whoever read mail at the one before is told.</summary>
    Task<Result<AccountId>> ConfirmAsync(TokenHash link, CancellationToken token);

    /// <summary>
    /// Sets the password, ends all sessions and all links that set one, and confirms the address; tells its reader. Invalid where the link does not work any more.
    /// </summary>
    Task<Result<AccountId>> SetPasswordAsync(
        TokenHash link,
        string newHash,
        CancellationToken token
    );

    /// <summary>From now on its mails are in this language.</summary>
    Task SpeakAsync(AccountId account, string language, CancellationToken token);

    /// <summary>Removes up to <paramref name="limit"/> links whose time is over.</summary>
    Task<int> PruneLinksAsync(DateTimeOffset endedBefore, int limit, CancellationToken token);
}
