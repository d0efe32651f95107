using System.Text;
using Microsoft.AspNetCore.Http;
using Rookery.Accounts;

namespace Rookery.Api;

/// <summary>Finds out whose request it is: by the token in <c>auth_token</c> or in the Authorization header.</summary>
internal sealed class Callers(IAccounts accounts, RequestLimits limits)
{
    /// <summary>No token is as long; what is longer is not looked up.</summary>
    public const int LongestToken = 200;

    /// <summary>Where Mastodon's clients send the token that they do not put into the header.</summary>
    public const string AccessToken = "access_token";

    public const string Scheme = "Bearer ";

    private static readonly Problem InvalidToken = Problem.Unauthenticated(
        "This token is unknown or was revoked; log in again for a new one."
    );

    /// <summary>The caller; a problem where there is no token, or one that is not valid.</summary>
    public async ValueTask<Result<AccountId>> RequireAsync(
        HttpContext context,
        RequestFields fields
    )
    {
        var caller = await OptionalAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        return caller.Value is { } account
            ? account
            : Problem.Unauthenticated(
                "This needs a token: log in, and send it as `auth_token` or as `Authorization: Bearer TOKEN`."
            );
    }

    /// <summary>For what took its time to arrive: a problem where the token is valid no longer. Counts for no limit.</summary>
    public async ValueTask<Problem?> RefuseEndedAsync(HttpContext context, RequestFields fields) =>
        TokenOf(context, fields) is { } sent
        && await accounts.AuthenticateAsync(sent, context.RequestAborted) is not null
            ? null
            : InvalidToken;

    /// <summary>The caller, null for one who sent no token; a problem where the token is not valid.</summary>
    public async ValueTask<Result<AccountId?>> OptionalAsync(
        HttpContext context,
        RequestFields fields
    )
    {
        var sent = TokenOf(context, fields);
        return fields.Problem is { } wrong ? wrong : await OfTokenAsync(context, sent);
    }

    /// <summary>The same where a client may also send the token as <c>access_token</c>.</summary>
    public ValueTask<Result<AccountId?>> OptionalAsync(HttpContext context, LenientFields fields) =>
        OfTokenAsync(context, InHeader(context) ?? fields.Text(AccessToken));

    private async ValueTask<Result<AccountId?>> OfTokenAsync(HttpContext context, string? sent)
    {
        AccountId? account = null;
        if (sent is not null)
        {
            account =
                sent.Length is > 0 and <= LongestToken
                && Ascii.IsValid(sent)
                && !sent.Contains('\0')
                    ? await accounts.AuthenticateAsync(sent, context.RequestAborted)
                    : null;
            if (account is null)
            {
                return await limits.RefuseCallerAsync(context, null) ?? InvalidToken;
            }
        }

        return await limits.RefuseCallerAsync(context, account) is { } refused ? refused : account;
    }

    /// <summary>The caller, who must also be the account that the field names.</summary>
    public async ValueTask<Result<AccountId>> RequireSelfAsync(
        HttpContext context,
        RequestFields fields,
        string field
    )
    {
        var caller = await RequireAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller;
        }

        var named = fields.Account(field);
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        return named == caller.Value
            ? caller
            : Problem.Forbidden(
                $"The token is account {caller.Value}'s, and {field} names account {named}; both must be the same."
            ) with
            {
                Field = field,
            };
    }

    /// <summary>The token as it was sent, null where none was.</summary>
    public static string? TokenOf(HttpContext context, RequestFields fields) =>
        InHeader(context)
        ?? (IsOfMastodon(context) ? new LenientFields(fields).Text(AccessToken) : null)
        ?? fields.OptionalText("auth_token", max: LongestToken);

    private static bool IsOfMastodon(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is { IsForBrowsers: true };

    public static string? InHeader(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        return
            header.Count > 0
            && header[0] is { } value
            && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
    }
}
