using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>How problems look to people who read them in a browser. Where there is no site, all problems are JSON.</summary>
/// <param name="Shows">Whether this request is such a person's.</param>
/// <param name="WriteAsync">Answers with the status, the words, and the trace id of a fault.</param>
internal sealed record ProblemPages(
    Func<HttpContext, bool> Shows,
    Func<HttpContext, int, string, string?, Task> WriteAsync
);
