using System.Runtime.InteropServices;
using Rookery.Timelines;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// What the beginning of a list, or all of it, says: its entries, and above which id none is missing. Where the floor is not in the part, the
/// order of arrival tells: what lies deeper arrived before the part's last entries, so it was made before then.
/// </summary>
internal sealed class ListPart
{
    /// <summary>
    /// Of so many entries the youngest is taken: one that was held up on its way, unmarked, must not say how old the others are.
    /// </summary>
    private const int Witnesses = 8;

    /// <summary>
    /// 15 s after which an entry is marked as late, 5 s for ids ahead of the clock, 5 s for the clock of who pushed, and 35 s between its judging and
    /// its arrival: a push is sent within 20 s, and connections are closed hard after 10 s without an answer.
    /// </summary>
    private const long WindowMilliseconds = 60_000;

    private readonly List<TimelineEntry> _entries;
    private readonly List<long> _punctual;

    private ListPart(int capacity) => (_entries, _punctual) = (new(capacity), new(capacity));

    /// <summary>How many elements were read, of whatever kind.</summary>
    public int Length { get; private set; }

    /// <summary>The list's last element, the floor, is in the part.</summary>
    public bool HasFloor { get; private set; }

    /// <summary>No entry above is missing; null: nothing is known.</summary>
    public long? CompleteAbove { get; private set; }

    /// <summary>How many ids are above that, each counted once.</summary>
    public int Known => _entries.Count;

    /// <exception cref="RespShapeException">There is something in the list that nobody put there.</exception>
    public static ListPart Read(RespValue elements)
    {
        var part = new ListPart(elements.Count);
        foreach (var bytes in elements)
        {
            part.Take(
                ListElement.TryRead(bytes.Span, out var element)
                    ? element
                    : throw new RespShapeException("An element of a timeline has no 17 bytes.")
            );
        }

        part.Finish();
        return part;
    }

    public TimelinePart ToPart(int newest)
    {
        if (CompleteAbove is not { } bound)
        {
            return TimelinePart.None;
        }

        if (_entries.Count > newest)
        {
            _entries.RemoveRange(newest, _entries.Count - newest);
            bound = newest == 0 ? long.MaxValue : _entries[^1].Post.Value - 1;
        }

        return new TimelinePart(_entries, new PostId(bound));
    }

    private void Take(ListElement element)
    {
        Length++;
        if (element.IsFloor)
        {
            HasFloor = true;
            CompleteAbove = element.Post;
        }
        else if (element.IsEntry)
        {
            _entries.Add(element.Entry);
            if (!element.IsLate)
            {
                _punctual.Add(element.Post);
            }
        }
    }

    private void Finish()
    {
        if (!HasFloor && _punctual.Count >= Witnesses)
        {
            var youngest = _punctual.TakeLast(Witnesses).Max();
            CompleteAbove = Snowflake.Compose(
                Snowflake.MillisecondsOf(youngest) + WindowMilliseconds + 1,
                partition: 0,
                writer: 0,
                sequence: 0
            );
        }

        if (CompleteAbove is { } bound)
        {
            _entries.RemoveAll(entry => entry.Post.Value <= bound);
            _entries.Sort((left, right) => right.Post.CompareTo(left.Post));
            RemoveRepeats();
        }
    }

    private void RemoveRepeats()
    {
        var sorted = CollectionsMarshal.AsSpan(_entries);
        var kept = 0;
        foreach (var entry in sorted)
        {
            if (kept == 0 || sorted[kept - 1].Post != entry.Post)
            {
                sorted[kept++] = entry;
            }
        }

        _entries.RemoveRange(kept, _entries.Count - kept);
    }
}
