using System.Globalization;
using System.Text;

namespace Rookery.Search;

/// <summary>What a folded character does to the word before it.</summary>
internal enum CharacterRole : byte
{
    /// <summary>Ends a word.</summary>
    Separator,

    /// <summary>Cannot be seen or does not matter: neither a part nor an end of a word.</summary>
    Dropped,

    /// <summary>A letter or digit of a script with spaces.</summary>
    Letter,

    /// <summary>Belongs to the letter before it: a vowel sign.</summary>
    Mark,

    /// <summary>A character of a script without spaces.</summary>
    Unspaced,

    /// <summary>Belongs to the unspaced character before it.</summary>
    UnspacedMark,

    /// <summary>A word of its own: emoji and the like.</summary>
    Symbol,
}

/// <summary>
/// A character as it is searched: its role, its folded code point and its script, in 32 bits; or, for the few that unfold into several, the place of
/// those in <see cref="FoldTable"/>.
/// </summary>
internal readonly record struct FoldedCharacter(uint Bits)
{
    private const int RoleShift = 21;
    private const int ScriptShift = 24;
    private const uint ManyBit = 1u << 31;

    public FoldedCharacter(CharacterRole role, int codePoint, Script script)
        : this((uint)codePoint | ((uint)role << RoleShift) | ((uint)script << ScriptShift)) { }

    public CharacterRole Role => (CharacterRole)((Bits >> RoleShift) & 7);

    public int CodePoint => (int)(Bits & 0x1FFFFF);

    public Script Script => (Script)((Bits >> ScriptShift) & 0x7F);

    /// <summary><see cref="CodePoint"/> is then the place of the sequence, and there is no role.</summary>
    public bool IsMany => (Bits & ManyBit) != 0;

    public static FoldedCharacter Many(int place) => new((uint)place | ManyBit);
}

/// <summary>
/// Each character's folded form: compatibility forms, case, width and diacritics do not matter, marks that are a letter's substance do. Made page
/// by page at the first use, so that nothing is normalised or allocated while posts are indexed. Used from all threads.
/// </summary>
internal static class FoldTable
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    // A page is written once made; that two threads may make the same one does no harm.
    private static readonly Page?[] Pages = new Page?[0x110000 >> PageBits];

    private sealed record Page(FoldedCharacter[] Characters, FoldedCharacter[][] Sequences);

    public static FoldedCharacter Of(int codePoint)
    {
        var page = Volatile.Read(ref Pages[codePoint >> PageBits]) ?? Make(codePoint >> PageBits);
        return page.Characters[codePoint & (PageSize - 1)];
    }

    /// <summary>What a character unfolds into of which <see cref="FoldedCharacter.IsMany"/> is true.</summary>
    public static ReadOnlySpan<FoldedCharacter> Sequence(int codePoint)
    {
        var page = Pages[codePoint >> PageBits]!;
        return page.Sequences[page.Characters[codePoint & (PageSize - 1)].CodePoint];
    }

    private static Page Make(int number)
    {
        var characters = new FoldedCharacter[PageSize];
        var sequences = new List<FoldedCharacter[]>();
        for (var i = 0; i < PageSize; i++)
        {
            var folded = FoldRules.Fold((number << PageBits) + i);
            characters[i] = folded switch
            {
                [] => new FoldedCharacter(CharacterRole.Dropped, 0, Script.None),
                [var one] => Entry(one),
                _ => FoldedCharacter.Many(sequences.Count),
            };
            if (folded.Count > 1)
            {
                sequences.Add([.. folded.Select(Entry)]);
            }
        }

        var page = new Page(characters, [.. sequences]);
        Volatile.Write(ref Pages[number], page);
        return page;
    }

    private static FoldedCharacter Entry(int codePoint)
    {
        var script = Scripts.Of(codePoint);
        return new FoldedCharacter(RoleOf(codePoint, script), codePoint, script);
    }

    private static CharacterRole RoleOf(int codePoint, Script script)
    {
        if (!Rune.IsValid(codePoint))
        {
            return CharacterRole.Separator;
        }

        if (IsSymbol(codePoint))
        {
            return CharacterRole.Symbol;
        }

        var isUnspaced = Scripts.IsUnspaced(script);
        return Rune.GetUnicodeCategory(new Rune(codePoint)) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.OtherNumber => isUnspaced
                ? CharacterRole.Unspaced
                : CharacterRole.Letter,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => isUnspaced
                ? CharacterRole.UnspacedMark
                : CharacterRole.Mark,
            _ => CharacterRole.Separator,
        };
    }

    // Arrows to miscellaneous symbols, and the planes of emoji. What is a letter there in disguise has unfolded before.
    private static bool IsSymbol(int codePoint) =>
        codePoint is (>= 0x2190 and <= 0x2BFF) or (>= 0x1F000 and <= 0x1FAFF)
        && Rune.GetUnicodeCategory(new Rune(codePoint))
            is UnicodeCategory.OtherSymbol
                or UnicodeCategory.MathSymbol
                or UnicodeCategory.ModifierSymbol
                or UnicodeCategory.OtherNotAssigned
        && codePoint
            is not (
                >= 0x2200
                and <= 0x22FF
                or >= 0x2500
                and <= 0x259F
                or >= 0x27C0
                and <= 0x28FF
                or >= 0x2980
                and <= 0x2AFF
            );
}
