using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Telemetry;

namespace Rookery.Api;

/// <summary>
/// Tells of each request how it was answered and how long that took. The framework's own measure of it allocates for each request; this does not, save the
/// state machine when it had to wait.
/// </summary>
internal sealed class MeasureRequests(RequestDelegate next, TelemetryEvents telemetry)
{
    public Task InvokeAsync(HttpContext context)
    {
        var begun = Stopwatch.GetTimestamp();
        var request = next(context);
        if (!request.IsCompletedSuccessfully)
        {
            return WaitAsync(context, request, begun);
        }

        Tell(context, begun);
        return request;
    }

    private async Task WaitAsync(HttpContext context, Task request, long begun)
    {
        try
        {
            await request;
        }
        finally
        {
            Tell(context, begun);
        }
    }

    private void Tell(HttpContext context, long begun) =>
        telemetry.RequestAnswered(
            // The pattern, never the path: a path is what a client wrote.
            (context.GetEndpoint() as RouteEndpoint)
                ?.RoutePattern
                .RawText
                ?? "",
            MethodOf(context.Request.Method),
            context.Response.StatusCode,
            Stopwatch.GetElapsedTime(begun)
        );

    /// <summary>A client may write any.</summary>
    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) ? HttpMethods.Get
        : HttpMethods.IsPost(method) ? HttpMethods.Post
        : HttpMethods.IsHead(method) ? HttpMethods.Head
        : HttpMethods.IsDelete(method) ? HttpMethods.Delete
        : HttpMethods.IsPatch(method) ? HttpMethods.Patch
        : HttpMethods.IsPut(method) ? HttpMethods.Put
        : HttpMethods.IsOptions(method) ? HttpMethods.Options
        : "_OTHER";
}

internal static class MeasureRequestsExtensions
{
    /// <summary>First in the pipeline: what comes after it is the request's time.</summary>
    public static IApplicationBuilder UseMeasuredRequests(this IApplicationBuilder app) =>
        app.UseMiddleware<MeasureRequests>();
}
