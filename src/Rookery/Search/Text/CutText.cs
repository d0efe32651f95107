using System.Text;

namespace Rookery.Search;

/// <summary>
/// Cuts a text into what can be searched: folded words, characters of scripts without spaces, hashtags, mentions, links, emoji. One pass, in time
/// linear in the text; nothing is allocated once the buffers have grown. One per thread.
/// </summary>
/// <remarks>
/// A word is a run of letters, digits and marks; "_" and all other signs end it ("x_y" are two words), except that an apostrophe inside leaves no trace
/// ("don't" is "dont"), a possessive 's is cut, a French or Italian article is a word of its own ("l'homme"), and "C++", "C#" and "F#" are words. What shows nothing
/// leaves no trace either, as it only says where a line may break or letters join; but what Persian writes with a narrow gap is its parts too.
/// </remarks>
internal sealed partial class CutText
{
    // A character with its marks takes half a term at most, so that two of them make one.
    private const int MaxCharacter = TermBuffer.MaxLength / 2;

    // 0 for what is no ASCII letter or digit, else its lower case.
    private static ReadOnlySpan<byte> Letters => Folded;

    private static readonly byte[] Folded =
    [
        .. Enumerable
            .Range(0, 128)
            .Select(unit =>
                char.IsAsciiLetterOrDigit((char)unit)
                    ? (byte)char.ToLowerInvariant((char)unit)
                    : (byte)0
            ),
    ];

    private readonly PrepareText _prepare = new();

    // Room behind the longest word, for reading 16 bytes anywhere.
    private readonly byte[] _word = new byte[TermBuffer.MaxLength + 16];
    private readonly byte[] _stem = new byte[TermBuffer.MaxLength];
    private readonly byte[] _run = new byte[TermBuffer.MaxLength];
    private readonly byte[] _term = new byte[TermBuffer.MaxLength];

    private int _length;
    private bool _isFull;

    // Where the word's last part begins, 0 where it has none.
    private int _part;

    // The run's characters so far; the last two stand in _run, the one before the last ending at _previous.
    private int _characters;
    private int _previous;
    private int _runLength;
    private LanguageGuess _language;

    /// <summary>Of the text that was cut last: see <see cref="LanguageGuess.Code"/>.</summary>
    public ReadOnlySpan<byte> Language => _language.Code();

    public void Handle<TTokens>(ReadOnlySpan<char> text, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        _language = default;
        var prepared = _prepare.Handle(text);
        for (var at = 0; at < prepared.Length; )
        {
            var unit = prepared[at];
            at +=
                unit >= 128 ? Other(prepared, at, ref tokens)
                : Letters[unit] != 0 ? Run(prepared, at, ref tokens)
                : Sign(prepared, at, ref tokens);
        }

        EndWord(ref tokens);
        EndRun(ref tokens);
    }

    /// <summary>ASCII letters and digits, as far as they reach.</summary>
    private int Run<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        EndRun(ref tokens);
        var (word, length, from) = (_word, _length, at);
        for (; at < text.Length && text[at] is < (char)128 and var unit; at++)
        {
            var folded = Letters[unit];
            if (folded == 0)
            {
                break;
            }

            if (length < TermBuffer.MaxLength && !_isFull)
            {
                word[length++] = folded;
            }
            else
            {
                _isFull = true;
            }
        }

