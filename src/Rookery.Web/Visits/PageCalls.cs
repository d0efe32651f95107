using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rookery.Api;
using Rookery.Web.Languages;

namespace Rookery.Web.Visits;

/// <summary>
/// Lets the script of a page call the client API, as any program does that has a token. No script can read the cookie that holds it; so a request that
/// brings the cookie and proves, with the page's form token, that a page of this site sends it, is given the token here. What goes wrong is said in the language of
/// who reads the page.
/// </summary>
internal static class PageCalls
{
    public const string Header = "Rookery-Form-Token";

    private const string Scheme = "Bearer ";

    private static readonly SayProblem Spoken = static (context, detail) =>
        ChosenLanguage.Of(context).Said(detail).Text;

    /// <summary>In every process: each serves a part of the API, and browsers send the cookie to all of them.</summary>
    public static void UsePageCalls(this IApplicationBuilder app) =>
        app.Use(
            static (context, next) =>
            {
                if (
                    context.Request.Headers.ContainsKey(Header)
                    && BrowserAccess.IsClientApi(context.Request)
                )
                {
                    // Also of a session that has ended.
                    context.Features.Set(Spoken);
                }

                if (TokenOf(context) is { } token)
                {
                    context.Request.Headers.Authorization = Scheme + token;
                }

                return next(context);
            }
        );

    private static string? TokenOf(HttpContext context)
    {
        var request = context.Request;
        var proof = request.Headers[Header];
        return
            proof.Count == 1
            && request.Headers.Authorization.Count == 0
            && BrowserAccess.IsClientApi(request)
            && SameOrigin.Refuse(request) is null
            && Cookies.SessionOf(context) is { Length: > 0 } session
            && FormToken.IsOf(session, proof[0])
            ? session
            : null;
    }
}
