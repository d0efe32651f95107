namespace Rookery.Web.Languages;

/// <summary>The texts around addresses and mails; what mails say themselves is elsewhere.</summary>
public sealed partial class Words
{
    public string ForgottenPassword => Text();
    public string ForgottenText => Text();
    public string UsernameOrEmail => Text();
    public string SendMail => Text();
    public string NewPasswordSent => Text();
    public string ChooseNewPassword => Text();
    public string PasswordSet => Text();
    public string ConfirmEmail => Text();
    public string Confirm => Text();
    public string EmailConfirmed => Text();
    public string EndMails => Text();
    public string EndMailsText => Text();
    public string EndThem => Text();
    public string MailsEnded => Text();
    public string EmailAndMails => Text();
    public string NoEmailYet => Text();
    public string IsConfirmed => Text();
    public string IsNotConfirmed => Text();
    public string LookIntoMailbox => Text();
    public string SendConfirmationAgain => Text();
    public string ConfirmationSent => Text();
    public string NewEmail => Text();
    public string NewEmailHint => Text();
    public string ChangeEmail => Text();
    public string Mails => Text();
    public string MailsText => Text();
    public string TellOfLogIns => Text();
    public string MailsChosen => Text();
    public string MailQueue => Text();
    public string MailNoServer => Text();
    public string MailNoneWaits => Text();

    public string NewPasswordFor(string username) => Fill("username", username);

    // An address may have braces, which are no places.
    public string ConfirmEmailText(string email, string username) =>
        Fill("username", username, "email", email);

    public string PendingEmail(string email) => Fill("email", email);

    public string MailWaiting(long count) => Count(count);

    public string MailGivenUp(long count) => Count(count);

    public string MailWaitsSince(string moment) => Fill("moment", moment);
}
