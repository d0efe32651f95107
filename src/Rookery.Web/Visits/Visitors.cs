using Microsoft.AspNetCore.Http;
using Rookery.Accounts;
using Rookery.Api;

namespace Rookery.Web.Visits;

/// <summary>Finds out who visits: by the session's token in the browser's cookie and by nothing else, as no other API takes a cookie for a token.</summary>
internal sealed class Visitors(IAccounts accounts, RequestLimits limits, Freshness freshness)
{
    /// <summary>The visit without what was sent in a body; a problem where the visitor asks too often, or cannot be told from one who logged out.</summary>
    /// <param name="route">Where strangers and members are counted alike, each request was counted by its address before it comes here.</param>
    public async ValueTask<Result<Visit>> MeetAsync(HttpContext context, RouteDoc route)
    {
        var session = Cookies.SessionOf(context);
        if (session.Length > 0 && !freshness.IsCertain && freshness.RefuseTokens() is { } unknown)
        {
            return unknown;
        }

        var account =
            session.Length > 0
                ? await accounts.AuthenticateAsync(session, context.RequestAborted)
                : null;
        if (
            route.Auth != AuthKind.None
            && await limits.RefuseCallerAsync(context, account) is { } refused
        )
        {
            return refused;
        }

        return new Visit(
            context,
            RequestFields.OfQuery(context),
            account is { } known ? await CardAsync(known, context.RequestAborted) : null,
            session
        );
    }

    /// <summary>Null also for an account that was deleted between the two questions.</summary>
    private async ValueTask<AccountCard?> CardAsync(AccountId account, CancellationToken token)
    {
        var cards = await accounts.CardsAsync(new[] { account }, token);
        return cards.Count == 1 ? cards[0] : null;
    }
}
