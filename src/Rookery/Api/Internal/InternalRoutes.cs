using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Rookery.Api.Service;

namespace Rookery.Api.Internal;

/// <summary>How every route between roles is mapped: a question in a POST, behind the service key. Asking twice does no harm.</summary>
internal static class InternalRoutes
{
    public static void MapInternal(
        this IEndpointRouteBuilder routes,
        string path,
        Handler handler,
        string summary,
        string example,
        params FieldDoc[] fields
    ) =>
        routes.MapService(
            "POST",
            $"/internal/{path}",
            handler,
            new RouteDoc(summary, AuthKind.ServiceKey)
            {
                Tag = "Between roles",
                Fields = fields,
                Answers = [new(200, "The answer", example)],
            },
            RefuseForwarded
        );

    /// <summary>At least one account.</summary>
    public static AccountId[] SomeAccounts(this RequestFields fields, string name)
    {
        var ids = fields.Accounts(name, IdsQuestion.Most);
        if (ids.Count == 0)
        {
            fields.Refuse(name, "must name at least one account");
        }

        return [.. ids];
    }

    public static Task<Problem?> AnswerInternalAsync<T>(
        this HttpContext context,
        T answer,
        JsonTypeInfo<T> written
    ) =>
        context.AnswerValueAsync(
            StatusCodes.Status200OK,
            answer,
            (json, value) => JsonSerializer.Serialize(json, value, written)
        );

    /// <summary>
    /// What roles say to each other passes no proxy for clients, however that one reads a path. The second name is where a trusted proxy's word is put
    /// once it was taken.
    /// </summary>
    private static Problem? RefuseForwarded(HttpContext context) =>
        context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
        || context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName)
            ? Problem.NotFound(
                "Routes between roles are not for requests that came through a proxy (X-Forwarded-For)."
            )
            : null;
}
