using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Rookery.Api;

/// <summary>
/// Lets programs that run in pages of other sites call the client API. They send tokens, never cookies, so whoever's page it is can do no more than any
/// other program.
/// </summary>
internal static class BrowserAccess
{
    private static readonly StringValues _everybody = "*";

    private static readonly StringValues _shown =
        "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Deprecation, Retry-After, "
        + SearchHeaders.Names;

    private static readonly StringValues _methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

    /// <summary>The star alone does not stand for the first.</summary>
    private static readonly StringValues _headers =
        "Authorization, Content-Type, Idempotency-Key, *";

    /// <summary>As long as browsers remember it at most.</summary>
    private static readonly StringValues _remembered = "7200";

    public static bool IsClientApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    /// <summary>The page that asked may read the answer, and its headers that mean something to clients.</summary>
    public static void Allow(HttpResponse response)
    {
        response.Headers.AccessControlAllowOrigin = _everybody;
        response.Headers.AccessControlExposeHeaders = _shown;
    }

    /// <summary>Answers what browsers ask before they send a request with a token, for every path of the client API, whether there is something or not.</summary>
    public static void UsePreflights(this IApplicationBuilder app) =>
        app.Use(
            static (context, next) =>
            {
                if (!HttpMethods.IsOptions(context.Request.Method) || !IsClientApi(context.Request))
                {
                    return next(context);
                }

                var response = context.Response;
                Allow(response);
                response.Headers.AccessControlAllowMethods = _methods;
                response.Headers.AccessControlAllowHeaders = _headers;
                response.Headers.AccessControlMaxAge = _remembered;
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        );
}
