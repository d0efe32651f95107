using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Notifications;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Settings;

/// <summary>A session of the member's.</summary>
/// <param name="Name">Names it in the form that ends it.</param>
public sealed record SessionLine(
    string Name,
    DateTimeOffset OpenedAt,
    DateTimeOffset? UsedAt,
    bool IsThis
);

/// <summary>A member's settings, as they are or as they were just sent. No password is shown again.</summary>
/// <param name="Form">Which of the forms <paramref name="Problem"/> is about.</param>
public sealed record SettingsModel(
    Frame Frame,
    string Name,
    string Bio,
    bool IsIndexable,
    IReadOnlyList<SessionLine> Sessions,
    string Form = "",
    Problem? Problem = null
)
{
    /// <summary>What the member's posts have where nothing else is said.</summary>
    public required PostingDefaults Posting { get; init; }

    /// <summary>The pages of moderators are linked.</summary>
    public bool IsModerator => Role >= AccountRole.Moderator;

    /// <summary>So is how the server is.</summary>
    public bool IsAdmin => Role >= AccountRole.Admin;

    public AccountRole Role { get; init; }

    /// <summary>Who wants to follow the member has to ask.</summary>
    public required bool IsLocked { get; init; }

    /// <summary>Of what the member is told.</summary>
    public required IReadOnlySet<NotificationKind> Told { get; init; }

    /// <summary>Otherwise this process has no place for their files.</summary>
    public required bool TakesPictures { get; init; }

    public Problem? Of(string form) => Form == form ? Problem : null;
}

