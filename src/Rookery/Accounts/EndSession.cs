namespace Rookery.Accounts;

/// <summary>Ends one of the caller's sessions, by the name that <see cref="ListSessions"/> gave it. From the answer on, no request with its token is let in.</summary>
internal sealed class EndSession(IAccountStore store)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId account,
        string name,
        CancellationToken token
    )
    {
        if (!TokenHash.TryRead(name, out var session))
        {
            return Problem.Invalid(
                "session",
                "session must be the name of one of your sessions, as the list of them has it."
            );
        }

        // One that has ended meanwhile is as it should be.
        await store.EndSessionAsync(account, session, token);
        return Done.Instance;
    }
}
