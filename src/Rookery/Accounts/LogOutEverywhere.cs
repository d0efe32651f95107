namespace Rookery.Accounts;

/// <summary>Ends all sessions of an account, the caller's own among them.</summary>
internal sealed class LogOutEverywhere(IAccountStore store)
{
    public Task HandleAsync(AccountId account, CancellationToken token) =>
        store.EndSessionsAsync(account, keep: null, token);
}
