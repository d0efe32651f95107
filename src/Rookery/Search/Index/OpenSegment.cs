namespace Rookery.Search.Index;

/// <summary>
/// The segment that takes new posts. Documents stand in order of arrival. One writer, any number of readers without a lock: what a reader may
/// reach is complete before it is published (a term by its slot, a posting by its term's tail, a document by <see cref="Count"/>), and nothing is ever moved.
/// Once it is sealed it is used again where nobody can be reading it, else it is the garbage collector's, as are arrays that a growing table leaves behind.
/// </summary>
/// <param name="capacity">Documents.</param>
/// <param name="slots">Places for terms to begin with, a power of two; they grow.</param>
internal sealed partial class OpenSegment(int capacity, int slots = OpenSegment.FewestSlots)
{
    /// <summary>Takes nothing and stands for one that is being made.</summary>
    public static readonly OpenSegment None = new(0);

    private readonly long[] _ids = new long[capacity];

    // The largest id up to and with each document: what is looked at from the end may stop where nothing larger can come.
    private readonly long[] _largest = new long[capacity];

    private long _smallest = long.MaxValue;
    private int _count;

    public SegmentMarks Marks { get; } = new(capacity);

    public int Count => Volatile.Read(ref _count);

    public bool IsFull => _count == capacity;

    public ReadOnlySpan<long> Ids => _ids;

    public ReadOnlySpan<long> Largest => _largest;

    /// <summary>No document that is counted now, or was before, has a smaller one.</summary>
    public long SmallestId => Volatile.Read(ref _smallest);

    public long LargestId => Count == 0 ? long.MinValue : _largest[Count - 1];

    /// <summary>
    /// The newest document of a post, removed or not. Nothing stands before the first document with so large an id up to it: where posts come in order, that is
    /// the one.
    /// </summary>
    public bool TryFind(long id, out int document)
    {
        var count = Count;
        document = -1;
        if (count == 0 || _largest[count - 1] < id)
        {
            return false;
        }

        var (low, high) = (0, count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _largest[middle] < id ? (middle + 1, high) : (low, middle);
        }

        var at = _ids.AsSpan(low, count - low).LastIndexOf(id);
        document = low + at;
        return at >= 0;
    }

    /// <summary>Adds a document that nobody sees before all of it is there. <paramref name="words"/> hears of words that are seen again.</summary>
    public void Append(long id, PostTerms terms, bool hidden, IWordCounts? words)
    {
        var document = _count;
        _ids[document] = id;
        _largest[document] = document == 0 ? id : Math.Max(id, _largest[document - 1]);
        _smallest = Math.Min(_smallest, id);
        if (hidden)
        {
            Marks.Hide(document);
        }

        Prefetch(terms);
        foreach (var term in terms)
        {
            AddPosting(term.Key, term.Hash, document, words);
        }

        Volatile.Write(ref _count, document + 1);
    }

    /// <summary>One post fewer, which is removed already, counts for a term that it has.</summary>
    public void Withdraw(ReadOnlySpan<byte> key, uint hash, IWordCounts? words)
    {
        var term = Find(key, hash);
        if (term >= 0 && CountOf(term) > 0)
        {
            var count = --EntryOf(term).Count;
            words?.Replace(key, WordCounts.Of(count + 1), count);
        }
    }

    /// <summary>Begins anew with the memory that it has. Nobody may be reading it.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Array.Clear(_buckets);
        Marks.Clear();
        (_terms, _keyEnd, _postingEnd) = (0, 0, 0);
        _smallest = long.MaxValue;
        Volatile.Write(ref _count, 0);
    }

    /// <summary>Every document of a term.</summary>
    public void ForEach(ReadOnlySpan<byte> key, uint hash, Action<int> action)
    {
        var term = Find(key, hash);
        if (term < 0)
        {
            return;
        }

        var slices = new Slice[8];
        var found = SlicesOf(term, ref slices);
        foreach (var slice in slices.AsSpan(0, found))
        foreach (var document in slice.Span)
        {
            action(document);
        }
    }

    private void AddPosting(ReadOnlySpan<byte> key, uint hash, int document, IWordCounts? words)
    {
        var term = Find(key, hash);
        if (term < 0)
        {
            AddTerm(key, hash, document);
            return;
        }

        ref var entry = ref EntryOf(term);
        if (entry.Last == document)
        {
            return;
        }

        entry.Last = document;
        entry.Count++;
        Push(ref entry, document);
        if (words is not null && key[0] == (byte)TermKind.Word && WordCounts.IsStep(entry.Count))
        {
            words.Change(key[1..], WordCounts.Of(entry.Count) - WordCounts.Of(entry.Count - 1));
        }
    }
}
