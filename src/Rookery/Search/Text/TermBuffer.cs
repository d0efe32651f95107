using System.Text;

namespace Rookery.Search;

/// <summary>A term while it is written: what does not fit into <see cref="MaxLength"/> bytes is left out, and all that follows it.</summary>
internal ref struct TermBuffer(Span<byte> bytes)
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int MaxLength = 64;

    /// <summary>FNV-1a of nothing.</summary>
    public const ulong EmptyHash = 14695981039346656037;

    private const ulong HashPrime = 1099511628211;

    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    /// <summary>True when something was left out.</summary>
    public bool IsFull { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes[..Length];

    public void Append(int codePoint)
    {
        if (IsFull)
        {
            return;
        }

        var rune = new Rune(codePoint);
        if (Length + rune.Utf8SequenceLength > MaxLength)
        {
            IsFull = true;
            return;
        }

        Length += rune.EncodeToUtf8(_bytes[Length..]);
    }

    /// <summary>As <see cref="FoldTable"/> has it; what is no part of a word stays as it is.</summary>
    /// <param name="hash">FNV-1a of all code points so far, those that were left out too.</param>
    public void AppendFolded(Rune rune, ref ulong hash)
    {
        var folded = FoldTable.Of(rune.Value);
        if (folded.IsMany)
        {
            foreach (var part in FoldTable.Sequence(rune.Value))
            {
                Append(new Rune(part.CodePoint), ref hash);
            }
        }
        else if (folded.Role != CharacterRole.Dropped)
        {
            Append(new Rune(folded.CodePoint), ref hash);
        }
    }

    /// <summary>As it is.</summary>
    /// <param name="hash">As in <see cref="AppendFolded"/>.</param>
    public void Append(Rune rune, ref ulong hash)
    {
        hash = (hash ^ (uint)rune.Value) * HashPrime;
        Append(rune.Value);
    }

    /// <summary>The largest length up to <paramref name="length"/> that cuts no character.</summary>
    public static int Floor(ReadOnlySpan<byte> utf8, int length)
    {
        var floor = Math.Min(length, utf8.Length);
        while (floor > 0 && floor < utf8.Length && (utf8[floor] & 0xC0) == 0x80)
        {
            floor--;
        }

        return floor;
    }
}
