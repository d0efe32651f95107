namespace Rookery.Accounts;

/// <summary>
/// Makes an account for a trusted backend or an operator: a display name is enough, the handle is derived from it. It has no password until
/// one is set, so nobody can log in to it.
/// </summary>
internal sealed class CreateAccount(IAccountStore store)
{
    public async Task<Result<AccountCard>> HandleAsync(string? name, CancellationToken token)
    {
        var displayName = DisplayName.Parse(name, "name");
        return displayName.Succeeded
            ? await store.CreateAsync(displayName.Value, token)
            : displayName.Problem;
    }
}
