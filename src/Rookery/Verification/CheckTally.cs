namespace Rookery.Verification;

/// <summary>Collects what a check sees.</summary>
internal sealed class CheckTally(string name)
{
    private const int DifferencesKept = 5;

    private readonly List<string> _differences = [];
    private long _different;

    public long Compared { get; set; }

    public long Repaired { get; set; }

    public void Differs(string difference)
    {
        _different++;
        if (_differences.Count < DifferencesKept)
        {
            _differences.Add(difference);
        }
    }

    public CheckReport Report() => new(name, Compared, _different, Repaired, _differences);
}
