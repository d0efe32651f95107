using Microsoft.Extensions.Logging;

namespace Rookery.Api;

internal static partial class ApiLog
{
    [LoggerMessage(1, LogLevel.Error, "Request to {Route} failed; trace {TraceId}")]
    public static partial void RequestFailed(
        ILogger log,
        Exception fault,
        string route,
        string traceId
    );

    [LoggerMessage(
        2,
        LogLevel.Error,
        "Request to {Route} failed in the middle of its answer, connection cut; trace {TraceId}"
    )]
    public static partial void AnswerCut(
        ILogger log,
        Exception fault,
        string route,
        string traceId
    );
}
