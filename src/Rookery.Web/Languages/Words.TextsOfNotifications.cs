namespace Rookery.Web.Languages;

/// <summary>What members are told, as the others.</summary>
public sealed partial class Words
{
    public string Notifications => Text();
    public string Unread => Text();
    public string NothingHappened => Text();

    /// <param name="shown">In the place of the number, which may be more than is told.</param>
    public string NewNotifications(long count, string shown) => Filled(Form(count), "count", shown);

    /// <inheritdoc cref="NewNotifications"/>
    public string UnreadNotifications(long count, string shown) =>
        Filled(Form(count), "count", shown);

    public string MarkAllRead => Text();
    public string ClearNotifications => Text();
    public string Dismiss => Text();
    public string New => Text();

    public string AndOthers(long count) => Count(count);

    public string ToldFollow(long count) => Form(count);

    public string ToldMention => Text();
    public string ToldReply => Text();

    public string ToldRepost(long count) => Form(count);

    public string ToldLike(long count) => Form(count);

    public string ToldStatus => Text();
    public string ToldFollowRequest => Text();
    public string ToldReport => Text();
    public string ToldModeration => Text();
    public string TellMe => Text();
    public string TellMeWhen => Text();
    public string TellFollow => Text();
    public string TellMention => Text();
    public string TellReply => Text();
    public string TellRepost => Text();
    public string TellLike => Text();
    public string TellStatus => Text();
    public string TellFollowRequest => Text();
    public string TellReport => Text();
    public string ChoiceKept => Text();
    public string FollowRequests => Text();
    public string FollowRequestsExplained => Text();

    public string FollowRequestsWait(long count) => Count(count);

    public string NotificationsByMail => Text();
    public string MailedOnceConfirmed => Text();
    public string MailedWhat => Text();
    public string MailedText => Text();
    public string MailedEnded => Text();
    public string MailMeWhen => Text();
    public string MailedNever => Text();
    public string MailedInDigest => Text();
    public string MailedNow => Text();
    public string MailedHours => Text();
    public string ClocksOf => Text();
    public string ClocksUnchosen => Text();
    public string DigestComes => Text();
    public string DigestDaily => Text();

    public string DigestOn(string day) => Fill("day", day);

    public string DigestAt => Text();
    public string QuietHoursText => Text();
    public string QuietFrom => Text();
    public string QuietTo => Text();
    public string Weekdays => Text();
}
