using System.Diagnostics.Metrics;

namespace Rookery.Telemetry;

/// <summary>All series of one instrument. Recording looks its series up without a lock; a new one is rare.</summary>
internal sealed class MetricFamily
{
    /// <summary>No label is a stranger's, so there are far fewer; a mistake in that must not fill the memory.</summary>
    public const int MostSeries = 4_096;

    /// <summary>Most families have fewer series, whose words are always the same objects: those are found without looking at a letter.</summary>
    private const int Near = 8;

    private const string Rest = "(more)";

    private readonly Lock _lock = new();
    private readonly ShownMetric _shown;
    private readonly double[] _bounds;
    private readonly bool _isLookedUp;
    private readonly string _help;
    private readonly string _unit;
    private readonly MetricKind _kind;
    private readonly MetricSeries? _only;

    // Replaced by larger ones, never changed.
    private volatile Dictionary<LabelValues, MetricSeries> _series = [];
    private volatile KeyValuePair<LabelValues, MetricSeries>[] _near = [];
    private long _round;

    public MetricFamily(ShownMetric shown, Instrument instrument)
    {
        _shown = shown;
        _kind = shown.IsGauge ? MetricKind.Gauge : KindOf(instrument);
        _isLookedUp = instrument.IsObservable;
        _bounds = _kind == MetricKind.Histogram ? [.. shown.Bounds] : [];
        _help = instrument.Description ?? "";
        _unit = instrument.Unit ?? "";
        Name = PrometheusName.Of(instrument, _kind);
        if (shown.Labels.Length == 0)
        {
            _only = new MetricSeries([], _bounds);
        }
    }

    public string Name { get; }

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = SeriesOf(tags);
        if (_kind == MetricKind.Histogram)
        {
            series.Place(value);
        }
        else if (_isLookedUp)
        {
            series.Set(value, _round);
        }
        else
        {
            series.Add(value);
        }
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = SeriesOf(tags);
        if (_kind == MetricKind.Histogram)
        {
            series.Place(value);
        }
        else if (_isLookedUp)
        {
            series.Set(value, _round);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>What is looked up from now on is of a new round.</summary>
    public void BeginRound() => _round++;

    public MetricReading Read()
    {
        long? round = _isLookedUp ? _round : null;
        IEnumerable<MetricSeries> all = _only is null ? _series.Values : [_only];
        return new MetricReading(
            Name,
            _shown.Instrument,
            _unit,
            _help,
            _kind,
            [.. _shown.Labels.Select(label => label.Name)],
            _bounds,
            [.. all.Select(series => series.Read(round)).OfType<SeriesReading>()]
        );
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_only is not null)
        {
            return _only;
        }

        var values = ValuesOf(tags);
        foreach (ref readonly var one in _near.AsSpan())
        {
            if (one.Key.IsSameAs(values))
            {
                return one.Value;
            }
        }

        return _series.TryGetValue(values, out var known) ? known : Add(values);
    }

    private LabelValues ValuesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new LabelValues("", "", "");
        foreach (var (tag, value) in tags)
        {
            for (var place = 0; place < _shown.Labels.Length; place++)
            {
                if (_shown.Labels[place].Tag == tag)
                {
                    values = values.With(place, value as string ?? "");
                    break;
                }
            }
        }

        return values;
    }

    private MetricSeries Add(LabelValues values)
    {
        lock (_lock)
        {
            if (_series.Count >= MostSeries)
            {
                values = new LabelValues(Rest, Rest, Rest);
            }

            if (_series.TryGetValue(values, out var known))
            {
                return known;
            }

            var series = new MetricSeries(values.First(_shown.Labels.Length), _bounds);
            _series = new Dictionary<LabelValues, MetricSeries>(_series) { [values] = series };
            _near = [.. _series.Take(Near)];
            return series;
        }
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var form = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return form == typeof(Histogram<>) ? MetricKind.Histogram
            : form == typeof(Counter<>) || form == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    /// <summary>Of up to three labels; empty where there is no such label.</summary>
    private readonly record struct LabelValues(string One, string Two, string Three)
    {
        public bool IsSameAs(LabelValues other) =>
            ReferenceEquals(One, other.One)
            && ReferenceEquals(Two, other.Two)
            && ReferenceEquals(Three, other.Three);

        public LabelValues With(int place, string value) =>
            place switch
            {
                0 => this with { One = value },
                1 => this with { Two = value },
                _ => this with { Three = value },
            };

        public string[] First(int count) => new[] { One, Two, Three }[..count];
    }
}