/// <summary>What a member may change of the own account.</summary>
internal sealed class SettingsPages(
    Pages pages,
    SiteRoutes site,
    ChangeProfile change,
    ReadPostingDefaults readPosting,
    ChangePostingDefaults changePosting,
    ChangePassword changePassword,
    ListSessions listSessions,
    ReadModeration moderation,
    ChooseNotifications choose,
    DeleteAccount delete
)
{
    public const string Root = "/settings";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(routes, Root, "A member's settings", ShowAsync, Visiting.Members);
        site.Form(
            routes,
            Root + "/profile",
            "Change what others see",
            EditAsync,
            read: ReadProfileAsync
        );
        site.Form(
            routes,
            Root + "/posting",
            "Change what one's posts have where nothing else is said",
            ChangePostingAsync
        );
        site.Form(
            routes,
            Root + "/password",
            "Change the password; all other sessions end",
            ChangePasswordAsync,
            limit: RouteLimit.Passwords
        );
        site.Form(
            routes,
            Root + "/delete",
            "Delete the account with all that hangs on it",
            DeleteAsync,
            limit: RouteLimit.Passwords
        );
    }

    /// <summary>The page, which says that this was done.</summary>
    public static string Done(string what) => $"{Root}?done={what}";

    private async Task<Problem?> ShowAsync(Visit visit) =>
        await pages.ShowAsync<SettingsPage>(
            visit,
            await ModelAsync(visit) with
            {
                Frame = FrameOf(visit) with
                {
                    Notice = visit.Text("done") switch
                    {
                        "profile" => visit.Say.ProfileChanged,
                        "posting" => visit.Say.PostingChanged,
                        "password" => visit.Say.PasswordChanged,
                        "session" => visit.Say.SessionEnded,
                        "others" => visit.Say.OthersEnded,
                        "notifications" => visit.Say.ChoiceKept,
                        _ => null,
                    },
                },
            }
        );

    /// <summary>The box in which a member says that a picture is to be removed.</summary>
    public static string Removal(string picture) => $"remove_{picture}";

    /// <summary>Files are received for members alone, and kept no longer than the visit.</summary>
    private async Task<Result<Visit>> ReadProfileAsync(Visit visit)
    {
        var context = visit.Context;
        if (
            visit.Me is not { } member
            || !change.TakesPictures
            || !ChangeProfile.IsMultipart(context.Request)
        )
        {
            return visit with { Fields = await RequestFields.ReadAsync(context) };
        }

        var opened = change.Open(context, member.Id);
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        context.Response.RegisterForDisposeAsync(opened.Value);
        var sent = await change.ReadAsync(context, opened.Value);
        return sent.Succeeded
            ? visit with
            {
                Fields = sent.Value,
                Files = opened.Value,
            }
            : sent.Problem;
    }

    private static PictureEdit? RemovalOf(Visit visit, string picture) =>
        visit.Fields.Flag(Removal(picture)) ? PictureEdit.Remove : null;

    private async Task<Problem?> EditAsync(Visit visit)
    {
        var wanted = new ProfileEdit(
            visit.Member.Id,
            visit.Text("name"),
            visit.Text("bio"),
            visit.Fields.Flag("indexable")
        )
        {
            IsLocked = visit.Fields.Flag("locked"),
            Avatar = RemovalOf(visit, ChangeProfile.Avatar),
            Header = RemovalOf(visit, ChangeProfile.Header),
        };
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var edited = await change.HandleAsync(
            wanted,
            visit.Files,
            isEmptyNothing: true,
            visit.Gone
        );
        return edited.Succeeded
            ? visit.SeeOther(Done("profile"))
            : await AgainAsync(
                visit,
                await ModelAsync(visit) with
                {
                    Name = wanted.DisplayName!,
                    Bio = wanted.Bio!,
                    IsIndexable = wanted.IsIndexable == true,
                    IsLocked = wanted.IsLocked == true,
                },
                "profile",
                edited.Problem
            );
    }

    private async Task<Problem?> ChangePostingAsync(Visit visit)
    {
        var visibility = visit.Fields.OptionalVisibility();
        var isSensitive = visit.Fields.Flag("sensitive");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var changed = await changePosting.HandleAsync(
            visit.Member.Id,
            visibility,
            isSensitive,
            "visibility",
            visit.Gone
        );
        return changed.Succeeded ? visit.SeeOther(Done("posting")) : changed.Problem;
    }

    private async Task<Problem?> ChangePasswordAsync(Visit visit)
    {
        var request = new ChangePasswordRequest(
            visit.Member.Id,
            visit.Session,
            visit.Text("password"),
            visit.Text("new_password")
        );
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var changed = await changePassword.HandleAsync(request, visit.Gone);
        return changed.Succeeded
            ? visit.SeeOther(Done("password"))
            : await AgainAsync(visit, await ModelAsync(visit), "password", changed.Problem);
    }

    private async Task<Problem?> DeleteAsync(Visit visit)
    {
        var password = visit.Text("password");
        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        var deleted = await delete.HandleAsync(visit.Member.Id, password, visit.Gone);
        if (!deleted.Succeeded)
        {
            return await AgainAsync(visit, await ModelAsync(visit), "delete", deleted.Problem);
        }

        Cookies.EndSession(visit.Context);
        return visit.SeeOther("/");
    }

    private Task<Problem?> AgainAsync(
        Visit visit,
        SettingsModel model,
        string form,
        Problem problem
    ) =>
        pages.ShowAsync<SettingsPage>(
            visit,
            model with
            {
                Form = form,
                Problem = problem,
            },
            ProblemResponses.StatusOf(problem.Kind)
        );

    private async ValueTask<SettingsModel> ModelAsync(Visit visit) =>
        new(
            FrameOf(visit),
            visit.Member.DisplayName,
            visit.Member.Bio,
            visit.Member.IsIndexable,
            [
                .. (
                    await listSessions.HandleAsync(visit.Member.Id, visit.Session, visit.Gone)
                ).Select(one => new SessionLine(one.Name, one.OpenedAt, one.UsedAt, one.IsCallers)),
            ]
        )
        {
            IsLocked = visit.Member.IsLocked,
            Role = await moderation.RoleAsync(visit.Member.Id, visit.Gone),
            Told = await choose.ReadAsync(visit.Member.Id, NotificationChannel.App, visit.Gone),
            TakesPictures = change.TakesPictures,
            Posting = await readPosting.HandleAsync(visit.Member.Id, visit.Gone),
        };

    private Frame FrameOf(Visit visit) =>
        pages.FrameOf(visit, visit.Say.Settings) with
        {
            Place = "settings",
            Here = Root,
        };
}
