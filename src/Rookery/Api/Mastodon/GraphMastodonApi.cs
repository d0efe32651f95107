using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>Who follows whom, and what stands between the caller and others.</summary>
internal sealed class GraphMastodonApi(
    Callers callers,
    SiteAddress address,
    IGraph graph,
    IAccounts accounts,
    ListMembers list,
    FollowAccount follow,
    UnfollowAccount unfollow,
    DecideRequest decide,
    RingBell bell,
    AnswerRelationship answer
)
{
    private const int DefaultLimit = 40;
    private const int MaxLimit = 80;

    /// <summary>As many as a page of followers has, and room.</summary>
    private const int MostRelationships = 200;

    private const string Notify = "notify";

    private static readonly string[] _kept = ["limit"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<GraphMastodonApi>(routes.ServiceProvider);
        api.MapList(routes, "followers", "Who follows an account", id => new FollowersOf(id));
        api.MapList(routes, "following", "Whom an account follows", id => new FolloweesOf(id));
        MapAct(
            routes,
            "follow",
            "Follow an account, or ask whether one may where it is locked; or be told of its posts from now on, or no longer",
            api.FollowAsync,
            new FieldDoc(
                Notify,
                FieldType.Flag,
                FieldPlace.Body,
                "Whether to be told of each of its posts; as it is when not given.",
                false
            )
        );
        MapAct(
            routes,
            "unfollow",
            "No longer follow an account, or take back that one has asked",
            api.UnfollowAsync
        );
        MapAct(
            routes,
            "remove_from_followers",
            "An account no longer follows the caller",
            api.RemoveFollowerAsync
        );
        routes.MapMastodon(
            "GET",
            "/api/v1/accounts/relationships",
            api.RelationshipsAsync,
            new RouteDoc("What stands between the caller and others", AuthKind.Token)
            {
                Fields =
                [
                    SearchDoc.Lenient(
                        "id",
                        FieldType.Ids,
                        $"The others, as `id[]` for each; {MostRelationships} at most."
                    ) with
                    {
                        Max = MostRelationships,
                    },
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(
                        200,
                        "One for each of them that there is",
                        $"[{RelationshipEntity.Example}]"
                    ),
                ],
            }
        );
    }

    private static void MapAct(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        Handler act,
        params FieldDoc[] fields
    ) =>
        routes.MapMastodon(
            "POST",
            $"/api/v1/accounts/{{id}}/{name}",
            act,
            new RouteDoc(summary, AuthKind.Token)
            {
                Fields =
                [
                    new("id", FieldType.Id, FieldPlace.Path, "Whom."),
                    .. fields,
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(200, "What stands between the two then", RelationshipEntity.Example),
                    new(403, "It is the caller, or one of the two blocks the other"),
                    new(404, "There is no such account"),
                ],
            }
        );

    private void MapList(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        Func<AccountId, MemberList> of
    ) =>
        routes.MapMastodon(
            "GET",
            $"/api/v1/accounts/{{id}}/{name}",
            context => ListAsync(context, of),
            new RouteDoc(summary, AuthKind.OptionalToken)
            {
                Fields =
                [
                    new("id", FieldType.Id, FieldPlace.Path, "Of whom."),
                    .. MastodonRoutes.PageFields(DefaultLimit, MaxLimit),
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(
                        200,
                        "Accounts by descending id; the Link header says where the list goes on",
                        $"[{SearchDoc.Account}]"
                    ),
                    new(404, "There is no such account"),
                ],
            }
        );

    private async Task<Problem?> ListAsync(HttpContext context, Func<AccountId, MemberList> of)
    {
        var sent = RequestFields.OfQuery(context);
        var fields = new LenientFields(sent);
        var caller = await callers.OptionalAsync(context, fields);
        var account = sent.PathAccount("id");
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var page = fields.Page(DefaultLimit, MaxLimit);
        var token = context.RequestAborted;
        var members = await list.HandleAsync(of(account), page, "id", token);
        if (!members.Succeeded)
        {
            return members.Problem;
        }

        var ids = members.Value.Accounts;
        if (ids.Count > 0)
        {
            // Upwards, what is below the page is where the reader came from.
            AccountId? older = ids.Count == page.Count || page.FromBelow ? ids[^1] : null;
            PageLinks.Say<AccountId>(context, _kept, older, ids[0]);
        }

        var cards = await accounts.CardsAsync(ids.ToArray(), token);
        var here = MastodonSite.Of(address, context.Request);
        return await context.AnswerValueAsync(
            200,
            cards.OrderByDescending(card => card.Id),
            (json, all) => AccountEntity.WriteMany(json, all, here)
        );
    }

    private async Task<Problem?> RelationshipsAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        var others = new LenientFields(sent).Accounts("id", MostRelationships);
        var unknown = others.Count == 0 ? [] : await accounts.UnknownAsync(others.ToArray(), token);
        var known = others.Except(unknown).ToArray();
        var relations =
            known.Length == 0 ? [] : await graph.RelationshipsAsync(caller.Value, known, token);
        var rung = await bell.RungAsync(caller.Value, relations, token);
        return await context.AnswerValueAsync(
            200,
            relations,
            (json, all) =>
                json.WriteObjects(all, (into, one) => RelationshipEntity.Write(into, one, rung))
        );
    }

    private async Task<Problem?> FollowAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var other = fields.PathAccount("id");
        var notify = fields.OptionalFlag(Notify);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        if (caller.Value == other)
        {
            return Problem.Forbidden("Nobody can follow themselves; name another account.");
        }

        var token = context.RequestAborted;
        var done = await follow.HandleAsync(caller.Value, other, token);
        if (done.Succeeded && notify is { } wanted)
        {
            done = wanted
                ? await bell.HandleAsync(caller.Value, other, token)
                : await bell.UndoAsync(caller.Value, other, token);
        }

        return await AnswerAsync(context, caller.Value, other, done);
    }

    private async Task<Problem?> UnfollowAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var other = fields.PathAccount("id");
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        return caller.Value == other
            ? Problem.Forbidden("Nobody can unfollow themselves; name another account.")
            : await AnswerAsync(
                context,
                caller.Value,
                other,
                await unfollow.HandleAsync(caller.Value, other, context.RequestAborted)
            );
    }

    private async Task<Problem?> RemoveFollowerAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var other = fields.PathAccount("id");
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        return caller.Value == other
            ? Problem.Forbidden("Nobody follows themselves; name another account.")
            : await AnswerAsync(
                context,
                caller.Value,
                other,
                await decide.RemoveFollowerAsync(caller.Value, other, context.RequestAborted)
            );
    }

    private Task<Problem?> AnswerAsync(
        HttpContext context,
        AccountId caller,
        AccountId other,
        Result<Done> done
    ) => answer.HandleAsync(context, caller, other, done, "id");
}
