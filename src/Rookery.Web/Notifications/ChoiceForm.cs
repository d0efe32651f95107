using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Notifications;
using Rookery.Web.Languages;
using Rookery.Web.Settings;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

/// <summary>Of what a member wants to be told.</summary>
internal sealed class ChoiceForm(
    SiteRoutes site,
    ChooseNotifications choose,
    ReadModeration moderation
)
{
    /// <summary>Each with its box's name, and what the box says. What moderators did to a member is told always.</summary>
    public static IReadOnlyList<(
        NotificationKind Kind,
        string Name,
        Func<Words, string> Said
    )> Boxes { get; } =
    [
        (NotificationKind.Follow, "follow", say => say.TellFollow),
        (NotificationKind.FollowRequest, "follow_request", say => say.TellFollowRequest),
        (NotificationKind.Mention, "mention", say => say.TellMention),
        (NotificationKind.Reply, "reply", say => say.TellReply),
        (NotificationKind.Repost, "repost", say => say.TellRepost),
        (NotificationKind.Like, "like", say => say.TellLike),
        (NotificationKind.Status, "status", say => say.TellStatus),
    ];

    /// <summary>With that for moderators, for who is one.</summary>
    public static IEnumerable<(
        NotificationKind Kind,
        string Name,
        Func<Words, string> Said
    )> BoxesOf(AccountRole role) =>
        role >= AccountRole.Moderator
            ? Boxes.Append((NotificationKind.Report, "report", say => say.TellReport))
            : Boxes;

    public void Map(IEndpointRouteBuilder routes) =>
        site.Form(
            routes,
            $"{SettingsPages.Root}/notifications",
            "Choose of what to be told",
            ChooseAsync
        );

    private async Task<Problem?> ChooseAsync(Visit visit)
    {
        var shown = BoxesOf(await moderation.RoleAsync(visit.Member.Id, visit.Gone)).ToList();
        var unwanted = shown.Where(box => !visit.Fields.Flag(box.Name)).Select(box => box.Kind);
        var wanted = Enum.GetValues<NotificationKind>().Except(unwanted).ToHashSet();
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        await choose.HandleAsync(visit.Member.Id, NotificationChannel.App, wanted, visit.Gone);
        return visit.SeeOther(SettingsPages.Done("notifications"));
    }
}
