using System.Net;

namespace Rookery.Accounts;

internal sealed record ChangeEmailRequest(AccountId Account, string? Email, string? Password)
{
    /// <summary>Where it comes from; null where nobody knows.</summary>
    public IPAddress? From { get; init; }

    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"change of address of {Account}";
}

/// <summary>Gives an account another address, for who knows the password. It is the account's once it is confirmed.</summary>
internal sealed class ChangeEmail(IEmailStore store, PasswordCheck check, AccountLimits limits)
{
    public async Task<Result<Done>> HandleAsync(ChangeEmailRequest request, CancellationToken token)
    {
        var email = EmailAddress.Parse(request.Email, "email");
        if (!email.Succeeded)
        {
            return email.Problem;
        }

        var known = await check.HandleAsync(request.Account, request.Password, token);
        if (!known.Succeeded)
        {
            return known.Problem;
        }

        // A mail to whomever one names: it counts as any other that one asks for.
        return await limits.RefuseMailAsync(request.Account, request.From, token) is { } tooMany
                ? tooMany
            : await limits.RefuseMailToAsync(email.Value.Folded, token) is { } refused ? refused
            : await store.ChangeAsync(
                request.Account,
                email.Value,
                known.Value.PasswordHash,
                token
            );
    }
}
