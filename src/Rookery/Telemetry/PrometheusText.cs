using System.Globalization;
using System.Text;

namespace Rookery.Telemetry;

/// <summary>Readings in Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<MetricReading> readings)
    {
        var text = new StringBuilder();
        foreach (var reading in readings)
        {
            Write(text, reading);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, MetricReading reading)
    {
        text.Append("# HELP ").Append(reading.Name).Append(' ');
        AppendEscaped(text, reading.Help, inQuotes: false);
        text.Append("\n# TYPE ").Append(reading.Name).Append(' ').Append(WordOf(reading.Kind));
        text.Append('\n');
        foreach (var series in reading.Series)
        {
            if (reading.Kind == MetricKind.Histogram)
            {
                WriteHistogram(text, reading, series);
            }
            else
            {
                WriteLine(text, reading, "", series, null, Number(series.Value));
            }
        }
    }

    /// <summary>Each bucket with all below it; the last has everything, and is the count.</summary>
    private static void WriteHistogram(
        StringBuilder text,
        MetricReading reading,
        SeriesReading series
    )
    {
        var below = 0L;
        for (var bucket = 0; bucket < series.Counts.Count; bucket++)
        {
            below += series.Counts[bucket];
            var bound =
                bucket < reading.Bounds.Count ? reading.Bounds[bucket] : double.PositiveInfinity;
            WriteLine(text, reading, "_bucket", series, Number(bound), Number(below));
        }

        WriteLine(text, reading, "_sum", series, null, Number(series.Value));
        WriteLine(text, reading, "_count", series, null, Number(below));
    }

    private static void WriteLine(
        StringBuilder text,
        MetricReading reading,
        string suffix,
        SeriesReading series,
        string? bound,
        string value
    )
    {
        text.Append(reading.Name).Append(suffix);
        var before = '{';
        for (var place = 0; place < reading.Labels.Count; place++)
        {
            WriteLabel(reading.Labels[place], series.Labels[place]);
        }

        if (bound is not null)
        {
            WriteLabel("le", bound);
        }

        text.Append(before == '{' ? " " : "} ").Append(value).Append('\n');

        void WriteLabel(string name, string label)
        {
            text.Append(before).Append(name).Append("=\"");
            AppendEscaped(text, label, inQuotes: true);
            text.Append('"');
            before = ',';
        }
    }

    private static void AppendEscaped(StringBuilder text, string words, bool inQuotes)
    {
        foreach (var letter in words)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when inQuotes => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string WordOf(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
}
