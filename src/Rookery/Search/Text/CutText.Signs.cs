using System.Text;
using Rookery.Posts;

namespace Rookery.Search;

/// <content>Signs that say what stands after or before them.</content>
internal sealed partial class CutText
{
    private const int ZeroWidthJoiner = 0x200D;

    // What French and Italian write together with the next word.
    private static readonly byte[][] Articles =
    [
        .. "l d j m t s n c qu dell all nell sull dall un"
            .Split(' ')
            .Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Behind a word. Nothing, a possessive, or the end of an article.</summary>
    private int Apostrophe<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var next = FirstLetter(text, at + 1);
        if (next == 0)
        {
            EndWord(ref tokens);
            return 1;
        }

        if (next == 's' && FirstLetter(text, at + 2) == 0)
        {
            EndWord(ref tokens);
            return 2;
        }

        if (next is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'h' && IsArticle())
        {
            EndWord(ref tokens);
        }

        return 1;
    }

    private bool IsArticle()
    {
        var word = _word.AsSpan(0, _length);
        foreach (var article in Articles)
        {
            if (word.SequenceEqual(article))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The folded letter or digit that a word would go on with, or 0.</summary>
    private static int FirstLetter(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length)
        {
            return 0;
        }

        Rune.DecodeFromUtf16(text[at..], out var rune, out _);
        var folded = FoldTable.Of(rune.Value);
        folded = folded.IsMany ? FoldTable.Sequence(rune.Value)[0] : folded;
        return folded.Role is CharacterRole.Letter or CharacterRole.Mark ? folded.CodePoint : 0;
    }

    /// <summary>C++, C#, F#: one letter before the sign, and no word behind.</summary>
    private bool TakesSign(ReadOnlySpan<char> text, int at)
    {
        var sign = SignLength(text, at);
        return sign > 0
            && _length == 1
            && _word[0] is >= (byte)'a' and <= (byte)'z'
            && FirstLetter(text, at + sign) == 0
            && (at + sign == text.Length || text[at + sign] is not ('+' or '#'));
    }

    private static int SignLength(ReadOnlySpan<char> text, int at) =>
        text[at] == '#' ? 1
        : text[at..].StartsWith("++") ? 2
        : 0;

    private int SignedWord<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var sign = SignLength(text, at);
        for (var i = 0; i < sign; i++)
        {
            AppendToWord(text[at]);
        }

        EndWord(ref tokens);
        return sign;
    }

    /// <summary>A hashtag or mention whose sign is at <paramref name="at"/>. Its words are cut like all others.</summary>
    private void Entity<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (text[at] == '@')
        {
            Named(TermKind.Mention, text.Slice(at, Mention.LengthAt(text, at)), ref tokens);
            return;
        }

