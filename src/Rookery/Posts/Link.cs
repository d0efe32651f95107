using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rookery.Posts;

internal static class Link
{
    // What ends a sentence or a quotation in text written without spaces, and what no address holds unescaped.
    private const string Stops = "<>\"`{}|\\^«»“”„‘’…、。〈〉《》「」『』【】〔〕！，．：；？（）";

    private static readonly SearchValues<char> UserInfoEnds = SearchValues.Create("/?# \n\t@");

    /// <summary>What no link ends with.</summary>
    public const string Trailing = ".,;:!?'\"";

    /// <summary>The length of the http(s) link at <paramref name="at"/>, or 0.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        // As in "見てhttps://…" a link may follow a letter of a script without spaces.
        if (
            at > 0
            && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '@' or '#')
        )
        {
            return 0;
        }

        var rest = text[at..];
        var scheme = SchemeLength(rest);
        var host = scheme == 0 ? 0 : HostLength(rest[scheme..]);
        if (host == 0)
        {
            return 0;
        }

        var authority = scheme + host;
        authority += PortLength(rest[authority..]);
        return authority < rest.Length && rest[authority] is '/' or '?' or '#'
            ? authority + PathLength(rest[authority..])
            : authority;
    }

    private static int SchemeLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return "https://".Length;
        }

        return text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            ? "http://".Length
            : 0;
    }

    // Labels of letters, digits, marks, - and _ with single dots between. User names before an @ are refused: they are for deceiving.
    private static int HostLength(ReadOnlySpan<char> text)
    {
        var (at, end, inLabel) = (0, 0, false);
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var units);
            var isLetter = Rune.IsLetterOrDigit(rune);
            if (!isLetter && !(inLabel && (rune.Value == '.' || IsInsideLabel(rune))))
            {
                break;
            }

            inLabel = rune.Value != '.';
            at += units;
            end = isLetter || IsMark(rune) ? at : end;
        }

        return IsUserInfo(text[at..]) ? 0 : end;
    }

    private static bool IsUserInfo(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(':'))
        {
            return text.StartsWith('@');
        }

        // Passwords are short: a bound keeps the scan linear.
        var near = text[..Math.Min(text.Length, 64)];
        var end = near.IndexOfAny(UserInfoEnds);
        return end >= 0 && near[end] == '@';
    }

    private static bool IsInsideLabel(Rune rune) =>
        rune.Value is '-' or '_' or 0x200C or 0x200D || IsMark(rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;

    private static int PortLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(':'))
        {
            return 0;
        }

        var digits = 0;
        while (digits < 5 && digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
        }

        return digits == 0 ? 0 : digits + 1;
    }

    private static int PathLength(ReadOnlySpan<char> text)
    {
        var (at, round, square) = (0, 0, 0);
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var units);
            if (Ends(rune))
            {
                break;
            }

            round += Depth(text[at], '(', ')');
            square += Depth(text[at], '[', ']');
            at += units;
        }

        return WithoutTrailing(text[..at], round, square);
    }

    // A closing bracket belongs to the link only when the link opened it: "(see https://…/Rook_(bird))".
    private static int WithoutTrailing(ReadOnlySpan<char> path, int round, int square)
    {
        var end = path.Length;
        while (end > 0)
        {
            var last = path[end - 1];
            if (last == ')' && round < 0)
            {
                round++;
            }
            else if (last == ']' && square < 0)
            {
                square++;
            }
            // A joiner joins nothing there, and would hide the bracket before it.
            else if (last is not ('\u200C' or '\u200D') && !Trailing.Contains(last))
            {
                break;
            }

            end--;
        }

        return end;
    }

    private static int Depth(char unit, char opens, char closes) =>
        unit == opens ? 1
        : unit == closes ? -1
        : 0;

    // Directional marks and zero-width spaces end a link; joiners are part of words in it.
    private static bool Ends(Rune rune) =>
        Rune.IsWhiteSpace(rune)
        || (rune.IsBmp && Stops.Contains((char)rune.Value))
        || (
            Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            && rune.Value is not (0x200C or 0x200D)
        );
}
