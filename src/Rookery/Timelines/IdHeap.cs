namespace Rookery.Timelines;

/// <summary>Keeps the greatest of many ids in a span, the least of them on top.</summary>
internal ref struct IdHeap(Span<long> room)
{
    private readonly Span<long> _ids = room;
    private int _count;

    /// <summary>Answers the id that another must exceed to be kept.</summary>
    public long Add(long id)
    {
        if (_count < _ids.Length)
        {
            Rise(_count++, id);
        }
        else if (id > _ids[0])
        {
            Sink(id);
        }

        return _count < _ids.Length ? long.MinValue : _ids[0];
    }

    /// <summary>Sorts what was kept, drops repeats, and answers how many there are.</summary>
    public readonly int TakeNewestFirst()
    {
        var kept = _ids[.._count];
        kept.Sort();
        kept.Reverse();
        var distinct = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (i == 0 || kept[i] != kept[i - 1])
            {
                kept[distinct++] = kept[i];
            }
        }

        return distinct;
    }

    private readonly void Rise(int at, long id)
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (_ids[parent] <= id)
            {
                break;
            }

            _ids[at] = _ids[parent];
            at = parent;
        }

        _ids[at] = id;
    }

    private readonly void Sink(long id)
    {
        var at = 0;
        for (var child = 1; child < _ids.Length; child = (2 * at) + 1)
        {
            if (child + 1 < _ids.Length && _ids[child + 1] < _ids[child])
            {
                child++;
            }

            if (_ids[child] >= id)
            {
                break;
            }

            _ids[at] = _ids[child];
            at = child;
        }

        _ids[at] = id;
    }
}
