using Rookery.Telemetry;
using Rookery.Wire;

namespace Rookery.Adapters.Otlp;

/// <summary>
/// Readings as the request that a collector takes at <c>/v1/metrics</c>: sums since the start. The numbers are those of the fields in OpenTelemetry's protocol,
/// which only grows.
/// </summary>
/// <param name="resource">What the process is.</param>
/// <param name="begun">Since when it has counted.</param>
internal sealed class OtlpMetrics(
    IReadOnlyDictionary<string, string> resource,
    DateTimeOffset begun
)
{
    /// <summary>A sum says all since the start each time: one that is lost is no gap in it.</summary>
    private const ulong Cumulative = 2;

    public byte[] Write(IReadOnlyList<MetricReading> readings, DateTimeOffset now)
    {
        var ofScope = new ProtoMessage().Message(1, new ProtoMessage().Text(1, "Rookery"));
        foreach (var reading in readings.Where(reading => reading.Series.Count > 0))
        {
            ofScope.Message(2, Metric(reading, NanosecondsOf(now)));
        }

        var ofResource = new ProtoMessage();
        foreach (var (key, value) in resource)
        {
            ofResource.Message(1, Attribute(key, value));
        }

        return new ProtoMessage()
            .Message(1, new ProtoMessage().Message(1, ofResource).Message(2, ofScope))
            .ToArray();
    }

    private ProtoMessage Metric(MetricReading reading, ulong now)
    {
        var metric = new ProtoMessage()
            .Text(1, reading.Instrument)
            .Text(2, reading.Help)
            .Text(3, reading.Unit);
        var points = new ProtoMessage();
        foreach (var series in reading.Series)
        {
            points.Message(
                1,
                reading.Kind == MetricKind.Histogram
                    ? Buckets(reading, series, now)
                    : Number(reading, series, now)
            );
        }

        return reading.Kind switch
        {
            MetricKind.Counter => metric.Message(7, points.Number(2, Cumulative).Number(3, 1)),
            MetricKind.Histogram => metric.Message(9, points.Number(2, Cumulative)),
            _ => metric.Message(5, points),
        };
    }

    private ProtoMessage Number(MetricReading reading, SeriesReading series, ulong now)
    {
        var point = new ProtoMessage()
            .Fixed(2, NanosecondsOf(begun))
            .Fixed(3, now)
            .Fixed(4, series.Value);
        return WithLabels(point, 7, reading, series);
    }

    private ProtoMessage Buckets(MetricReading reading, SeriesReading series, ulong now)
    {
        var point = new ProtoMessage()
            .Fixed(2, NanosecondsOf(begun))
            .Fixed(3, now)
            .Fixed(4, (ulong)series.Counts.Sum())
            .Fixed(5, series.Value)
            .Packed(6, [.. series.Counts.Select(count => (ulong)count)])
            .Packed(7, [.. reading.Bounds.Select(BitConverter.DoubleToUInt64Bits)]);
        return WithLabels(point, 9, reading, series);
    }

    private static ProtoMessage WithLabels(
        ProtoMessage point,
        int field,
        MetricReading reading,
        SeriesReading series
    )
    {
        foreach (var (name, value) in reading.Labels.Zip(series.Labels))
        {
            point.Message(field, Attribute(name, value));
        }

        return point;
    }

    private static ProtoMessage Attribute(string key, string value) =>
        new ProtoMessage().Text(1, key).Message(2, new ProtoMessage().Text(1, value));

    private static ulong NanosecondsOf(DateTimeOffset time) =>
        (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
