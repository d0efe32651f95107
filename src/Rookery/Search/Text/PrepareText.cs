using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rookery.Search;

/// <summary>
/// Makes a text ready to be cut, character by character: markup taken out, composed, well-formed. Most texts are that already and come back as they are.
/// Reuses its buffers: one per thread. Composing a text costs 96 bytes of the framework's; a stored post is composed already.
/// </summary>
internal sealed class PrepareText
{
    /// <summary>What stands beyond is not looked at; a post of the usual limit has at most 10,000 units.</summary>
    public const int MaxUnits = 1 << 16;

    // As the stream-safe format of UAX #15: no language needs more, and normalisation takes more than linear time to sort them.
    private const int MaxMarks = 30;

    // What joins with the character before it to another letter.
    private static readonly SearchValues<char> Joining = SearchValues.Create([
        .. Units(0x0300, 0x0345),
        .. Units(0x0653, 0x0655),
        .. Units(0x1100, 0x11FF),
        .. Units(0x3099, 0x309A),
        .. Units(HalfWidthVoiced, HalfWidthVoiced + 1),
    ]);

    private const char HalfWidthVoiced = '\uFF9E';
    private const char HalfWidthKana = '\uFF66';

    // The marks of voice must stand behind kana that they join with.
    private const string FullWidthKana =
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    private char[] _plain = [];
    private char[] _clean = [];
    private char[] _composed = [];

    /// <summary>The text itself, or a buffer that lasts until the next call.</summary>
    public ReadOnlySpan<char> Handle(ReadOnlySpan<char> text)
    {
        var bounded = text.Length > MaxUnits ? text[..MaxUnits] : text;
        if (bounded.ContainsAny('&', '<'))
        {
            Grow(ref _plain, bounded.Length);
            bounded = _plain.AsSpan(0, Markup.Remove(bounded, _plain));
        }

        return Ascii.IsValid(bounded) ? bounded : Composed(bounded);
    }

    /// <summary>The same but for markup.</summary>
    /// <param name="text">At most <see cref="MaxUnits"/>.</param>
    public ReadOnlySpan<char> Composed(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny(Joining))
        {
            return text;
        }

        Grow(ref _clean, text.Length);
        var clean = _clean.AsSpan(0, WithoutHazards(text, _clean));
        // No composed text is longer than three times its source.
        Grow(ref _composed, 3 * text.Length);
        return clean.TryNormalize(_composed, out var written, NormalizationForm.FormC)
            ? _composed.AsSpan(0, written)
            : clean;
    }

    /// <summary>Spaces for what normalisation throws on; long runs of marks are cut.</summary>
    private static int WithoutHazards(ReadOnlySpan<char> text, Span<char> clean)
    {
        var (at, length, marks) = (0, 0, 0);
        while (at < text.Length)
        {
            var isWhole = Rune.DecodeFromUtf16(text[at..], out var rune, out var units);
            marks = IsMark(rune) ? marks + 1 : 0;
            if (isWhole != OperationStatus.Done || (rune.Value & 0xFFFE) == 0xFFFE)
            {
                clean[length++] = ' ';
            }
            else if (marks <= MaxMarks)
            {
                text.Slice(at, units).CopyTo(clean[length..]);
                clean[length] = FullWidth(clean[length]);
                length += units;
            }

            at += units;
        }

        return length;
    }

    private static char FullWidth(char unit) =>
        unit is >= HalfWidthKana and <= (char)(HalfWidthVoiced + 1)
            ? FullWidthKana[unit - HalfWidthKana]
            : unit;

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static void Grow(ref char[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new char[Math.Max(length + 64, 2 * buffer.Length)];
        }
    }

    private static IEnumerable<char> Units(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(unit => (char)unit);
}
