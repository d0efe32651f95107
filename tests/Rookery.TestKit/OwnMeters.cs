using System.Diagnostics.Metrics;
using Rookery.Telemetry;

namespace Rookery.TestKit;

/// <summary>Meters that nobody else has, as each server has them.</summary>
internal sealed class OwnMeters : IMeterFactory
{
    private readonly Dictionary<string, Meter> _all = [];

    /// <summary>Of which nobody hears.</summary>
    public static TelemetryEvents Unheard() => new(new OwnMeters());

    public Meter Create(MeterOptions options)
    {
        if (!_all.TryGetValue(options.Name, out var meter))
        {
            options.Scope = this;
            _all[options.Name] = meter = new Meter(options);
        }

        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in _all.Values)
        {
            meter.Dispose();
        }
    }
}
