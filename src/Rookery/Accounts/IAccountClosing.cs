namespace Rookery.Accounts;

/// <summary>
/// Told that an account is gone, before the deletion is answered: from then on nothing of the account may show. Must be idempotent; what takes
/// long is left to the consumer of <see cref="AccountDeleted"/>, which also makes up for a crash before this was called.
/// </summary>
public interface IAccountClosing
{
    Task CloseAsync(AccountId account, CancellationToken token);

    /// <summary>It tells another process that has posts of its own. Where nobody does, that process may believe nothing of an account that it cannot ask about.</summary>
    bool TellsAnotherProcess => false;
}
