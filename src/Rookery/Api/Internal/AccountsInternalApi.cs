using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;

namespace Rookery.Api.Internal;

/// <summary>The door of accounts for roles in other processes.</summary>
internal sealed class AccountsInternalApi(
    IAccounts accounts,
    IEnumerable<IAccountClosing> closing,
    Freshness freshness
)
{
    private readonly bool _closesElsewhere = closing.Any(one => one.TellsAnotherProcess);

    private const string Card =
        """{"accounts":[{"id":1,"username":"ali","display_name":"Ali","bio":"","created_at":"2026-01-02T03:04:05+00:00","counts":{"posts":3,"followers":2,"following":5}}]}""";

    private static readonly FieldDoc Ids = new(
        "ids",
        FieldType.Ids,
        FieldPlace.Body,
        "Which accounts.",
        true,
        1,
        IdsQuestion.Most
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<AccountsInternalApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapInternal(
            "accounts/cards",
            CardsAsync,
            "What others see of these accounts, without those that do not exist",
            Card,
            Ids
        );
        routes.MapInternal(
            "accounts/unknown",
            UnknownAsync,
            "Those of these accounts that do not exist, and those that are asked before they are followed",
            """{"ids":[7],"closes_elsewhere":true,"locked":[8]}""",
            Ids
        );
        routes.MapInternal(
            "accounts/resolve",
            ResolveAsync,
            "The accounts with these usernames, in lower case",
            """{"accounts":{"ali":1}}""",
            new FieldDoc(
                "names",
                FieldType.Names,
                FieldPlace.Body,
                "Which usernames.",
                true,
                1,
                IdsQuestion.Most
            )
        );
        routes.MapInternal(
            "accounts/above",
            AllAboveAsync,
            "The next accounts by id, at most 1,000",
            Card,
            new FieldDoc(
                "since_id",
                FieldType.Id,
                FieldPlace.Body,
                "The last one of the answer before.",
                false
            )
        );
        routes.MapInternal(
            "accounts/authenticate",
            AuthenticateAsync,
            "Whose token this is; null for one that is nobody's",
            """{"user_id":1}""",
            new FieldDoc(
                "token",
                FieldType.Text,
                FieldPlace.Body,
                "The token.",
                true,
                1,
                Callers.LongestToken
            )
        );
        routes.MapInternal(
            "accounts/session",
            IsSessionOpenAsync,
            "Whether this session is one",
            """{"is_open":true}""",
            new FieldDoc(
                "session",
                FieldType.Text,
                FieldPlace.Body,
                "The hash of its token, in Base64url.",
                true,
                1,
                Callers.LongestToken
            )
        );
    }

    private async Task<Problem?> CardsAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var ids = fields.SomeAccounts("ids");
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                new CardsAnswer(await accounts.CardsAsync(ids, context.RequestAborted)),
                InternalJson.Default.CardsAnswer
            );
    }

    private async Task<Problem?> UnknownAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var ids = fields.SomeAccounts("ids");
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var (unknown, locked) = await accounts.LocksAsync(ids, context.RequestAborted);
        return await context.AnswerInternalAsync(
            new UnknownAnswer(unknown, _closesElsewhere, locked),
            InternalJson.Default.UnknownAnswer
        );
    }

    private async Task<Problem?> ResolveAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var names = fields.Names("names", IdsQuestion.Most);
        if (names.Count == 0)
        {
            fields.Refuse("names", "must name at least one username");
        }

        return fields.Problem
            ?? await context.AnswerInternalAsync(
                new NamesAnswer(await accounts.ResolveAsync([.. names], context.RequestAborted)),
                InternalJson.Default.NamesAnswer
            );
    }

    private async Task<Problem?> AllAboveAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var after = fields.OptionalAccount("since_id") ?? default;
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                new CardsAnswer(await accounts.AllAboveAsync(after, context.RequestAborted)),
                InternalJson.Default.CardsAnswer
            );
    }

    private async Task<Problem?> AuthenticateAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var sent = fields.Text("token", max: Callers.LongestToken);
        return fields.Problem
            ?? freshness.RefuseTokens()
            ?? await context.AnswerInternalAsync(
                new TokenAnswer(await accounts.AuthenticateAsync(sent, context.RequestAborted)),
                InternalJson.Default.TokenAnswer
            );
    }

    private async Task<Problem?> IsSessionOpenAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        if (!TokenHash.TryRead(fields.Text("session", max: Callers.LongestToken), out var session))
        {
            fields.Refuse("session", "must be the hash of a token, in Base64url");
        }

        return fields.Problem
            ?? freshness.RefuseTokens()
            ?? await context.AnswerInternalAsync(
                new SessionAnswer(
                    await accounts.IsSessionOpenAsync(session, context.RequestAborted)
                ),
                InternalJson.Default.SessionAnswer
            );
    }
}
