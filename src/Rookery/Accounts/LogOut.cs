namespace Rookery.Accounts;

/// <summary>Ends the session of one token. From the answer on, no request with it is let in.</summary>
internal sealed class LogOut(IAccountStore store)
{
    /// <summary>False where the token was none, or had ended before.</summary>
    public Task<bool> HandleAsync(string authToken, CancellationToken token) =>
        TokenHash.TryOf(authToken, out var session)
            ? store.EndSessionAsync(session, token)
            : Task.FromResult(false);
}
