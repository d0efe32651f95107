using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;

namespace Rookery.Api.Mastodon;

/// <summary>Who has asked to follow the caller, and what the caller answers.</summary>
internal sealed class FollowRequestsMastodonApi(
    Callers callers,
    SiteAddress address,
    IAccounts accounts,
    ListMembers list,
    DecideRequest decide,
    AnswerRelationship answer
)
{
    private const string Path = "/api/v1/follow_requests";
    private const string Account = "account_id";
    private const int DefaultLimit = 40;
    private const int MaxLimit = 80;

    private static readonly string[] _kept = ["limit"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<FollowRequestsMastodonApi>(
            routes.ServiceProvider
        );
        routes.MapMastodon(
            "GET",
            Path,
            api.ListAsync,
            new RouteDoc("Who has asked to follow the caller and waits", AuthKind.Token)
            {
                Fields =
                [
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
                ],
            }
        );
        MapAnswer(routes, "authorize", "Let an account follow that has asked", api.AcceptAsync);
        MapAnswer(
            routes,
            "reject",
            "Do not let an account follow that has asked; it is not told",
            api.RejectAsync
        );
    }

    private static void MapAnswer(
        IEndpointRouteBuilder routes,
        string name,
        string summary,
        Handler act
    ) =>
        routes.MapMastodon(
            "POST",
            $"{Path}/{{{Account}}}/{name}",
            act,
            new RouteDoc(summary, AuthKind.Token)
            {
                Fields =
                [
                    new(Account, FieldType.Id, FieldPlace.Path, "Who has asked."),
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(200, "What stands between the two then", RelationshipEntity.Example),
                    new(404, "There is no such account, or it has not asked"),
                ],
            }
        );

    private async Task<Problem?> ListAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var fields = new LenientFields(sent);
        var caller = await callers.RequireAsync(context, sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var page = fields.Page(DefaultLimit, MaxLimit);
        var token = context.RequestAborted;
        var asked = await list.HandleAsync(new RequestsTo(caller.Value), page, Account, token);
        if (!asked.Succeeded)
        {
            return asked.Problem;
        }

        var ids = asked.Value.Accounts;
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

    private Task<Problem?> AcceptAsync(HttpContext context) =>
        AnswerAsync(context, decide.AcceptAsync);

    private Task<Problem?> RejectAsync(HttpContext context) =>
        AnswerAsync(context, decide.RejectAsync);

    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        Func<AccountId, AccountId, CancellationToken, Task<Result<Done>>> act
    )
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var other = fields.PathAccount(Account);
        return caller.Problem
            ?? fields.Problem
            ?? await answer.HandleAsync(
                context,
                caller.Value,
                other,
                await act(caller.Value, other, context.RequestAborted),
                Account
            );
    }
}
