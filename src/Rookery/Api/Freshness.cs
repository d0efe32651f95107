using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>
/// What is done with a request while it is not certain that this process knows all that was acknowledged elsewhere. It is answered from the last
/// certain state and marked so; but a token that may have been revoked is nobody's after some seconds.
/// </summary>
/// <param name="lease">Of all that this process reads.</param>
/// <param name="sessions">Of the database that says whose a token is.</param>
internal sealed class Freshness(ICommitLease lease, SessionsLease sessions)
{
    /// <summary>The header of an answer that may be older than what was acknowledged; seconds since it was last certain.</summary>
    public const string Header = "Rookery-Stale";

    private static readonly TimeSpan TokensHold = TimeSpan.FromSeconds(5);

    public bool IsCertain => lease.IsHeld;

    public async ValueTask<Problem?> RefuseAsync(HttpContext context, RouteDoc route)
    {
        if (await lease.RenewAsync(context.RequestAborted))
        {
            return null;
        }

        var lapsed = lease.Lapsed;
        if (
            (
                route.Auth == AuthKind.Token
                || (route.Auth == AuthKind.OptionalToken && SendsToken(context.Request))
            ) && RefuseTokens() is { } unknown
        )
        {
            return unknown;
        }

        context.Response.Headers[Header] = ((long)lapsed.TotalSeconds).ToString(
            CultureInfo.InvariantCulture
        );
        return null;
    }

    /// <summary>What is answered about tokens when it is too long ago that a revocation would have been heard of; null while it is not.</summary>
    public Problem? RefuseTokens() =>
        sessions.Lease.Lapsed > TokensHold
            ? Problem.Unavailable(
                "The database does not answer, so whether this token was revoked cannot be known; try again in a few seconds."
            )
            : null;

    private static bool SendsToken(HttpRequest request) =>
        request.Headers.Authorization.Count > 0
        || request.Query.ContainsKey("auth_token")
        || request.Query.ContainsKey(Callers.AccessToken);
}

/// <summary>Whether this process knows of all sessions that were ended.</summary>
internal sealed record SessionsLease(ICommitLease Lease);
