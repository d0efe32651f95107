using System.Diagnostics.Metrics;

namespace Rookery.Telemetry;

/// <summary>Listens to the instruments of this server that are shown, from its first to its last request.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly IMeterFactory _meters;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public Measurements(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = Hear;
        _listener.SetMeasurementEventCallback<int>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record((long)value, tags)
        );
        _listener.SetMeasurementEventCallback<long>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags)
        );
        _listener.SetMeasurementEventCallback<double>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags)
        );
        _listener.Start();
    }

    /// <summary>All of it, by name. What is not counted is looked up now.</summary>
    public IReadOnlyList<MetricReading> Read()
    {
        // One round after the other.
        lock (_lock)
        {
            foreach (var family in _families.Values)
            {
                family.BeginRound();
            }

            _listener.RecordObservableInstruments();
            return [.. _families.Values.Select(family => family.Read())];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Another server in the same process has meters with the same names; what the runtime measures is everybody's.</summary>
    private void Hear(Instrument instrument, MeterListener listener)
    {
        if (
            ShownMetrics.Of(instrument) is not { } shown
            || (instrument.Meter.Scope is { } scope && scope != _meters)
        )
        {
            return;
        }

        var family = new MetricFamily(shown, instrument);
        lock (_lock)
        {
            if (!_families.TryAdd(family.Name, family))
            {
                return;
            }
        }

        listener.EnableMeasurementEvents(instrument, family);
    }
}
