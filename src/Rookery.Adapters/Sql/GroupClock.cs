namespace Rookery.Adapters.Sql;

/// <summary>
/// The milliseconds that a database's ids are made of. Every group of commits gets milliseconds of its own, later than those of all groups
/// before it, and becomes readable as a whole: so no reader ever sees an id below one that it has already seen.
/// Used by the commit thread only.
/// </summary>
internal sealed class GroupClock(TimeProvider time, long lastMilliseconds)
{
    /// <summary>As far as the clock may stand behind the last id before ids would be visibly from the future.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, int> _sequences = [];
    private long _last = lastMilliseconds;
    private long _lastGroupAt;

    public long LastMilliseconds => _last;

    /// <summary>Others have issued ids up to this millisecond.</summary>
    public void GoOnFrom(long lastMilliseconds) => _last = lastMilliseconds;

    /// <summary>How far the clock stands behind the last id, where that is more than may be counted over.</summary>
    public TimeSpan? Behind()
    {
        var behind = TimeSpan.FromMilliseconds(_last - Snowflake.MillisecondsAt(time.GetUtcNow()));
        return behind > Tolerance ? behind : null;
    }

    /// <summary>
    /// Starts a group. At most one a millisecond, so that counting on never runs ahead of the clock: under load this is no
    /// wait at all, and it lets neighbours into the group when there is none.
    /// </summary>
    public void StartGroup()
    {
        while (
            _lastGroupAt != 0 && time.GetElapsedTime(_lastGroupAt) < TimeSpan.FromMilliseconds(1)
        )
        {
            Thread.Yield();
        }

        _lastGroupAt = time.GetTimestamp();
        Advance();
    }

    /// <summary>An id of this group. A partition that has used its millisecond moves the whole group on by one.</summary>
    public long Next(int partition)
    {
        var sequence = _sequences.GetValueOrDefault(partition);
        if (sequence > Snowflake.MaxSequence)
        {
            Advance();
            sequence = 0;
        }

        _sequences[partition] = sequence + 1;
#if SEEDED_BUGS
        // As if each partition's ids were drawn by a request on a machine with a clock of its own.
        if (SeededBugs.Is("id-by-the-requests-clock"))
            return Snowflake.Compose(_last - (partition % 32), partition, writer: 0, sequence);
#endif
        return Snowflake.Compose(_last, partition, writer: 0, sequence);
    }

    private void Advance()
    {
        _sequences.Clear();
        _last = Math.Max(_last + 1, Snowflake.MillisecondsAt(time.GetUtcNow()));
    }
}
