namespace Rookery.Accounts;

/// <summary>Sets an account's password for an operator, and ends all its sessions.</summary>
internal sealed class SetPassword(IAccountStore store, PasswordRules rules, PasswordWork passwords)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId account,
        string? password,
        CancellationToken token
    )
    {
        if (await store.CredentialsAsync(account, token) is not { } credentials)
        {
            return Problem.NoAccount(account, "user_id");
        }

        if (rules.CheckFor(credentials, password, "password") is { } wrong)
        {
            return wrong;
        }

        var hash = await passwords.HashAsync(password!, token);
        return await store.SetPasswordAsync(account, hash, null, null, token)
            ? Done.Instance
            : Problem.NoAccount(account, "user_id");
    }
}
