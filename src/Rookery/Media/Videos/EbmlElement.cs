using System.Numerics;

namespace Rookery.Media.Videos;

/// <summary>One element of a WebM: where it begins, where what is in it begins, and where it ends.</summary>
/// <param name="IsOpen">It says no length: it ends where its parent does, or where something begins that cannot stand in it.</param>
internal readonly record struct EbmlElement(uint Id, int Start, int Body, int End, bool IsOpen)
{
    private const int MostIdBytes = 4;
    private const int MostLengthBytes = 8;

    /// <summary>Of what is in it.</summary>
    public int Length => End - Body;

    /// <summary>The element at a place; false where there is none that ends within <paramref name="end"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, int at, int end, out EbmlElement element)
    {
        element = default;
        var from = at;
        if (
            !TryNumber(file, ref at, end, MostIdBytes, keepsMark: true, out var id, out _)
            || !TryNumber(file, ref at, end, MostLengthBytes, false, out var length, out var isOpen)
            || (!isOpen && length > (ulong)(end - at))
        )
        {
            return false;
        }

        element = new EbmlElement((uint)id, from, at, isOpen ? end : at + (int)length, isOpen);
        return true;
    }

    /// <summary>A number whose first byte says by its leading zeros how many bytes it has.</summary>
    /// <param name="keepsMark">The bit that ends them is part of it, as of an id.</param>
    /// <param name="isUnknown">It has ones alone.</param>
    public static bool TryNumber(
        ReadOnlySpan<byte> file,
        ref int at,
        int end,
        int most,
        bool keepsMark,
        out ulong number,
        out bool isUnknown
    )
    {
        (number, isUnknown) = (0, false);
        if (at >= end)
        {
            return false;
        }

        var bytes = BitOperations.LeadingZeroCount((uint)file[at]) - 23;
        if (bytes > most || at + bytes > end)
        {
            return false;
        }

        for (var i = 0; i < bytes; i++)
        {
            number = (number << 8) | file[at + i];
        }

        var mark = 1UL << (7 * bytes);
        isUnknown = number == (mark << 1) - 1;
        number = keepsMark ? number : number - mark;
        at += bytes;
        return true;
    }
}

/// <summary>Goes through elements, so many and no more, and notes the first thing that is wrong.</summary>
internal ref struct EbmlElements(ReadOnlySpan<byte> file)
{
    /// <summary>Of a whole file, some gone through twice: an hour with its sound, and room.</summary>
    private const int Most = 2_000_000;

    private int _count;

    public ReadOnlySpan<byte> File { get; } = file;

    /// <summary>What follows the word file; null while nothing is wrong.</summary>
    public string? Wrong { get; private set; }

    public void Refuse(string why) => Wrong ??= why;

    public void RefuseBroken() =>
        Refuse("begins as a WebM does and is none, or is cut off; it must be a whole video.");

    /// <summary>The next element; false where there is none, and where something is wrong.</summary>
    public bool TryNext(int at, int end, out EbmlElement element)
    {
        element = default;
        if (Wrong is not null || at == end)
        {
            return false;
        }

        if (++_count > Most)
        {
            Refuse($"has more than {Most} elements; it must have fewer.");
            return false;
        }

        if (
            EbmlElement.TryRead(File, at, end, out element)
            && (!element.IsOpen || element.Id is WebMNames.Segment or WebMNames.Cluster)
        )
        {
            return true;
        }

        RefuseBroken();
        return false;
    }

    /// <summary>The first with this id that stands in the parent.</summary>
    public bool TryFind(EbmlElement parent, uint id, out EbmlElement found)
    {
        for (var at = parent.Body; TryNext(at, parent.End, out found); at = found.End)
        {
            if (found.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Without the zeros that may fill it.</summary>
    public ReadOnlySpan<byte> TextOf(EbmlElement element) =>
        File[element.Body..element.End].TrimEnd((byte)0);

    public ulong NumberOf(EbmlElement element)
    {
        if (EbmlValues.NumberIn(File[element.Body..element.End]) is { } number)
        {
            return number;
        }

        RefuseBroken();
        return 0;
    }

    public double FloatOf(EbmlElement element)
    {
        if (EbmlValues.FloatIn(File[element.Body..element.End]) is { } number)
        {
            return number;
        }

        RefuseBroken();
        return 0;
    }
}
