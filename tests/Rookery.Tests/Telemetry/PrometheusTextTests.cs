using System.Text;
using Rookery.Telemetry;
using Xunit;

namespace Rookery.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Counters_and_gauges_are_a_line_for_each_set_of_labels()
    {
        Assert.Equal(
            """
            # HELP posts_total Posts
            # TYPE posts_total counter
            posts_total{kind="post",from="web"} 3
            posts_total{kind="reply",from=""} 0.5
            # HELP ready Whether it is
            # TYPE ready gauge
            ready -1

            """,
            Write(
                Reading(
                    "posts_total",
                    "Posts",
                    MetricKind.Counter,
                    ["kind", "from"],
                    [new(["post", "web"], 3, []), new(["reply", ""], 0.5, [])]
                ),
                Reading("ready", "Whether it is", MetricKind.Gauge, [], [new([], -1, [])])
            )
        );
    }

    [Fact]
    public void Buckets_hold_all_below_them_and_the_last_holds_everything()
    {
        Assert.Equal(
            """
            # HELP took_seconds How long
            # TYPE took_seconds histogram
            took_seconds_bucket{call="read",le="0.01"} 2
            took_seconds_bucket{call="read",le="1"} 2
            took_seconds_bucket{call="read",le="+Inf"} 5
            took_seconds_sum{call="read"} 7.25
            took_seconds_count{call="read"} 5

            """,
            Write(
                Reading(
                    "took_seconds",
                    "How long",
                    MetricKind.Histogram,
                    ["call"],
                    [new(["read"], 7.25, [2, 0, 3])],
                    0.01,
                    1
                )
            )
        );
    }

    [Fact]
    public void What_would_end_a_text_or_a_line_is_escaped()
    {
        Assert.Equal(
            "# HELP a \"x\" \\\\ and\\n\n# TYPE a gauge\na{b=\"\\\"x\\\" \\\\ and\\n ö\"} 1\n",
            Write(
                Reading(
                    "a",
                    "\"x\" \\ and\n",
                    MetricKind.Gauge,
                    ["b"],
                    [new(["\"x\" \\ and\n ö"], 1, [])]
                )
            )
        );
    }

    [Fact]
    public void Numbers_are_written_as_Prometheus_reads_them()
    {
        double[] values = [1e21, 1.5e-7, 123_456_789_012, double.PositiveInfinity, double.NaN];
        Assert.Equal(
            ["1E+21", "1.5E-07", "123456789012", "+Inf", "NaN"],
            values.Select(value =>
                Write(Reading("a", "", MetricKind.Gauge, [], [new([], value, [])]))
                    .Split(' ')[^1]
                    .TrimEnd('\n')
            )
        );
    }

    private static MetricReading Reading(
        string name,
        string help,
        MetricKind kind,
        string[] labels,
        SeriesReading[] series,
        params double[] bounds
    ) => new(name, name, "", help, kind, labels, bounds, series);

    private static string Write(params MetricReading[] readings) =>
        Encoding.UTF8.GetString(PrometheusText.Write(readings).Span);
}
