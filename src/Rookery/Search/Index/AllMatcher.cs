namespace Rookery.Search.Index;

/// <summary>What matches every one of some parts. Used again from query to query: parts are added, then it is made ready.</summary>
internal sealed class AllMatcher : Matcher
{
    // Of a part that has more than two documents in a window, hardly any window can be skipped: it is not asked for the next one.
    private const int PerWindow = 2;

    private Matcher[] _parts = new Matcher[4];
    private int _count;
    private int _sparse;
    private TermMatcher? _list;

    public override int Most => _parts[0].Most;

    public override TermMatcher? List => _list;

    public override bool CanFilter => CanFilterFrom(0);

    private ReadOnlySpan<Matcher> Parts => _parts.AsSpan(0, _count);

    public void Clear()
    {
        Array.Clear(_parts, 0, _count);
        (_count, _list) = (0, null);
    }

    /// <summary>The rarest stand first, others as they came.</summary>
    public void Add(Matcher part)
    {
        if (_count == _parts.Length)
        {
            Array.Resize(ref _parts, 2 * _count);
        }

        var at = _count++;
        for (; at > 0 && _parts[at - 1].Most > part.Most; at--)
        {
            _parts[at] = _parts[at - 1];
        }

        _parts[at] = part;
    }

    /// <summary>After the last part, of which there is at least one.</summary>
    /// <param name="documents">Of the segment.</param>
    public void MakeReady(int documents)
    {
        var few = PerWindow * ((long)documents / Window.Size);
        for (_sparse = 0; _sparse < _count && _parts[_sparse].Most < few; )
        {
            _sparse++;
        }

        _list = CanFilterFrom(1) ? _parts[0].List : null;
    }

    public override int Last(int through)
    {
        foreach (var part in Parts[.._sparse])
        {
            through = through < 0 ? through : part.Last(through);
        }

        return through;
    }

    public override int First(int from)
    {
        foreach (var part in Parts[.._sparse])
        {
            from = from == int.MaxValue ? from : part.First(from);
        }

        return from;
    }

    public override void Keep(int start, Span<ulong> bits)
    {
        foreach (var part in Parts)
        {
            if (!bits.ContainsAnyExcept(0UL))
            {
                return;
            }

            part.Keep(start, bits);
        }
    }

    public override int Filter(Span<int> documents) => Filter(Parts, documents);

    public override int FilterList(Span<int> documents) =>
        Filter(Parts[1..], documents[.._parts[0].FilterList(documents)]);

    private static int Filter(ReadOnlySpan<Matcher> parts, Span<int> documents)
    {
        foreach (var part in parts)
        {
            documents = documents[..(documents.IsEmpty ? 0 : part.Filter(documents))];
        }

        return documents.Length;
    }

    private bool CanFilterFrom(int part)
    {
        while (part < _count && _parts[part].CanFilter)
        {
            part++;
        }

        return part == _count;
    }
}
