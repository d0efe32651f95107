namespace Rookery.Search;

/// <summary>The scripts that tell how words are divided or which languages a text may be in.</summary>
internal enum Script : byte
{
    None,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Tibetan,
    Georgian,
    Ethiopic,
    Hangul,
    Thai,
    Lao,
    Myanmar,
    Khmer,
    Han,
    Kana,
    OtherUnspaced,
}

internal static class Scripts
{
    /// <summary>One more than the largest script.</summary>
    public const int Count = (int)Script.OtherUnspaced + 1;

    private static readonly (int First, int Last, Script Script)[] Ranges =
    [
        (0x41, 0x24F, Script.Latin),
        (0x250, 0x2AF, Script.Latin),
        (0x370, 0x3FF, Script.Greek),
        (0x400, 0x52F, Script.Cyrillic),
        (0x531, 0x58F, Script.Armenian),
        (0x590, 0x5FF, Script.Hebrew),
        (0x600, 0x6FF, Script.Arabic),
        (0x750, 0x77F, Script.Arabic),
        (0x8A0, 0x8FF, Script.Arabic),
        (0x900, 0x97F, Script.Devanagari),
        (0x980, 0x9FF, Script.Bengali),
        (0xA00, 0xA7F, Script.Gurmukhi),
        (0xA80, 0xAFF, Script.Gujarati),
        (0xB00, 0xB7F, Script.Oriya),
        (0xB80, 0xBFF, Script.Tamil),
        (0xC00, 0xC7F, Script.Telugu),
        (0xC80, 0xCFF, Script.Kannada),
        (0xD00, 0xD7F, Script.Malayalam),
        (0xD80, 0xDFF, Script.Sinhala),
        (0xE00, 0xE7F, Script.Thai),
        (0xE80, 0xEFF, Script.Lao),
        (0xF00, 0xFFF, Script.Tibetan),
        (0x1000, 0x109F, Script.Myanmar),
        (0x10A0, 0x10FF, Script.Georgian),
        (0x1100, 0x11FF, Script.Hangul),
        (0x1200, 0x139F, Script.Ethiopic),
        (0x1780, 0x17FF, Script.Khmer),
        // Tai Le, New Tai Lue; Tai Tham; Balinese, Sundanese, Batak.
        (0x1950, 0x19DF, Script.OtherUnspaced),
        (0x1A20, 0x1AAF, Script.OtherUnspaced),
        (0x1B00, 0x1B7F, Script.OtherUnspaced),
        (0x1E00, 0x1EFF, Script.Latin),
        (0x1F00, 0x1FFF, Script.Greek),
        (0x2E80, 0x2FDF, Script.Han),
        (0x3005, 0x3007, Script.Han),
        (0x3021, 0x3029, Script.Han),
        (0x3038, 0x303B, Script.Han),
        (0x3041, 0x30FF, Script.Kana),
        (0x3100, 0x312F, Script.OtherUnspaced),
        (0x3131, 0x318E, Script.Hangul),
        (0x31A0, 0x31BF, Script.OtherUnspaced),
        (0x31F0, 0x31FF, Script.Kana),
        (0x3400, 0x4DBF, Script.Han),
        (0x4E00, 0x9FFF, Script.Han),
        // Yi.
        (0xA000, 0xA4CF, Script.OtherUnspaced),
        // Javanese, Myanmar's extensions, Tai Viet.
        (0xA980, 0xA9DF, Script.OtherUnspaced),
        (0xA9E0, 0xA9FF, Script.Myanmar),
        (0xAA60, 0xAA7F, Script.Myanmar),
        (0xAA80, 0xAADF, Script.OtherUnspaced),
        (0xAC00, 0xD7FF, Script.Hangul),
        (0xF900, 0xFAFF, Script.Han),
        (0x1B000, 0x1B16F, Script.Kana),
        (0x20000, 0x3FFFF, Script.Han),
    ];

    public static Script Of(int codePoint)
    {
        foreach (var (first, last, script) in Ranges)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return script;
            }
        }

        return Script.None;
    }

    /// <summary>
    /// Whether the script puts no spaces between words, so that neighbouring characters take the place of words. Korean puts them behind the particles that hang on
    /// nearly every noun: its words are found as little as if there were none.
    /// </summary>
    public static bool IsUnspaced(Script script) => script >= Script.Hangul;
}
