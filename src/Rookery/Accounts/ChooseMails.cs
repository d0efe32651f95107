using Rookery.Mail;

namespace Rookery.Accounts;

/// <summary>Says which mails an account gets that it may be without, and in which language.</summary>
internal sealed class ChooseMails(IEmailStore store, IMails mails)
{
    public async Task HandleAsync(
        AccountId account,
        bool toldOfLogIns,
        string language,
        CancellationToken token
    )
    {
        await mails.WantAsync(account, AccountMails.OfLogIn, toldOfLogIns, token);
        await store.SpeakAsync(account, language, token);
    }
}
