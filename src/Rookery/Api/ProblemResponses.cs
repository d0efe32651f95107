using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Api;

/// <summary>
/// The one place that knows which status a problem has and how it looks: <c>application/problem+json</c> in the service
/// API, <c>{"error":"…"}</c> in the client API (everything under <c>/api</c>), a page where a person reads it.
/// </summary>
internal static class ProblemResponses
{
    public const string ContentType = "application/problem+json";

    private const string TypePrefix = "urn:rookery:problem:";

    public static int StatusOf(ProblemKind kind) =>
        kind switch
        {
            ProblemKind.Invalid => StatusCodes.Status400BadRequest,
            ProblemKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
            ProblemKind.NotFound => StatusCodes.Status404NotFound,
            ProblemKind.Conflict => StatusCodes.Status409Conflict,
            ProblemKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            ProblemKind.TooSlow => StatusCodes.Status408RequestTimeout,
            ProblemKind.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
            ProblemKind.KeyReused => StatusCodes.Status422UnprocessableEntity,
            ProblemKind.TooMany => StatusCodes.Status429TooManyRequests,
            ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <summary>Answers with the problem, in the shape of the API that was asked.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var status =
            problem is { Kind: ProblemKind.Invalid, Field: not null }
            && context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is { } route
                ? route.InvalidStatus
                : StatusOf(problem.Kind);
        return WriteAsync(context, status, problem.Detail, problem.Field);
    }

    /// <summary>For what has a status but is no <see cref="ProblemKind"/>: no such route, wrong method, a fault.</summary>
    public static async Task WriteAsync(
        HttpContext context,
        int status,
        string detail,
        string? field = null,
        string? traceId = null
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        if (
            context.RequestServices?.GetService<ProblemPages>() is { } pages
            && pages.Shows(context)
        )
        {
            await pages.WriteAsync(context, status, detail, traceId);
            return;
        }

        detail = context.Features.Get<SayProblem>()?.Invoke(context, detail) ?? detail;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var isClient = BrowserAccess.IsClientApi(context.Request);
        if (isClient)
        {
            // Also where there is nothing: programs in browsers ask for one path after another, and see only what they are let see.
            BrowserAccess.Allow(context.Response);
        }

        using var scratch = JsonScratch.Rent();
        scratch.Json.WriteStartObject();
        if (isClient)
        {
            scratch.Json.WriteString("error", detail);
        }
        else
        {
            WriteServiceHead(scratch.Json, status, detail);
        }

        WriteIfAny(scratch.Json, "field", field);
        WriteIfAny(scratch.Json, "trace_id", traceId);
        scratch.Json.WriteEndObject();
        var type = isClient ? JsonAnswer.ContentType : ContentType;
        await JsonAnswer.SendAsync(context, status, type, scratch.Finish());
    }

    private static void WriteServiceHead(Utf8JsonWriter json, int status, string detail)
    {
        var (type, title) = NameOf(status);
        json.WriteString("type", TypePrefix + type);
        json.WriteString("title", title);
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    // The types are part of the contract: programs tell problems apart by them.
    private static (string Type, string Title) NameOf(int status) =>
        status switch
        {
            400 => ("invalid", "Something in the request is wrong"),
            401 => ("unauthenticated", "A valid token is needed"),
            403 => ("forbidden", "This is not allowed"),
            404 => ("not-found", "There is no such thing"),
            405 => ("method", "This path does not answer this method"),
            408 => ("timeout", "The request took too long to arrive"),
            409 => ("conflict", "Something is in the way"),
            413 => ("too-large", "The request is too large"),
            415 => ("media-type", "This kind of body is not read"),
            422 => ("key-reused", "The idempotency key was used for another request"),
            429 => ("too-many", "A limit is used up"),
            503 => ("unavailable", "This cannot be done right now"),
            >= 500 => ("fault", "Something went wrong on this side"),
            _ => ("refused", "The request was refused"),
        };
}
