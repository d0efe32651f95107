using System.Globalization;
using System.Text;

namespace Rookery.Search;

/// <summary>
/// Takes HTML out of a text. Posts are plain text, but imported ones can hold entities and tags. Only the tags of posts are taken for tags: "a &lt; b"
/// and "&lt;3" are text. An inline tag leaves nothing, one that begins a line a space.
/// </summary>
internal static class Markup
{
    // Longest by far is a link's tag with its address.
    private const int MaxTag = 2_100;
    private const int MaxEntity = 10;

    private static readonly string[] Inline =
    [
        "a",
        "abbr",
        "b",
        "code",
        "del",
        "em",
        "i",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    ];

    private static readonly string[] Blocks =
    [
        "blockquote",
        "br",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "ul",
    ];

    private static readonly (string Name, char Character)[] Entities =
    [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("shy", '\u00AD'),
        ("zwnj", '\u200C'),
        ("zwj", '\u200D'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
    ];

    /// <summary>Never longer than the text.</summary>
    /// <returns>The units written.</returns>
    public static int Remove(ReadOnlySpan<char> text, Span<char> plain)
    {
        var length = 0;
        while (text.IndexOfAny('&', '<') is var at and >= 0)
        {
            text[..at].CopyTo(plain[length..]);
            length += at;
            text = text[at..];
            var (taken, written) =
                text[0] == '<' ? Tag(text, plain[length..]) : Entity(text, plain[length..]);
            if (taken == 0)
            {
                plain[length] = text[0];
                (taken, written) = (1, 1);
            }
            else if (written == 0 && length > 0 && char.IsHighSurrogate(plain[length - 1]))
            {
                // What stands apart are halves of no character.
                plain[length] = ' ';
                written = 1;
            }

            length += written;
            text = text[taken..];
        }

        text.CopyTo(plain[length..]);
        return length + text.Length;
    }

    private static (int Taken, int Written) Tag(ReadOnlySpan<char> text, Span<char> plain)
    {
        var near = text[..Math.Min(text.Length, MaxTag)];
        var from = near.Length > 1 && near[1] == '/' ? 2 : 1;
        var to = from;
        while (to < near.Length && char.IsAsciiLetterOrDigit(near[to]) && to - from < 11)
        {
            to++;
        }

        var end = EndOfTag(near, to);
        var isBlock = IsOneOf(Blocks, near[from..to]);
        if (end == 0 || !(isBlock || IsOneOf(Inline, near[from..to])))
        {
            return (0, 0);
        }

        plain[0] = ' ';
        return (end, isBlock ? 1 : 0);
    }

    /// <summary>After the &gt;, or 0: a tag's name is followed by its attributes, which hold no &lt;.</summary>
    private static int EndOfTag(ReadOnlySpan<char> text, int nameEnd)
    {
        if (nameEnd >= text.Length || text[nameEnd] is not ('>' or '/' or ' ' or '\n' or '\t'))
        {
            return 0;
        }

        var end = text[nameEnd..].IndexOfAny('<', '>');
        return end >= 0 && text[nameEnd + end] == '>' ? nameEnd + end + 1 : 0;
    }

    private static (int Taken, int Written) Entity(ReadOnlySpan<char> text, Span<char> plain)
    {
        var end = text[..Math.Min(text.Length, MaxEntity)].IndexOf(';');
        if (end < 3)
        {
            return (0, 0);
        }

        var name = text[1..end];
        foreach (var (known, character) in Entities)
        {
            if (name.SequenceEqual(known))
            {
                plain[0] = character;
                return (end + 1, 1);
            }
        }

        return name[0] == '#' && Number(name[1..]) is { } rune
            ? (end + 1, rune.EncodeToUtf16(plain))
            : (0, 0);
    }

    private static Rune? Number(ReadOnlySpan<char> digits)
    {
        var isHex = digits[0] is 'x' or 'X';
        return
            int.TryParse(
                isHex ? digits[1..] : digits,
                isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var value
            ) && Rune.IsValid(value)
            ? new Rune(value)
            : null;
    }

    private static bool IsOneOf(string[] names, ReadOnlySpan<char> name)
    {
        foreach (var known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
