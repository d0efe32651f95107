using System.Numerics;

namespace Rookery.Search.Index;

/// <summary>
/// Which documents of a segment are removed for good and which are only hidden with their author. One writer; readers look at <see cref="Dead"/>, which
/// is both, and see a bit as soon as it is set.
/// </summary>
internal sealed class SegmentMarks(ulong[] removed, ulong[] dead, WithdrawnTerms? withdrawn = null)
{
    private readonly ulong[] _removed = removed;
    private readonly ulong[] _dead = dead;

    public SegmentMarks(int documents)
        : this(new ulong[WordsOf(documents)], new ulong[WordsOf(documents)])
    {
        RemovedCount = 0;
    }

    public int RemovedCount { get; private set; } = CountIn(removed);

    /// <summary>Of a sealed segment: an open one counts its terms anew.</summary>
    public WithdrawnTerms Withdrawn { get; } = withdrawn ?? new WithdrawnTerms();

    public ReadOnlySpan<ulong> Dead => _dead;

    public ReadOnlySpan<ulong> Removed => _removed;

    public long Bytes => (_removed.Length + _dead.Length) * (long)sizeof(ulong);

    // Windows are read whole: as many words as cover the last of them.
    public static int WordsOf(int documents) =>
        (documents + Window.Size - 1) / Window.Size * (Window.Size / 64);

    public bool IsDead(int document) => Has(_dead, document);

    public bool IsRemoved(int document) => Has(_removed, document);

    public void Remove(int document)
    {
        if (!IsRemoved(document))
        {
            Set(_removed, document);
            Set(_dead, document);
            RemovedCount++;
        }
    }

    public void Hide(int document) => Set(_dead, document);

    /// <summary>Takes a hidden document back; a removed one stays so.</summary>
    public void Show(int document)
    {
        if (!IsRemoved(document))
        {
            ref var word = ref _dead[document >> 6];
            Volatile.Write(ref word, word & ~(1UL << document));
        }
    }

    /// <summary>None is removed or hidden. Nobody may be reading it.</summary>
    public void Clear()
    {
        Array.Clear(_removed);
        Array.Clear(_dead);
        RemovedCount = 0;
    }

    /// <summary>As they are at this moment.</summary>
    public SegmentMarks Copy() => new([.. _removed], [.. _dead], Withdrawn.Copy());

    private static bool Has(ulong[] bits, int document) =>
        (Volatile.Read(ref bits[document >> 6]) & (1UL << document)) != 0;

    private static void Set(ulong[] bits, int document)
    {
        ref var word = ref bits[document >> 6];
        Volatile.Write(ref word, word | (1UL << document));
    }

    private static int CountIn(ulong[] bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }
}
