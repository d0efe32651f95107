using Microsoft.AspNetCore.Routing;
using Rookery.Api;
using Rookery.Notifications;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

/// <param name="Said">How many there are, in words; empty where there is none.</param>
public sealed record CountedModel(Frame Frame, string Said);

/// <summary>
/// The link to the notifications as it is now, and in words how many are unread, or how many have come since a page of them was made: what the script takes into its page when something has come.
/// </summary>
internal sealed class CountTold(
    Pages pages,
    SiteRoutes site,
    ReadNotifications read,
    CountUnread unread
)
{
    public void Map(IEndpointRouteBuilder routes) =>
        site.Page(
            routes,
            $"{NotificationPages.Root}/new",
            "How many notifications are unread, or have come since one",
            AnswerAsync,
            Visiting.Members
        );

    private async Task<Problem?> AnswerAsync(Visit visit)
    {
        var since = visit.Fields.OptionalPost("since_id");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var (say, member) = (visit.Say, visit.Member.Id);
        var said = since is { } last
            ? Said(await CountSinceAsync(visit, last), say.NewNotifications)
            : Said(await unread.HandleAsync(member), say.UnreadNotifications);
        return await pages.ShowAsync<CountedPart>(
            visit,
            new CountedModel(pages.FrameOf(visit, say.Notifications), said)
        );
    }

    private ValueTask<int> CountSinceAsync(Visit visit, PostId since) =>
        read.CountSinceAsync(
            visit.Member.Id,
            NotificationFilter.All,
            new NotificationId(since.Value),
            CountUnread.Most + 1,
            visit.Gone
        );

    private static string Said(int count, Func<long, string, string> words) =>
        count == 0 ? "" : words(count, CountUnread.Shown(count));
}
