using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>
/// Has a mail sent with which a new password can be set. For whoever asks it is the same whether somebody has that name or address: the same is written to the same place, and whose it is
/// is found out when the mail is written.
/// </summary>
internal sealed class AskNewPassword(IMails mails, AccountLimits limits)
{
    public const string Field = "username";

    /// <param name="asked">A username or an e-mail address.</param>
    /// <param name="language">Of who asks; empty where it is not known.</param>
    public async Task<Result<Done>> HandleAsync(
        string? asked,
        string language,
        CancellationToken token
    )
    {
        var name = Fold(asked);
        if (!name.Succeeded)
        {
            return name.Problem;
        }

        if (await limits.RefuseMailToAsync(name.Value, token) is { } refused)
        {
            return refused;
        }

        await mails.OrderAsync(AccountMails.PasswordAskedFor(name.Value, language), token);
        return Done.Instance;
    }

    private static Result<string> Fold(string? asked)
    {
        var text = asked?.Trim() ?? "";
        if (text.Contains('@', StringComparison.Ordinal))
        {
            var email = EmailAddress.Parse(text, Field);
            return email.Succeeded ? email.Value.Folded : email.Problem;
        }

        return Handle.Standing(text) is { } handle
            ? handle.Folded
            : Problem.Invalid(
                Field,
                "This is neither a username nor an e-mail address; give the one with which you log in, or one like ana@example.org."
            );
    }
}
