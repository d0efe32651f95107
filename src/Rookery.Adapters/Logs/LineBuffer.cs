using System.Text;

namespace Rookery.Adapters.Logs;

/// <summary>
/// A line of bounded length in UTF-8, in which nothing that a client sent can end the line or move the cursor of whoever reads it.
/// </summary>
internal sealed class LineBuffer(int capacity)
{
    /// <summary>Stands where something was cut.</summary>
    private const string Cut = "…";

    private static readonly int _cutBytes = Encoding.UTF8.GetByteCount(Cut);

    private readonly byte[] _bytes = new byte[capacity];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Of the program's own making, and short.</summary>
    public void Append(string ours) =>
        _length += Encoding.UTF8.GetBytes(ours, _bytes.AsSpan(_length));

    public void Append(ReadOnlySpan<byte> ours)
    {
        ours.CopyTo(_bytes.AsSpan(_length));
        _length += ours.Length;
    }

    /// <summary>A field of the header: printable ASCII without spaces, or the dash that stands for nothing.</summary>
    public void AppendName(string? name, int most)
    {
        if (string.IsNullOrEmpty(name))
        {
            Append("-"u8);
            return;
        }

        foreach (var letter in name.AsSpan(0, Math.Min(name.Length, most)))
        {
            _bytes[_length++] = letter is > ' ' and <= '~' ? (byte)letter : (byte)'_';
        }
    }

    /// <summary>A value between quotation marks, of so many bytes at most.</summary>
    public void AppendQuoted(string value, int most) => AppendHarmless(value, most, isQuoted: true);

    /// <summary>As much of the text as there is room for.</summary>
    public void AppendText(string text) =>
        AppendHarmless(text, _bytes.Length - _length, isQuoted: false);

    private void AppendHarmless(string text, int most, bool isQuoted)
    {
        var end = Math.Min(_length + most, _bytes.Length);
        Span<byte> piece = stackalloc byte[8];
        var start = _length;
        // Where the mark fits that something was cut.
        var lastFit = _length;
        foreach (var rune in text.EnumerateRunes())
        {
            var size = Write(rune, isQuoted, piece);
            if (_length + size > end)
            {
                _length = lastFit;
                if (end - start >= _cutBytes)
                {
                    Append(Cut);
                }

                return;
            }

            piece[..size].CopyTo(_bytes.AsSpan(_length));
            _length += size;
            lastFit = _length <= end - _cutBytes ? _length : lastFit;
        }
    }

    private static int Write(Rune rune, bool isQuoted, Span<byte> piece)
    {
        switch (rune.Value)
        {
            case '\n':
                "\\n"u8.CopyTo(piece);
                return isQuoted ? Doubled(piece) : 2;
            case '\r':
                "\\r"u8.CopyTo(piece);
                return isQuoted ? Doubled(piece) : 2;
            case '\t':
                "\\t"u8.CopyTo(piece);
                return isQuoted ? Doubled(piece) : 2;
            case '"' or '\\' or ']' when isQuoted:
                piece[0] = (byte)'\\';
                piece[1] = (byte)rune.Value;
                return 2;
            default:
                return IsHarmless(rune.Value)
                    ? rune.EncodeToUtf8(piece)
                    : Escaped(rune, isQuoted, piece);
        }
    }

    private static int Escaped(Rune rune, bool isQuoted, Span<byte> piece)
    {
        Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}", piece);
        return isQuoted ? Doubled(piece, 6) : 6;
    }

    /// <summary>A backslash of ours is a character of the value, and is escaped like any other.</summary>
    private static int Doubled(Span<byte> piece, int size = 2)
    {
        piece[..size].CopyTo(piece[1..]);
        piece[0] = (byte)'\\';
        return size + 1;
    }

    /// <summary>Neither a control character, nor an end of line, nor one that turns the direction of what follows.</summary>
    private static bool IsHarmless(int letter) =>
        letter
            is not (
                < 0x20
                or (>= 0x7f and < 0xa0)
                or 0x061c
                or 0x200e
                or 0x200f
                or 0x2028
                or 0x2029
                or (>= 0x202a and <= 0x202e)
                or (>= 0x2066 and <= 0x2069)
                or 0xfeff
            );
}
