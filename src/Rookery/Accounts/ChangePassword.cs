namespace Rookery.Accounts;

/// <param name="AuthToken">The caller's own; its session goes on, all others end.</param>
internal sealed record ChangePasswordRequest(
    AccountId Account,
    string AuthToken,
    string? Password,
    string? NewPassword
)
{
    /// <summary>Never the passwords or the token: records are printed into logs.</summary>
    public override string ToString() => $"password change of {Account}";
}

/// <summary>Sets another password for who knows the current one, and ends every session but the caller's.</summary>
internal sealed class ChangePassword(
    IAccountStore store,
    PasswordRules rules,
    PasswordCheck check,
    PasswordWork passwords
)
{
    public async Task<Result<Done>> HandleAsync(
        ChangePasswordRequest request,
        CancellationToken token
    )
    {
        var known = await check.HandleAsync(request.Account, request.Password, token);
        if (!known.Succeeded)
        {
            return known.Problem;
        }

        if (rules.CheckFor(known.Value, request.NewPassword, "new_password") is { } wrong)
        {
            return wrong;
        }

        var changed = await store.SetPasswordAsync(
            request.Account,
            await passwords.HashAsync(request.NewPassword!, token),
            known.Value.PasswordHash,
            TokenHash.TryOf(request.AuthToken, out var own) ? own : null,
            token
        );
        return changed
            ? Done.Instance
            : Problem.Conflict(
                "password",
                "The password was changed by another request meanwhile; send the one that it is now."
            );
    }
}
