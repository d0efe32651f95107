using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Rookery.Notifications.Push;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Rookery.Web.Settings;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

/// <summary>Where a member gets pushes, and how that goes.</summary>
/// <param name="Device">What it was subscribed with; empty where that is not known.</param>
/// <param name="Service">The host of its push service.</param>
/// <param name="Alerts">Of what it is told.</param>
public sealed record PushLine(
    string Id,
    string Device,
    string Service,
    DateTimeOffset MadeAt,
    IReadOnlySet<string> Alerts,
    DateTimeOffset? SentAt,
    DateTimeOffset? FailedAt,
    string Failure,
    int Waiting
);

/// <param name="Key">What a browser subscribes with.</param>
/// <param name="Here">That of this browser; null where it has none.</param>
public sealed record PushModel(
    Frame Frame,
    string Key,
    PushLine? Here,
    IReadOnlyList<PushLine> Elsewhere
);

/// <summary>Pushes to this browser, which its script subscribes to, and to a member's other devices.</summary>
internal sealed class PushPages(
    Pages pages,
    SiteRoutes site,
    KeepSubscriptions keep,
    VapidKeys keys
)
{
    public const string Root = SettingsPages.Root + "/push";

    private const string Subscription = "subscription";

    /// <summary>Each with what the box says.</summary>
    public static IReadOnlyList<(string Alert, Func<Words, string> Said)> Boxes { get; } =
    [
        ("follow", say => say.TellFollow),
        ("follow_request", say => say.TellFollowRequest),
        ("mention", say => say.TellMention),
        ("reblog", say => say.TellRepost),
        ("favourite", say => say.TellLike),
        ("status", say => say.TellStatus),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "Where a member gets pushes", ShowAsync, Visiting.Members);
        site.Form(routes, Root, "Choose of what this browser is told", ChooseAsync);
        site.Form(routes, $"{Root}/test", "Have a test sent to this browser", TestAsync);
        site.Form(routes, $"{Root}/remove", "Get no more pushes on a device", RemoveAsync);
    }

    private static string Done(string what) => $"{Root}?done={what}";

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var all = await keep.OfAsync(visit.Member.Id, visit.Gone);
        var here = await keep.OfTokenAsync(visit.Session, visit.Gone);
        var key = (await keys.GetAsync(visit.Gone)).PublicKey;
        return await pages.ShowAsync<PushPage>(
            visit,
            new PushModel(
                pages.FrameOf(visit, visit.Say.Pushes) with
                {
                    Place = "settings",
                    Script = SiteFiles.All.PushScript,
                    Notice = visit.Text("done") switch
                    {
                        "chosen" => visit.Say.ChoiceKept,
                        "test" => visit.Say.PushTestAsked,
                        "removed" => visit.Say.PushRemoved,
                        _ => null,
                    },
                },
                key,
                here.Succeeded ? LineOf(here.Value) : null,
                [.. all.Where(one => !here.Succeeded || one.Id != here.Value.Id).Select(LineOf)]
            )
        );
    }

    private async Task<Problem?> ChooseAsync(Visit visit)
    {
        var here = await keep.OfTokenAsync(visit.Session, visit.Gone);
        if (!here.Succeeded)
        {
            return here.Problem;
        }

        // What has no box here stays as some program has chosen it.
        var alerts = here.Value.Wishes.Alerts.Except(Boxes.Select(box => box.Alert)).ToHashSet();
        alerts.UnionWith(
            Boxes.Select(box => box.Alert).Where(alert => visit.Fields.Flag(alert)).ToList()
        );
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var changed = await keep.WishAsync(
            visit.Session,
            here.Value.Wishes with
            {
                Alerts = alerts,
            },
            visit.Gone
        );
        return changed.Succeeded ? visit.SeeOther(Done("chosen")) : changed.Problem;
    }

    private async Task<Problem?> TestAsync(Visit visit)
    {
        var asked = await keep.TestAsync(visit.Session, visit.Gone);
        return asked.Succeeded ? visit.SeeOther(Done("test")) : asked.Problem;
    }

    private async Task<Problem?> RemoveAsync(Visit visit)
    {
        var id = visit.Fields.OptionalPost(Subscription);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (id is { } named)
        {
            await keep.EndAsync(visit.Member.Id, new PushSubscriptionId(named.Value), visit.Gone);
        }

        return visit.SeeOther(Done("removed"));
    }

    private static PushLine LineOf(PushSubscription one) =>
        new(
            one.Id.Value.ToString(CultureInfo.InvariantCulture),
            one.Device,
            new Uri(one.Receiver.Endpoint).Host,
            one.MadeAt,
            one.Wishes.Alerts,
            one.Delivery.SentAt,
            one.Delivery.FailedAt,
            one.Delivery.Failure,
            one.Delivery.Waiting
        );
}
