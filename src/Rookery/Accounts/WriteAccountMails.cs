using System.Globalization;
using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>
/// Writes the mails that accounts get about themselves. To an address that nobody has confirmed nothing goes but what somebody there may have asked for, and nothing in it that its sender
/// could have chosen but a username.
/// </summary>
internal sealed class WriteAccountMails(
    IEmailStore store,
    IAccountStore accounts,
    TimeProvider time
) : IMailWriter
{
    /// <summary>Accounts with one address that a mail names.</summary>
    private const int MostAccounts = 5;

    private const string Settings = "/settings";

    public IReadOnlyList<string> Kinds { get; } =
    [
        AccountMails.Confirm,
        AccountMails.NewPassword,
        AccountMails.OfPassword,
        AccountMails.OfRequest,
        AccountMails.OfEmail,
        AccountMails.OfLogIn,
    ];

    public async ValueTask<WrittenMail?> WriteAsync(DueMail mail, CancellationToken token)
    {
        if (mail.Kind == AccountMails.NewPassword)
        {
            return await NewPasswordAsync(mail, token);
        }

        if (await store.FindAsync(mail.Account, token) is not { } owner)
        {
            return null;
        }

        return mail.Kind switch
        {
            AccountMails.Confirm => await ConfirmAsync(owner, token),
            AccountMails.OfRequest => Notice(owner, mail, "EmailAsked", mail[AccountMails.To]),
            AccountMails.OfEmail => Notice(owner, mail, "EmailChanged", mail[AccountMails.To]),
            _ when !owner.IsConfirmed => null,
            AccountMails.OfPassword => Notice(owner, mail, "PasswordChanged", owner.Email),
            _ => LogIn(owner, mail),
        };
    }

    private async ValueTask<WrittenMail?> ConfirmAsync(AccountEmail owner, CancellationToken token)
    {
        if (owner.ToConfirm.Length == 0)
        {
            return null;
        }

        var words = MailWords.Of(owner.Language);
        var link = await LinkAsync(
            LinkKind.Confirm,
            owner.Account,
            owner.ToConfirm,
            AccountMails.ConfirmLasts,
            token
        );
        return new WrittenMail(
            owner.ToConfirm,
            owner.Username,
            words,
            words.Text("ConfirmSubject"),
            [words.Text("ConfirmText", ("username", owner.Username))],
            [new MailAction(words.Text("ConfirmAction"), ConfirmEmail.Path + link)],
            [words.Text("ConfirmOtherwise")]
        );
    }

    private async ValueTask<WrittenMail?> NewPasswordAsync(DueMail mail, CancellationToken token)
    {
        var owners = await AskedForAsync(mail[AccountMails.Asked], token);
        if (owners.Count == 0)
        {
            return null;
        }

        var words = MailWords.Of(
            mail[AccountMails.Language] is { Length: > 0 } asked ? asked : owners[0].Language
        );
        var actions = new List<MailAction>();
        foreach (var owner in owners)
        {
            var link = await LinkAsync(
                LinkKind.Password,
                owner.Account,
                owner.Email,
                AccountMails.NewPasswordLasts,
                token
            );
            actions.Add(
                new MailAction(
                    words.Text("NewPasswordAction", ("username", owner.Username)),
                    ResetPassword.Path + link
                )
            );
        }

        return new WrittenMail(
            owners[0].Email,
            owners[0].Username,
            words,
            words.Text("NewPasswordSubject"),
            [words.Text("NewPasswordText")],
            actions,
            [words.Text("NewPasswordOtherwise")]
        );
    }

    /// <summary>Those with one address, however it is written: one mail names them all.</summary>
    private async ValueTask<IReadOnlyList<AccountEmail>> AskedForAsync(
        string asked,
        CancellationToken token
    )
    {
        if (asked.Contains('@', StringComparison.Ordinal))
        {
            return await store.FindAsync(asked, MostAccounts, token);
        }

        var known = await accounts.ResolveAsync([asked], token);
        return
            known.TryGetValue(asked, out var account)
            && await store.FindAsync(account, token) is { } owner
            ? [owner]
            : [];
    }

    private static WrittenMail LogIn(AccountEmail owner, DueMail mail)
    {
        var words = MailWords.Of(owner.Language);
        var device = mail[AccountMails.Device] is { Length: > 0 } known
            ? known
            : words.Text("UnknownDevice");
        return Notice(owner, mail, "LogIn", owner.Email, ("device", device)) with
        {
            MayBeUnwanted = true,
        };
    }

    private static WrittenMail Notice(
        AccountEmail owner,
        DueMail mail,
        string about,
        string address,
        params IReadOnlyList<(string, string)> more
    )
    {
        var words = MailWords.Of(owner.Language);
        (string, string)[] values =
        [
            ("username", owner.Username),
            ("moment", MomentOf(mail)),
            ("email", mail[AccountMails.New]),
            .. more,
        ];
        return new WrittenMail(
            address,
            owner.DisplayName,
            words,
            words.Text($"{about}Subject"),
            [words.Text($"{about}Text", values)],
            [new MailAction(words.Text("SettingsAction"), Settings)],
            [words.Text($"{about}Otherwise")]
        );
    }

    private static string MomentOf(DueMail mail) =>
        mail.QueuedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private async Task<string> LinkAsync(
        LinkKind kind,
        AccountId account,
        string email,
        TimeSpan lasts,
        CancellationToken token
    )
    {
        var link = AuthToken.Draw();
        await store.AddLinkAsync(
            new NewLink(link.Hash, kind, account, email, time.GetUtcNow() + lasts),
            token
        );
        return link.Text;
    }
}
