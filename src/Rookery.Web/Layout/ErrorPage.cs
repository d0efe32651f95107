using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Rookery.Web.Languages;
using Rookery.Web.Visits;

namespace Rookery.Web.Layout;

/// <summary>What went wrong, for people.</summary>
public sealed record ErrorModel(Frame Frame, int Status, string Detail, string? Trace)
{
    /// <summary>What it says, and the language of that where it is not the page's.</summary>
    public (string Text, string? Language) Said => Frame.Say.Said(Detail);

    public string Heading =>
        Status switch
        {
            403 => Frame.Say.ErrorForbidden,
            404 => Frame.Say.ErrorNothing,
            405 => Frame.Say.ErrorNoPage,
            408 or 413 or 415 or 400 => Frame.Say.ErrorUnreadable,
            429 => Frame.Say.ErrorTooOften,
            503 => Frame.Say.ErrorNotNow,
            >= 500 => Frame.Say.ErrorFault,
            _ => Frame.Say.ErrorRefused,
        };
}

/// <summary>Shows problems as pages where a browser asked for one; programs get the JSON of the APIs.</summary>
internal static class ErrorPages
{
    public static ProblemPages Of(IServiceProvider services)
    {
        var pages = services.GetRequiredService<Pages>();
        return new ProblemPages(
            Shows,
            (context, status, detail, trace) =>
                pages.SendAsync<ErrorPage>(
                    context,
                    new ErrorModel(
                        pages.FrameOfNobody("", ChosenLanguage.Of(context)),
                        status,
                        detail,
                        trace
                    ),
                    status
                )
        );
    }

    /// <summary>On routes of the site to all but its own script; where there is no route, for who would rather see a page.</summary>
    private static bool Shows(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is { } route
            ? route.Tag == SiteRoutes.Tag && !Visit.ByScript(context.Request)
            : !context.Request.Path.StartsWithSegments("/api")
                && context
                    .Request.Headers.Accept.ToString()
                    .Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
