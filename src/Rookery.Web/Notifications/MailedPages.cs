using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Notifications;
using Rookery.Web.Layout;
using Rookery.Web.Settings;
using Rookery.Web.Visits;

namespace Rookery.Web.Notifications;

/// <summary>Whether one kind comes by mail.</summary>
/// <param name="Name">Of its field.</param>
/// <param name="When">One of the values that the field takes.</param>
public sealed record MailedLine(string Name, string Said, string When);

/// <summary>When a member wants to be told of something, as it is or as it was just sent.</summary>
/// <param name="Day">0 to 6 from Sunday on; null: every day.</param>
public sealed record HoursLine(string Zone, string From, string To, int? Day, int Hour);

/// <summary>What a member is told by mail.</summary>
/// <param name="IsReached">The address is confirmed.</param>
/// <param name="EndedByMail">A link in a mail ended what was chosen here.</param>
public sealed record MailedModel(
    Frame Frame,
    IReadOnlyList<MailedLine> Lines,
    bool IsReached,
    bool EndedByMail,
    HoursLine Hours,
    IReadOnlyList<string> Zones,
    Problem? Problem = null
);

/// <summary>Of what a member is told by mail, and when.</summary>
internal sealed class MailedPages(
    Pages pages,
    SiteRoutes site,
    ChooseNotificationMails choose,
    KeepHours hours,
    IMailboxes mailboxes
)
{
    public const string Root = SettingsPages.Root + "/notifications";

    /// <summary>The values of a kind's field.</summary>
    public const string Never = "never";
    public const string Digest = "digest";
    public const string Now = "now";

    /// <summary>The value for every day, where a digest has a day of the week.</summary>
    public const string EveryDay = "daily";

    private const string From = "quiet_from";

    /// <summary>Those that have a place, as people know them, and the clocks of nobody.</summary>
    private static readonly IReadOnlyList<string> _zones =
    [
        .. TimeZoneInfo
            .GetSystemTimeZones()
            .Select(zone => zone.Id)
            .Where(id => id.Contains('/') && !id.StartsWith("Etc/", StringComparison.Ordinal))
            .Append("UTC")
            .Order(StringComparer.Ordinal),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            Root,
            "Of what a member is told by mail, and when",
            ShowAsync,
            Visiting.Members
        );
        site.Form(routes, Root + "/mails", "Choose of what to be told by mail", ChooseAsync);
        site.Form(
            routes,
            Root + "/hours",
            "Choose when digests come, and when nothing does",
            KeepAsync
        );
    }

    private async Task<Problem?> ShowAsync(Visit visit)
    {
        var model = await ModelAsync(visit, await hours.ReadAsync(visit.Member.Id, visit.Gone));
        return await pages.ShowAsync<MailedPage>(
            visit,
            model with
            {
                Frame = model.Frame with
                {
                    Notice = visit.Text("done").Length > 0 ? visit.Say.MailsChosen : null,
                },
            }
        );
    }

    private async Task<Problem?> ChooseAsync(Visit visit)
    {
        var wanted = new Dictionary<NotificationKind, MailedWhen>();
        foreach (var (kind, name, _) in ChoiceForm.Boxes)
        {
            switch (visit.Text(name))
            {
                case Never:
                    wanted[kind] = MailedWhen.Never;
                    break;
                case Digest:
                    wanted[kind] = MailedWhen.InDigest;
                    break;
                case Now:
                    wanted[kind] = MailedWhen.AtOnce;
                    break;
                case "":
                    break;
                default:
                    return Problem.Invalid(
                        name,
                        $"{name} must be never, digest or now: whether such things come by mail."
                    );
            }
        }

        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        await choose.HandleAsync(visit.Member.Id, wanted, visit.Gone);
        return visit.SeeOther(Root + "?done=mails");
    }

    private async Task<Problem?> KeepAsync(Visit visit)
    {
        var zone = visit.Text(KeepHours.Zone);
        var (from, to) = (visit.Text(From), visit.Text(KeepHours.QuietTo));
        var day = visit.Text("digest_day");
        var hour = visit.Fields.Number("digest_hour", 0, 23, ReaderHours.Unchosen.DigestHour);
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var read = Read(zone, from, to, day, hour);
        var kept = read.Succeeded
            ? await hours.HandleAsync(visit.Member.Id, read.Value, visit.Gone)
            : read.Problem;
        if (kept.Succeeded)
        {
            return visit.SeeOther(Root + "?done=hours");
        }

        var model = await ModelAsync(visit, ReaderHours.Unchosen);
        return await pages.ShowAsync<MailedPage>(
            visit,
            model with
            {
                Hours = new HoursLine(
                    zone,
                    from,
                    to,
                    read.Succeeded ? (int?)read.Value.DigestDay : null,
                    hour
                ),
                Problem = kept.Problem,
            },
            ProblemResponses.StatusOf(kept.Problem.Kind)
        );
    }

    /// <summary>Quiet hours have both ends or none.</summary>
    private static Result<ReaderHours> Read(
        string zone,
        string from,
        string to,
        string day,
        int hour
    )
    {
        DayOfWeek? weekday = null;
        if (day is not ("" or EveryDay))
        {
            if (day is not [>= '0' and <= '6'])
            {
                return Problem.Invalid(
                    "digest_day",
                    "digest_day must be daily, or 0 for Sunday to 6 for Saturday."
                );
            }

            weekday = (DayOfWeek)(day[0] - '0');
        }

        if (from.Length + to.Length == 0)
        {
            return new ReaderHours(zone, default, default, weekday, hour);
        }

        return TimeOf(from) is not { } begin ? NoTime(From)
            : TimeOf(to) is not { } end ? NoTime(KeepHours.QuietTo)
            : new ReaderHours(zone, begin, end, weekday, hour);
    }

    private static TimeOnly? TimeOf(string text) =>
        TimeOnly.TryParseExact(
            text,
            ["HH:mm", "HH:mm:ss"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? new TimeOnly(time.Hour, time.Minute)
            : null;

    private static Problem NoTime(string field) =>
        Problem.Invalid(field, "This is no time of a day; give one like 22:00, or leave both out.");

    private async ValueTask<MailedModel> ModelAsync(Visit visit, ReaderHours kept)
    {
        var member = visit.Member.Id;
        var mailed = await choose.ReadAsync(member, visit.Gone);
        return new MailedModel(
            pages.FrameOf(visit, visit.Say.NotificationsByMail) with
            {
                Place = "settings",
                Here = Root,
            },
            [
                .. ChoiceForm.Boxes.Select(box => new MailedLine(
                    box.Name,
                    box.Said(visit.Say),
                    mailed.When[box.Kind] switch
                    {
                        MailedWhen.AtOnce => Now,
                        MailedWhen.InDigest => Digest,
                        _ => Never,
                    }
                )),
            ],
            await mailboxes.FindAsync(member, visit.Gone) is not null,
            mailed.EndedByMail,
            new HoursLine(
                kept.Zone,
                kept.Quiet == QuietHours.None ? "" : Text(kept.QuietFrom),
                kept.Quiet == QuietHours.None ? "" : Text(kept.QuietTo),
                (int?)kept.DigestDay,
                kept.DigestHour
            ),
            _zones
        );
    }

    private static string Text(TimeOnly time) =>
        time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
