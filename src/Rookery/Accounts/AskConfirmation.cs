using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>Sends once more the mail that asks for a confirmation of the account's address; an address that is not confirmed can be another one by then.</summary>
internal sealed class AskConfirmation(IEmailStore store, IMails mails, AccountLimits limits)
{
    /// <param name="email">In the place of the one that is not confirmed; null: as it is.</param>
    public async Task<Result<Done>> HandleAsync(
        AccountId account,
        string? email,
        CancellationToken token
    )
    {
        var wanted = email is null
            ? (Result<EmailAddress>?)null
            : EmailAddress.Parse(email, "email");
        if (wanted is { Succeeded: false, Problem: { } wrong })
        {
            return wrong;
        }

        var now = await store.FindAsync(account, token);
        var to = wanted?.Value.Shown ?? now?.ToConfirm ?? "";
        if (now is { IsConfirmed: true } && (wanted is not null || to.Length == 0))
        {
            return AccountMails.IsConfirmed;
        }

        if (to.Length == 0)
        {
            return Problem.Invalid(
                "email",
                "The account has no e-mail address; give one like ana@example.org."
            );
        }

        if (await limits.RefuseMailToAsync(to.ToLowerInvariant(), token) is { } refused)
        {
            return refused;
        }

        if (wanted is { } another && another.Value.Shown != now?.Email)
        {
            return await store.ChangeAsync(account, another.Value, null, token);
        }

        await mails.OrderAsync(AccountMails.Confirmation(account), token);
        return Done.Instance;
    }
}
