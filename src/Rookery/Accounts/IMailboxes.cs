namespace Rookery.Accounts;

/// <summary>Where an account is reached: an address that somebody has confirmed who reads the mail there.</summary>
/// <param name="Name">What its owner is called.</param>
/// <param name="Language">Of its mails; empty where it is not known.</param>
public sealed record Mailbox(string Address, string Name, string Language);

/// <summary>
/// The door of mailboxes: who orders mails for an account asks it where that gets them.
/// A fault of the store is a <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IMailboxes
{
    /// <summary>Null for an account that is not active, or whose address nobody has confirmed.</summary>
    ValueTask<Mailbox?> FindAsync(AccountId account, CancellationToken token);
}
