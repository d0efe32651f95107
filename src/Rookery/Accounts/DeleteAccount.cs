namespace Rookery.Accounts;

/// <summary>
/// Deletes an account for good. The tombstone comes first and is the truth; then the other capabilities hide what is theirs, so that nothing of
/// the account shows after the answer. What hangs on it is removed behind the event.
/// </summary>
internal sealed class DeleteAccount(
    IAccountStore store,
    PasswordCheck check,
    IEnumerable<IAccountClosing> others
)
{
    private readonly IAccountClosing[] _others = [.. others];

    /// <summary>For the account's owner, who must know the password.</summary>
    public async Task<Result<Done>> HandleAsync(
        AccountId account,
        string? password,
        CancellationToken token
    )
    {
        var known = await check.HandleAsync(account, password, token);
        return known.Succeeded ? await HandleAsync(account, token) : known.Problem;
    }

    /// <summary>For trusted backends and operators. Deleting what is deleted is fine, and closes again what a crash left open.</summary>
    public async Task<Result<Done>> HandleAsync(AccountId account, CancellationToken token)
    {
        var deleted = await store.DeleteAsync(account, token);
        if (!deleted.Succeeded)
        {
            return deleted.Problem;
        }

        // The account is gone by now: a client that hangs up must not keep its posts on show.
        foreach (var other in _others)
        {
            await other.CloseAsync(account, CancellationToken.None);
        }

        return Done.Instance;
    }
}
