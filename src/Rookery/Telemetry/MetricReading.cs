namespace Rookery.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>What an instrument has measured up to now.</summary>
/// <param name="Name">In Prometheus' style: with its unit, and <c>_total</c> behind a counter.</param>
/// <param name="Instrument">As OpenTelemetry calls it, with <paramref name="Unit"/>.</param>
/// <param name="Labels">What the series' labels are called.</param>
/// <param name="Bounds">The upper ends of a histogram's buckets, but for the last, which has none.</param>
internal sealed record MetricReading(
    string Name,
    string Instrument,
    string Unit,
    string Help,
    MetricKind Kind,
    IReadOnlyList<string> Labels,
    IReadOnlyList<double> Bounds,
    IReadOnlyList<SeriesReading> Series
);

/// <param name="Value">Of a histogram the sum.</param>
/// <param name="Counts">Of a histogram: how many values each bucket got, those below it not counted.</param>
internal sealed record SeriesReading(
    IReadOnlyList<string> Labels,
    double Value,
    IReadOnlyList<long> Counts
);
