using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Notifications;
using Rookery.Web.Visits;

namespace Rookery.Web.Profiles;

/// <summary>What is done to another account.</summary>
internal delegate Task<Result<Done>> RelationAct(Visit visit, AccountId other);

/// <summary>Following, being told, blocking and muting by forms.</summary>
internal sealed class RelationForms(
    SiteRoutes site,
    FindAccount find,
    FollowAccount follow,
    UnfollowAccount unfollow,
    DecideRequest decide,
    BlockAccount block,
    UnblockAccount unblock,
    MuteAccount mute,
    UnmuteAccount unmute,
    RingBell bell
)
{
    /// <summary>Seconds of a mute; without it, it is for good.</summary>
    public const string Duration = "duration";

    public void Map(IEndpointRouteBuilder routes)
    {
        MapAct("follow", "Follow an account, or ask whether one may", Plain(follow.HandleAsync));
        MapAct("unfollow", "No longer follow an account", Plain(unfollow.HandleAsync));
        MapAct("accept", "Let an account follow that has asked", Plain(decide.AcceptAsync));
        MapAct("reject", "Do not let an account follow", Plain(decide.RejectAsync));
        MapAct(
            "remove_follower",
            "An account no longer follows the member",
            Plain(decide.RemoveFollowerAsync)
        );
        MapAct("block", "Block an account", Plain(block.HandleAsync));
        MapAct("unblock", "No longer block an account", Plain(unblock.HandleAsync));
        MapAct("mute", "Mute an account, for a while or for good", MuteAsync);
        MapAct("unmute", "No longer mute an account", Plain(unmute.HandleAsync));
        MapAct("ring", "Be told of each post of an account", Plain(bell.HandleAsync));
        MapAct("unring", "No longer be told of an account's posts", Plain(bell.UndoAsync));

        void MapAct(string name, string summary, RelationAct act) =>
            site.Form(
                routes,
                $"{ProfilePages.Root}/{name}",
                summary,
                visit => ActAsync(visit, act)
            );
    }

    private static RelationAct Plain(
        Func<AccountId, AccountId, CancellationToken, Task<Result<Done>>> act
    ) => (visit, other) => act(visit.Member.Id, other, visit.Gone);

    private async Task<Result<Done>> MuteAsync(Visit visit, AccountId other)
    {
        var seconds = visit.Fields.Number(Duration, 0, (int)MuteAccount.LongestSeconds, 0);
        return visit.Fields.Problem is { } wrong
            ? wrong
            : await mute.HandleAsync(visit.Member.Id, other, seconds, visit.Gone);
    }

    private async Task<Problem?> ActAsync(Visit visit, RelationAct act)
    {
        var found = await find.ByUsernameAsync(
            visit.Fields.PathText("username"),
            "username",
            visit.Gone
        );
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var done = await act(visit, found.Value.Id);
        return done.Succeeded
            ? visit.SeeOther(visit.Back($"/@{found.Value.Username}"))
            : done.Problem;
    }
}