        _length = length;
        return at - from;
    }

    private int Sign<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (_length > 0)
        {
            if (text[at] == '\'')
            {
                return Apostrophe(text, at, ref tokens);
            }

            if (text[at] == '"' && QuerySigns.IsInHebrew(text, at))
            {
                return 1;
            }

            if (text[at] is '+' or '#' && TakesSign(text, at))
            {
                return SignedWord(text, at, ref tokens);
            }

            if (text[at] == ':' && LinkLength(text, at) is var (before, link) && link > 0)
            {
                ForgetWord();
                Link(text.Slice(at - before, link), ref tokens);
                return link - before;
            }

            EndWord(ref tokens);
        }

        EndRun(ref tokens);
        if (text[at] is '#' or '@')
        {
            Entity(text, at, ref tokens);
        }

        return 1;
    }

    /// <summary>A character beyond ASCII: folded by the table, one by one where it unfolds into several.</summary>
    private int Other<TTokens>(ReadOnlySpan<char> text, int at, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        Rune.DecodeFromUtf16(text[at..], out var rune, out var units);
        if (rune.Value is 0x2019 or 0xFF07 or 0x02BC && _length > 0)
        {
            return Apostrophe(text, at, ref tokens);
        }

        if (rune.Value is ZeroWidthJoiner or NarrowGap && _length > 0)
        {
            Join(rune.Value, ref tokens);
        }

        var folded = FoldTable.Of(rune.Value);
        if (folded.IsMany)
        {
            foreach (var part in FoldTable.Sequence(rune.Value))
            {
                Take(part, ref tokens);
            }
        }
        else if (folded.Role == CharacterRole.Symbol)
        {
            return Symbol(text, at, rune, ref tokens);
        }
        else
        {
            Take(folded, ref tokens);
        }

        if (rune.Value == 0xFF03)
        {
            Entity(text, at, ref tokens);
        }

        if (rune.IsBmp)
        {
            _language.AddLetter((char)rune.Value);
        }

        return units;
    }

    private void Take<TTokens>(FoldedCharacter folded, ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        switch (folded.Role)
        {
            case CharacterRole.Dropped:
                break;
            case CharacterRole.Letter:
                EndRun(ref tokens);
                if (folded.Script == Script.Devanagari)
                {
                    JoinNasal(folded.CodePoint);
                }

                AppendToWord(folded.CodePoint);
                _language.AddLetters(folded.Script, 1);
                break;
            case CharacterRole.Mark when _length > 0:
                AppendToWord(folded.CodePoint);
                break;
            case CharacterRole.Unspaced:
                EndWord(ref tokens);
                EndCharacter(ref tokens);
                AppendToRun(folded.CodePoint);
                _characters++;
                _language.AddLetters(folded.Script, 1);
                break;
            case CharacterRole.UnspacedMark when _characters > 0:
                AppendToRun(folded.CodePoint);
                break;
            case CharacterRole.Symbol:
                EndWord(ref tokens);
                EndRun(ref tokens);
                AppendToWord(folded.CodePoint);
                EndWord(ref tokens);
                break;
            default:
                EndWord(ref tokens);
                EndRun(ref tokens);
                break;
        }
    }

    private void AppendToWord(int codePoint)
    {
        var rune = new Rune(codePoint);
        _isFull |= _length + rune.Utf8SequenceLength > TermBuffer.MaxLength;
        _length += _isFull ? 0 : rune.EncodeToUtf8(_word.AsSpan(_length));
    }

    private void EndWord<TTokens>(ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (_length == 0)
        {
            return;
        }

        _language.AddWord(_word, _length);
        if (_word[0] < 128)
        {
            _language.AddLetters(Script.Latin, _length);
        }

        EndPart(ref tokens);
        var word = _word.AsSpan(0, _length);
        tokens.Word(word, StemOf(word));
        ForgetWord();
    }

    private void ForgetWord()
    {
        (_length, _part) = (0, 0);
        _isFull = false;
    }

    private ReadOnlySpan<byte> StemOf(ReadOnlySpan<byte> word)
    {
        if (_isFull || !Plural.MayEnd(word[^1]))
        {
            return _isFull ? word : word[ArabicArticle.LengthIn(word)..];
        }

        var stem = _stem.AsSpan(0, word.Length);
        word.CopyTo(stem);
        return stem[..Plural.Cut(stem)];
    }

    private void AppendToRun(int codePoint)
    {
        var rune = new Rune(codePoint);
        if (_runLength - _previous + rune.Utf8SequenceLength <= MaxCharacter)
        {
            _runLength += rune.EncodeToUtf8(_run.AsSpan(_runLength));
        }
    }

    /// <summary>Gives the run's last character out and makes room for the next behind it.</summary>
    private void EndCharacter<TTokens>(ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (_characters == 0)
        {
            return;
        }

        var character = _run.AsSpan(_previous, _runLength - _previous);
        tokens.Character(character, _characters > 1 ? _run.AsSpan(0, _runLength) : []);
        character.CopyTo(_run);
        _previous = _runLength = character.Length;
    }

    private void EndRun<TTokens>(ref TTokens tokens)
        where TTokens : struct, ITextTokens, allows ref struct
    {
        if (_characters == 0)
        {
            return;
        }

        EndCharacter(ref tokens);
        tokens.EndOfRun(_run.AsSpan(0, _runLength), _characters == 1);
        _characters = _previous = _runLength = 0;
    }
}
