using System.Diagnostics.Metrics;

namespace Rookery.Telemetry;

/// <summary>What Prometheus calls an instrument, as OpenTelemetry's collectors name it too: underscores, the unit in words, <c>_total</c> behind a counter.</summary>
internal static class PrometheusName
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            // What is counted stands in braces, and in the name already.
            _ => "",
        };
        return $"{name}{unit}{(kind == MetricKind.Counter ? "_total" : "")}";
    }
}
