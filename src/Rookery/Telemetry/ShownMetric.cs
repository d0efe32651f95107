namespace Rookery.Telemetry;

/// <summary>A tag of an instrument that is shown, and what it is called then.</summary>
internal sealed record ShownLabel(string Tag, string Name);

/// <summary>An instrument whose numbers are shown.</summary>
/// <param name="Labels">At most three. What its other tags tell apart is added up.</param>
internal sealed record ShownMetric(string Meter, string Instrument, params ShownLabel[] Labels)
{
    /// <summary>The upper ends of a histogram's buckets, ascending; above the last there is one more.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>It goes up and down, whatever kind of instrument it is.</summary>
    public bool IsGauge { get; init; }
}
