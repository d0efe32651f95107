namespace Rookery.Accounts;

/// <summary>
/// Told that an account is gone, before the deletion is answered: from then on nothing of the account may show. Must be idempotent; what takes
/// long is left to the consumer of <see cref="AccountDeleted"/>, which also makes up for a crash before this was called.
/// </summary>
public interface IAccountClosing
{
    Task CloseAsync(AccountId account, CancellationToken token);
}
