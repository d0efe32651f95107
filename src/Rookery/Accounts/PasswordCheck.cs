namespace Rookery.Accounts;

/// <summary>Asks for the password of an account that is logged in already, before what cannot be taken back.</summary>
internal sealed class PasswordCheck(IAccountStore store, PasswordWork passwords)
{
    public async Task<Result<Credentials>> HandleAsync(
        AccountId account,
        string? password,
        CancellationToken token
    )
    {
        if (string.IsNullOrEmpty(password))
        {
            return Problem.Invalid("password", "The current password is missing.");
        }

        if (await store.CredentialsAsync(account, token) is not { } credentials)
        {
            return Problem.NoAccount(account, "user_id");
        }

        return await passwords.VerifyAsync(password, credentials, token)
            ? credentials
            : new Problem(
                ProblemKind.Forbidden,
                "This is not the current password of the account.",
                "password"
            );
    }
}
