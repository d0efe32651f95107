using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Logs;

/// <summary>One line on its way to a log server.</summary>
/// <param name="Message">As the program wrote it, secrets hidden, of bounded length; it may hold any character.</param>
/// <param name="Fault">The exception with its stack, likewise.</param>
internal sealed record LogLine(
    DateTimeOffset At,
    LogLevel Level,
    string Category,
    string? Event,
    string Message,
    string? Fault,
    ActivityTraceId Trace,
    ActivitySpanId Span
);

/// <summary>Who writes the lines of this process.</summary>
/// <param name="Run">The trace id of lines that belong to no request, one for each run of the process.</param>
internal sealed record LogSource(
    string Host,
    int ProcessId,
    string Roles,
    string Instance,
    ActivityTraceId Run
)
{
    public const string Product = "rookery";
}
