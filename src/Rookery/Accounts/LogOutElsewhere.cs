namespace Rookery.Accounts;

/// <summary>Ends all sessions of an account but the caller's own.</summary>
internal sealed class LogOutElsewhere(IAccountStore store)
{
    /// <param name="authToken">The caller's.</param>
    public Task HandleAsync(AccountId account, string authToken, CancellationToken token) =>
        store.EndSessionsAsync(
            account,
            TokenHash.TryOf(authToken, out var own) ? own : null,
            token
        );
}
