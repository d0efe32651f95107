using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Adapters.Logs;
using Rookery.TestKit;

namespace Rookery.Tests.Logs;

/// <summary>Lines and what makes them, with fixed names and times.</summary>
internal static class Shipping
{
    public static readonly ActivityTraceId Run = ActivityTraceId.CreateFromString(
        "0af7651916cd43dd8448eb211c80319c"
    );

    public static readonly LogSource Source = new("host1", 42, "posts,graph", "posts-1", Run);

    public static LogLine Line(
        string message,
        LogLevel level = LogLevel.Warning,
        string? fault = null,
        string? name = "NotRelayed",
        string category = "Rookery.Delivery.OutboxRelay",
        ActivitySpanId span = default
    ) => new(FakeTime.Start, level, category, name, message, fault, Run, span);

    public static SyslogServer Syslog(Uri uri, int lineBytes = 2_048) =>
        new(uri, null, new SyslogFormat(Source, 3, lineBytes), TimeProvider.System);

    public static LogShipper Shipper(ILogServer server, int bound, ILogger? console = null) =>
        new(server, bound, TimeProvider.System, () => console ?? NullLogger.Instance);

    public static LogServerProvider Provider(params LogShipper[] shippers) =>
        new(shippers, Run, new Redaction([]), 8_000, TimeProvider.System);
}
