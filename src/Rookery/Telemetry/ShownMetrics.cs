using System.Diagnostics.Metrics;

namespace Rookery.Telemetry;

/// <summary>
/// THE table of what is measured and shown. No label may hold what a stranger wrote: routes are shown by their patterns, never by their paths.
/// </summary>
internal static class ShownMetrics
{
    /// <summary>The product's own meter.</summary>
    public const string Own = "Rookery";

    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Runtime = "System.Runtime";

    /// <summary>From a page out of memory to what a client no longer waits for.</summary>
    private static readonly double[] Durations =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        10,
    ];

    /// <summary>From milliseconds to a queue that has stood still for an hour.</summary>
    private static readonly double[] Lags =
    [
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        60,
        600,
        3_600,
    ];

    private static readonly double[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

    private static readonly ShownLabel Generation = new("gc.heap.generation", "generation");

    public static IReadOnlyList<ShownMetric> All { get; } =
    [
        new(Own, MetricNames.RequestDuration, Same("route"), Same("method"), Same("status"))
        {
            Bounds = Durations,
        },
        new(Kestrel, "kestrel.active_connections"),
        new(Own, MetricNames.BuildInfo, Same("version")),
        new(Own, MetricNames.Ready),
        new(Own, MetricNames.PartReady, Same("part")),
        new(Own, MetricNames.EventsCommitted, Same("event")),
        new(Own, MetricNames.CommitDuration) { Bounds = Durations },
        new(Own, MetricNames.CommitWrites) { Bounds = Sizes },
        new(Own, MetricNames.CommitsFailed),
        new(Own, MetricNames.FanOutPushed),
        new(Own, MetricNames.FanOutLag) { Bounds = Lags },
        new(Own, MetricNames.HomeReads, Same("from")),
        new(Own, MetricNames.HomeRebuilt),
        new(Own, MetricNames.TimelineStoreDuration, Same("call")) { Bounds = Durations },
        new(Own, MetricNames.CacheReads, Same("cache"), Same("outcome")),
        new(Own, MetricNames.SearchDuration) { Bounds = Durations },
        new(Own, MetricNames.StreamsOpen),
        new(Own, MetricNames.SignUps),
        new(Own, MetricNames.LogIns, Same("outcome")),
        new(Own, MetricNames.MailsEnded, Same("kind"), Same("outcome")),
        new(Own, MetricNames.LimitsRefused, Same("limit")),
        new(Own, MetricNames.Pushes, Same("outcome")),
        new(Own, MetricNames.PushesWaiting),
        new(Own, MetricNames.PushesFailing),
        new(Own, MetricNames.ConsumerBehind, Same("consumer"), Same("outbox")),
        new(Own, MetricNames.DeadLetters, Same("consumer"), Same("outbox")),
        new(Own, MetricNames.OutboxOldest, Same("outbox")),
        new(Runtime, "dotnet.process.cpu.time", new ShownLabel("cpu.mode", "mode")),
        new(Runtime, "dotnet.process.cpu.count"),
        new(Runtime, "dotnet.process.memory.working_set"),
        new(Runtime, "dotnet.gc.collections", Generation),
        new(Runtime, "dotnet.gc.heap.total_allocated"),
        new(Runtime, "dotnet.gc.last_collection.memory.committed_size"),
        new(Runtime, "dotnet.gc.last_collection.heap.size", Generation),
        new(Runtime, "dotnet.gc.pause.time"),
        new(Runtime, "dotnet.monitor.lock_contentions"),
        new(Runtime, "dotnet.thread_pool.work_item.count"),
        // The runtime calls both counters.
        new(Runtime, "dotnet.thread_pool.thread.count") { IsGauge = true },
        new(Runtime, "dotnet.thread_pool.queue.length") { IsGauge = true },
        new(Runtime, "dotnet.exceptions"),
    ];

    /// <summary>Null for an instrument that is not shown.</summary>
    public static ShownMetric? Of(Instrument instrument) =>
        All.FirstOrDefault(one =>
            one.Instrument == instrument.Name && one.Meter == instrument.Meter.Name
        );

    private static ShownLabel Same(string tag) => new(tag, tag);
}
