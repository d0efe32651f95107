namespace Rookery.Accounts;

internal sealed record ResetPasswordRequest(string Link, string? NewPassword)
{
    /// <summary>Neither the link nor the password: records are printed into logs.</summary>
    public override string ToString() => "new password by a link";
}

/// <summary>Sets a password for whoever has the link that was mailed, and ends all sessions of the account.</summary>
internal sealed class ResetPassword(
    IEmailStore store,
    IAccountStore accounts,
    PasswordRules rules,
    PasswordWork passwords,
    TimeProvider time
)
{
    /// <summary>The path of the page, before what is in the link.</summary>
    public const string Path = "/new-password/";

    public static Problem Ended => AccountMails.LinkEnded;

    /// <summary>Whose password the link would set; null where it does not work any more.</summary>
    public async ValueTask<OpenLink?> FindAsync(string link, CancellationToken token) =>
        TokenHash.TryOf(link, out var hash)
            ? await store.LinkAsync(hash, LinkKind.Password, time.GetUtcNow(), token)
            : null;

    public async Task<Result<AccountId>> HandleAsync(
        ResetPasswordRequest request,
        CancellationToken token
    )
    {
        if (
            !TokenHash.TryOf(request.Link, out var hash)
            || await FindAsync(request.Link, token) is not { } link
            || await accounts.CredentialsAsync(link.Account, token) is not { } credentials
        )
        {
            return Ended;
        }

        return rules.CheckFor(credentials, request.NewPassword, "new_password") is { } wrong
            ? wrong
            : await store.SetPasswordAsync(
                hash,
                await passwords.HashAsync(request.NewPassword!, token),
                token
            );
    }
}
