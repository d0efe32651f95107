using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;

namespace Rookery.Api.Classic;

/// <summary>What one of the six acts between two accounts does.</summary>
internal delegate Task<Result<Done>> RelationAct(
    AccountId caller,
    AccountId other,
    CancellationToken token
);

/// <summary>Follows, blocks and mutes in the client API.</summary>
internal sealed class GraphClassicApi(
    Callers callers,
    IGraph graph,
    IAccounts accounts,
    ListMembers list
)
{
    private const int MaxRelationships = 200;

    private const string Relation =
        """{"user_id":"456","following":true,"followed_by":false,"requested":false,"requested_by":false,"blocking":false,"muting":false}""";

    private static readonly FieldDoc Other = new(
        "user_id",
        FieldType.Id,
        FieldPlace.Body,
        "The other account."
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<GraphClassicApi>(routes.ServiceProvider);
        api.MapActs(routes, routes.ServiceProvider);
        api.MapLists(routes);
    }

    private void MapActs(IEndpointRouteBuilder routes, IServiceProvider parts)
    {
        var follow = parts.GetRequiredService<FollowAccount>();
        var unfollow = parts.GetRequiredService<UnfollowAccount>();
        var block = parts.GetRequiredService<BlockAccount>();
        var unblock = parts.GetRequiredService<UnblockAccount>();
        var unmute = parts.GetRequiredService<UnmuteAccount>();
        var mute = parts.GetRequiredService<MuteAccount>();
        MapAct(
            routes,
            "follow",
            "Follow an account, or ask whether one may where it is locked",
            follow.HandleAsync
        );
        MapAct(
            routes,
            "unfollow",
            "No longer follow an account, or take back that one has asked",
            unfollow.HandleAsync
        );
        MapAct(routes, "block", "Block an account; both follows end", block.HandleAsync);
        MapAct(routes, "unblock", "No longer block an account", unblock.HandleAsync);
        MapAct(routes, "unmute", "See an account again", unmute.HandleAsync);
        routes.MapClassic(
            "POST",
            "mute",
            context => MuteAsync(context, mute),
            ClassicRoutes.Act(
                "Hide an account's posts on home and in search",
                Relation,
                Other,
                new FieldDoc(
                    "duration",
                    FieldType.Integer,
                    FieldPlace.Body,
                    "Seconds; 0 or nothing: for good.",
                    false,
                    0,
                    MuteAccount.LongestSeconds
                )
            )
        );
    }

    private void MapAct(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        RelationAct act
    ) =>
        routes.MapClassic(
            "POST",
            name,
            context => ActAsync(context, act),
            ClassicRoutes.Act(summary, Relation, Other)
        );

    private void MapLists(IEndpointRouteBuilder routes)
    {
        MapList(routes, "followers", "Who follows an account", id => new FollowersOf(id));
        MapList(routes, "followees", "Whom an account follows", id => new FolloweesOf(id));
        routes.MapClassic(
            "GET",
            "relationships",
            RelationshipsAsync,
            new RouteDoc("What stands between the caller and others", AuthKind.Token)
            {
                Fields =
                [
                    ClassicRoutes.Token,
                    new(
                        "user_ids",
                        FieldType.Ids,
                        FieldPlace.Query,
                        "The others.",
                        true,
                        1,
                        MaxRelationships
                    ),
                ],
                Answers = [new(200, "One for each, in their order", $"[{Relation}]")],
            }
        );
    }

    private void MapList(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        Func<AccountId, MemberList> of
    ) =>
        routes.MapClassic(
            "GET",
            name,
            context => ListAsync(context, of),
            new RouteDoc(summary, AuthKind.OptionalToken)
            {
                Fields = [ClassicRoutes.Token, ClassicRoutes.User, .. RouteDoc.PageFields],
                Answers =
                [
                    new(
                        200,
                        "Accounts by descending id, which is what the list pages by",
                        """[{"user_id":"456","username":"bob","name":"Bob"}]"""
                    ),
                    new(404, "There is no such account"),
                ],
            }
        );

    private async Task<Problem?> ActAsync(HttpContext context, RelationAct act)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var other = fields.Account("user_id");
        return fields.Problem
            ?? await AnswerAsync(
                context,
                caller.Value,
                other,
                await act(caller.Value, other, context.RequestAborted)
            );
    }

    private async Task<Problem?> MuteAsync(HttpContext context, MuteAccount mute)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var other = fields.Account("user_id");
        var seconds = fields.Number("duration", 0, (int)MuteAccount.LongestSeconds, 0);
        return fields.Problem
            ?? await AnswerAsync(
                context,
                caller.Value,
                other,
                await mute.HandleAsync(caller.Value, other, seconds, context.RequestAborted)
            );
    }

    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        AccountId caller,
        AccountId other,
        Result<Done> done
    )
    {
        if (!done.Succeeded)
        {
            // Here the other account has one name, whatever the act calls it.
            return done.Problem with { Field = "user_id" };
        }

        var relations = await graph.RelationshipsAsync(
            caller,
            new[] { other },
            context.RequestAborted
        );
        return await context.AnswerValueAsync(200, relations[0], WriteRelation);
    }

    private async Task<Problem?> RelationshipsAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var others = fields.Accounts("user_ids", MaxRelationships);
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        if (others.Count == 0)
        {
            return Problem.Invalid(
                "user_ids",
                $"user_ids names 1 to {MaxRelationships} accounts, with commas between them."
            );
        }

        var relations = await graph.RelationshipsAsync(
            caller.Value,
            others.ToArray(),
            context.RequestAborted
        );
        return await context.AnswerValueAsync(
            200,
            relations,
            static (json, relations) =>
            {
                json.WriteStartArray();
                foreach (var relation in relations)
                {
                    WriteRelation(json, relation);
                }

                json.WriteEndArray();
            }
        );
    }

    private async Task<Problem?> ListAsync(HttpContext context, Func<AccountId, MemberList> of)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.OptionalAsync(context, fields);
        var account = fields.Account("user_id");
        var page = fields.Page();
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        var members = await list.HandleAsync(of(account), page, "user_id", token);
        if (!members.Succeeded)
        {
            return members.Problem;
        }

        var cards = await accounts.CardsAsync(members.Value.Accounts.ToArray(), token);
        var shown = cards.OrderByDescending(card => card.Id).ToList();
        return await context.AnswerValueAsync(200, shown, WriteAccounts);
    }

    private static void WriteAccounts(Utf8JsonWriter json, List<AccountCard> accounts) =>
        json.WriteObjects(accounts, static (json, account) => json.WriteWho(account));

    private static void WriteRelation(Utf8JsonWriter json, Relationship relation)
    {
        json.WriteStartObject();
        json.WriteTextId("user_id", relation.Account);
        json.WriteBoolean("following", relation.Following);
        json.WriteBoolean("followed_by", relation.FollowedBy);
        json.WriteBoolean("requested", relation.Requested);
        json.WriteBoolean("requested_by", relation.RequestedBy);
        json.WriteBoolean("blocking", relation.Blocking);
        json.WriteBoolean("muting", relation.Muting);
        json.WriteEndObject();
    }
}
