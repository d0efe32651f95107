using System.Text;

namespace Rookery.Search;

/// <content>What scripts write in two ways.</content>
internal sealed partial class CutText
{
    /// <summary>The zero-width non-joiner: in Persian the gap inside a word.</summary>
    public const char NarrowGap = '\u200C';

    /// <summary>
    /// Inside a word. In Arabic script a narrow gap stands between what others write as two words, or as one: each of them is a part of the word. In Malayalam a joiner
    /// makes one letter of two, which has a character of its own today.
    /// </summary>
    private void Join<TTokens>(int joiner, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        var word = _word.AsSpan(0, _length);
        if (joiner == NarrowGap && LastOf(word).Value is >= 0x0600 and <= 0x06FF)
        {
            EndPart(ref tokens, goesOn: true);
        }
        else if (joiner == ZeroWidthJoiner && !_isFull && ChilluOf(word) is > 0 and var chillu)
        {
            _length -= 2 * 3;
            AppendToWord(chillu);
        }
    }

    /// <summary>Gives out the part of the word since the last gap, where there was one or is one now.</summary>
    private void EndPart<TTokens>(ref TTokens tokens, bool goesOn = false)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if ((_part > 0 || goesOn) && _part < _length)
        {
            var part = _word.AsSpan(_part, _length - _part);
            tokens.Part(part, part);
            _part = _length;
        }
    }

    /// <summary>The letter that a consonant and its virama at the end of the word are together with a joiner; 0 where they are none.</summary>
    private static int ChilluOf(ReadOnlySpan<byte> word) =>
        word.EndsWith("ണ്"u8) ? 0x0D7A
        : word.EndsWith("ന്"u8) ? 0x0D7B
        : word.EndsWith("ര്"u8) ? 0x0D7C
        : word.EndsWith("ല്"u8) ? 0x0D7D
        : word.EndsWith("ള്"u8) ? 0x0D7E
        : word.EndsWith("ക്"u8) ? 0x0D7F
        : 0;

    private static Rune LastOf(ReadOnlySpan<byte> word)
    {
        Rune.DecodeLastFromUtf8(word, out var last, out _);
        return last;
    }

    /// <summary>Before a consonant of its own kind Devanagari writes a nasal as a letter with a virama or as a point: हिन्दी or हिंदी.</summary>
    private void JoinNasal(int consonant)
    {
        const int Virama = 0x094D;
        const int Point = 0x0902;
        // The rows of the script: four consonants and the nasal that is spoken with them; below the fourth stands one letter more.
        var place = consonant - (consonant >= 0x092A ? 0x092A : 0x0915);
        if (_isFull || consonant is < 0x0915 or > 0x092D or 0x0929 || place % 5 == 4)
        {
            return;
        }

        Span<byte> nasal = stackalloc byte[6];
        new Rune(consonant - (place % 5) + 4).EncodeToUtf8(nasal);
        new Rune(Virama).EncodeToUtf8(nasal[3..]);
        if (_word.AsSpan(0, _length).EndsWith(nasal))
        {
            _length -= nasal.Length;
            AppendToWord(Point);
        }
    }
}
