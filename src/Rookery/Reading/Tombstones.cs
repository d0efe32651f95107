namespace Rookery.Reading;

/// <summary>
/// Posts that changed lately, with the version from which on a rendering is right. A reader that loaded the row before the
/// change and comes back after it is refused by them. Kept for one to two lifetimes: two generations, the older dropped whole.
/// Not thread-safe.
/// </summary>
internal sealed class Tombstones(TimeProvider time)
{
    /// <summary>Longer than any request may take between its read of SQL and its put.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private Dictionary<long, int> _young = [];
    private Dictionary<long, int> _old = [];
    private long _turnedAt = time.GetTimestamp();

    public void Add(PostId id, int fromVersion)
    {
        Turn();
        _young[id.Value] = Math.Max(fromVersion, _young.GetValueOrDefault(id.Value));
    }

    public bool Forbids(PostId id, int version)
    {
        Turn();
        return version < _young.GetValueOrDefault(id.Value)
            || version < _old.GetValueOrDefault(id.Value);
    }

    private void Turn()
    {
        if (_young.Count + _old.Count == 0 || time.GetElapsedTime(_turnedAt) < Lifetime)
        {
            return;
        }

        (_old, _young) = (_young, []);
        _turnedAt = time.GetTimestamp();
    }
}
