namespace Rookery.Notifications;

/// <summary>Where a kind is told to who has chosen nothing.</summary>
internal static class NotificationDefaults
{
    /// <summary>
    /// A kind that is new here comes in the digest: what many do at once, and what asks for no answer, is in no mail that nobody asked for. At once comes what its reader wants at once.
    /// </summary>
    public static bool IsOn(NotificationKind kind, NotificationChannel channel) =>
        channel switch
        {
            NotificationChannel.App => true,
            // What moderators do and are told stays on the site, which asks whether its reader is one.
            NotificationChannel.Digest => kind
                is not (
                    NotificationKind.Like
                    or NotificationKind.Repost
                    or NotificationKind.Moderation
                    or NotificationKind.Report
                ),
            _ => false,
        };
}