        var tag = text.Slice(at, Hashtag.LengthAt(text, at));
        Named(TermKind.Hashtag, tag, ref tokens);
        if (tag.Length > 0)
        {
            Parts(tag[1..], ref tokens);
            PartBeforeUnseen(text, at, tag, ref tokens);
        }
    }

    /// <summary>What cannot be seen ends a hashtag, as people use it ("#rook", a zero-width space, "ery"), but no word.</summary>
    private void PartBeforeUnseen<TTokens>(
        ReadOnlySpan<char> text,
        int at,
        ReadOnlySpan<char> tag,
        ref TTokens tokens
    )
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var end = at + tag.Length;
        if (end < text.Length && FoldTable.Of(text[end]).Role == CharacterRole.Dropped)
        {
            Part(tag[1..], ref tokens);
        }
    }

    private void Named<TTokens>(TermKind kind, ReadOnlySpan<char> named, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var term = FoldedName(named.IsEmpty ? named : named[1..], _term);
        if (!term.IsEmpty)
        {
            tokens.Entity(kind, term);
        }
    }

    /// <summary>A hashtag's or mention's name, without its sign, as its term.</summary>
    public static ReadOnlySpan<byte> FoldedName(ReadOnlySpan<char> name, Span<byte> buffer)
    {
        var term = new TermBuffer(buffer);
        var hash = TermBuffer.EmptyHash;
        foreach (var rune in name.EnumerateRunes())
        {
            term.AppendFolded(rune, ref hash);
        }

        return term.Written;
    }

    /// <summary>The words of a tag that is written like #BlackLivesMatter; none where it is one word.</summary>
    private void Parts<TTokens>(ReadOnlySpan<char> tag, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var from = 0;
        for (var at = 1; at <= tag.Length; at++)
        {
            if (at < tag.Length && !IsPartStart(tag, at))
            {
                continue;
            }

            if (from > 0 || at < tag.Length)
            {
                Part(tag[from..at].Trim('_'), ref tokens);
            }

            from = at;
        }
    }

    // A capital after a small letter or a digit, or before a small one: "HTMLParser" is "HTML" and "Parser".
    private static bool IsPartStart(ReadOnlySpan<char> tag, int at) =>
        char.IsUpper(tag[at])
        && (
            char.IsLower(tag[at - 1])
            || char.IsDigit(tag[at - 1])
            || (at + 1 < tag.Length && char.IsLower(tag[at + 1]) && char.IsLetter(tag[at - 1]))
        );

    private void Part<TTokens>(ReadOnlySpan<char> part, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (part.Contains('_'))
        {
            return;
        }

        var word = FoldedName(part, _term);
        if (!word.IsEmpty)
        {
            tokens.Part(word, StemOf(word));
        }
    }

    /// <summary>The link whose scheme is the word before a colon: its units before the colon, and all.</summary>
    private (int Before, int Length) LinkLength(ReadOnlySpan<char> text, int at)
    {
        var word = _word.AsSpan(0, _length);
        return
            text[at..].StartsWith("://")
            && (word.SequenceEqual("http"u8) || word.SequenceEqual("https"u8))
            && at >= _length
            && text[at - _length] is 'h' or 'H'
            ? (_length, Posts.Link.LengthAt(text, at - _length))
            : default;
    }

    private void Link<TTokens>(ReadOnlySpan<char> link, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var address = new LinkAddress(link);
        for (var name = address.HostName; !name.IsEmpty; name = LinkAddress.Above(name))
        {
            var host = LinkAddress.Host(name, _term);
            if (!host.IsEmpty)
            {
                tokens.Entity(TermKind.Link, host);
            }
        }

        if (address.HasPort)
        {
            tokens.Entity(TermKind.Link, address.Authority(_term));
        }

        if (address.HasPath)
        {
            tokens.Entity(TermKind.Link, address.PageAddress(_term));
        }

        if (address.HasFragment)
        {
            tokens.Entity(TermKind.Link, address.Whole(_term));
        }

        tokens.Link();
    }

    /// <summary>
    /// An emoji or sign. Skin tones, variation selectors and joiners are dropped, so that a joined sequence is its parts side by side, and a sex that is
    /// joined to it too; two regional indicators are one flag.
    /// </summary>
    private int Symbol<TTokens>(ReadOnlySpan<char> text, int at, Rune rune, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        EndWord(ref tokens);
        EndRun(ref tokens);
        if (rune.Value is 0x2640 or 0x2642 && at > 0 && text[at - 1] == ZeroWidthJoiner)
        {
            return 1;
        }

        AppendToWord(rune.Value);
        var units = rune.Utf16SequenceLength;
        if (IsRegionalIndicator(rune))
        {
            Rune.DecodeFromUtf16(text[(at + units)..], out var next, out var nextUnits);
            if (IsRegionalIndicator(next))
            {
                AppendToWord(next.Value);
                units += nextUnits;
            }
        }

        EndWord(ref tokens);
        return units;
    }

    private static bool IsRegionalIndicator(Rune rune) => rune.Value is >= 0x1F1E6 and <= 0x1F1FF;
}
