using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Rookery.Api.Mastodon;

namespace Rookery.Api;

/// <summary>
/// Gives every failure its shape: what an endpoint threw, and what routing refused without a body. A request that goes
/// well passes without an allocation of its own, save the state machine when it had to wait.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    private const string Unreadable =
        "The request could not be read; it must be well-formed HTTP/1.1 or HTTP/2.";

    /// <summary>What nginx made usual for "the client went away"; nobody reads it but the request log.</summary>
    private const int ClientClosedRequest = 499;

    private static readonly StringValues _noSniff = "nosniff";

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The edge of a request: logged and answered."
    )]
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = _noSniff;
        Task request;
        try
        {
            request = next(context);
        }
        catch (Exception fault)
        {
            return AnswerFaultAsync(context, fault);
        }

        return request.IsCompletedSuccessfully ? FinishAsync(context) : WaitAsync(context, request);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The edge of a request: logged and answered."
    )]
    private async Task WaitAsync(HttpContext context, Task request)
    {
        try
        {
            await request;
        }
        catch (Exception fault)
        {
            await AnswerFaultAsync(context, fault);
            return;
        }

        await FinishAsync(context);
    }

    /// <summary>Puts a body where a refusal has none: 404 and 405 of routing, a bare status of an endpoint.</summary>
    private static Task FinishAsync(HttpContext context)
    {
        var response = context.Response;
        return
            response.StatusCode < StatusCodes.Status400BadRequest
            || response.HasStarted
            || response.ContentLength is not null
            || response.ContentType is not null
            ? Task.CompletedTask
            : ProblemResponses.WriteAsync(context, StatusOf(context), DetailOf(context));
    }

    /// <summary>Mastodon answers 404 also to a method that a path does not know, and its clients try another path only then.</summary>
    private static int StatusOf(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        && MastodonRoutes.IsPath(context)
            ? StatusCodes.Status404NotFound
            : context.Response.StatusCode;

    private Task AnswerFaultAsync(HttpContext context, Exception fault)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return GoneAsync(context);
        }

        if (context.Response.HasStarted)
        {
            ApiLog.AnswerCut(log, fault, RouteOf(context), TraceOf(context));
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        context.Response.Headers.XContentTypeOptions = _noSniff;
        switch (fault)
        {
            case StoreUnavailableException unavailable:
                // The store says so in the log itself, once, not once per request.
                return ProblemResponses.WriteAsync(
                    context,
                    Problem.Unavailable(
                        unavailable.Told
                            ?? "The store cannot answer right now. What was sent may have been stored: repeat a post with the same Idempotency-Key."
                    )
                );
            case BadHttpRequestException bad:
                return ProblemResponses.WriteAsync(context, bad.StatusCode, DetailOf(bad));
            // How Kestrel tells of the length of a chunk that no number holds.
            case IOException { InnerException: OverflowException }:
                return ProblemResponses.WriteAsync(
                    context,
                    StatusCodes.Status400BadRequest,
                    Unreadable
                );
            default:
                ApiLog.RequestFailed(log, fault, RouteOf(context), TraceOf(context));
                return ProblemResponses.WriteAsync(
                    context,
                    StatusCodes.Status500InternalServerError,
                    "Something went wrong on this side; the log has it under this trace_id.",
                    traceId: TraceOf(context)
                );
        }
    }

    private static Task GoneAsync(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = ClientClosedRequest;
        }

        return Task.CompletedTask;
    }

    private static string DetailOf(HttpContext context) =>
        context.Response.StatusCode switch
        {
            404 => "There is nothing at this path.",
            405 =>
                $"This path does not answer {context.Request.Method}; it answers {context.Response.Headers.Allow}.",
            _ => "The request was refused.",
        };

    private static string DetailOf(BadHttpRequestException bad) =>
        bad.StatusCode switch
        {
            408 => "The body arrived too slowly; send it faster.",
            413 => "The body is too large.",
            _ => Unreadable,
        };

    // The same in the lines of every process that had to do with the request.
    private static string TraceOf(HttpContext context) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.TraceId.ToHexString()
            : context.TraceIdentifier;

    // The route's pattern, never the path: a path is what a client wrote, line breaks and secrets included.
    private static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}

internal static class ProblemMiddlewareExtensions
{
    /// <summary>First in the pipeline: everything after it answers failures in the right shape.</summary>
    public static IApplicationBuilder UseRookeryProblems(this IApplicationBuilder app) =>
        app.UseMiddleware<ProblemMiddleware>();
}
