using System.Buffers.Binary;
using System.Text;

namespace Rookery.Media.Videos;

/// <summary>One box of an MP4: where it begins, where what is in it does, and where it ends.</summary>
/// <param name="Type">Its four letters, whatever bytes they are.</param>
internal readonly record struct Mp4Box(string Type, int Start, int Body, int End)
{
    public const int HeaderBytes = 8;

    /// <summary>Of what is in it.</summary>
    public int Length => End - Body;

    /// <summary>The box at a place; false where there is none that ends within <paramref name="end"/>.</summary>
    /// <param name="mayBeOpen">One that says no length goes to the end: only the last of a file may.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> file,
        int at,
        int end,
        bool mayBeOpen,
        out Mp4Box box
    )
    {
        box = default;
        if (end - at < HeaderBytes)
        {
            return false;
        }

        var length = (long)BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        var body = at + HeaderBytes;
        if (length == 1)
        {
            body += sizeof(ulong);
            if (
                body > end
                || BinaryPrimitives.ReadUInt64BigEndian(file[(at + HeaderBytes)..])
                    is > int.MaxValue
            )
            {
                return false;
            }

            length = BinaryPrimitives.ReadInt64BigEndian(file[(at + HeaderBytes)..]);
        }
        else if (length == 0 && mayBeOpen)
        {
            length = end - at;
        }

        if (length < body - at || length > end - at)
        {
            return false;
        }

        var type = Encoding.Latin1.GetString(file.Slice(at + sizeof(uint), 4));
        box = new Mp4Box(type, at, body, at + (int)length);
        return true;
    }
}

/// <summary>Goes through boxes, so many and no more, and notes the first thing that is wrong.</summary>
internal ref struct Mp4Boxes(ReadOnlySpan<byte> file)
{
    /// <summary>Of a whole file, all gone through twice. A usual one has about a hundred; ten minutes in fragments of half a second have about twenty thousand.</summary>
    private const int Most = 60_000;

    private int _count;

    public ReadOnlySpan<byte> File { get; } = file;

    /// <summary>What follows the word file; null while nothing is wrong.</summary>
    public string? Wrong { get; private set; }

    public void Refuse(string why) => Wrong ??= why;

    /// <summary>What was cut off, or never was one.</summary>
    public void RefuseBroken() =>
        Refuse("begins as an MP4 does and is none, or is cut off; it must be a whole video.");

    /// <summary>Those that stand side by side, in their order. Less than a header at the end is none.</summary>
    public List<Mp4Box> Between(int from, int end, bool mayBeOpen = false)
    {
        var boxes = new List<Mp4Box>();
        for (var at = from; end - at >= Mp4Box.HeaderBytes; )
        {
            if (++_count > Most)
            {
                Refuse(
                    $"has more than {Most} boxes; it must be saved again with a program for videos."
                );
                break;
            }

            if (!Mp4Box.TryRead(File, at, end, mayBeOpen, out var box))
            {
                RefuseBroken();
                break;
            }

            boxes.Add(box);
            at = box.End;
        }

        return boxes;
    }

    public List<Mp4Box> In(Mp4Box box) => Between(box.Body, box.End);

    /// <summary>The first of its type; broken where there is none.</summary>
    public Mp4Box Needed(List<Mp4Box> boxes, string type)
    {
        foreach (var box in boxes)
        {
            if (box.Type == type)
            {
                return box;
            }
        }

        RefuseBroken();
        return default;
    }

    /// <summary>A number of four or eight bytes; 0, and broken, where the box does not have it.</summary>
    public long Number(Mp4Box box, long offset, int bytes = 4)
    {
        if (offset < 0 || offset + bytes > box.Length)
        {
            RefuseBroken();
            return 0;
        }

        var number = File.Slice(box.Body + (int)offset, bytes);
        return bytes == 8
            ? BinaryPrimitives.ReadInt64BigEndian(number)
            : BinaryPrimitives.ReadUInt32BigEndian(number);
    }

    /// <summary>The three behind it say what else stands there.</summary>
    public long Flags(Mp4Box box) => Number(box, 0) & 0xFFFFFF;

    /// <summary>The first byte of most boxes says how wide their times are.</summary>
    public bool IsWide(Mp4Box box) => Number(box, 0) >> 24 == 1;
}
