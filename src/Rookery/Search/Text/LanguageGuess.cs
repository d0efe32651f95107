using System.Runtime.Intrinsics;
using System.Text;

namespace Rookery.Search;

/// <summary>
/// Guesses a text's language from its script, its frequent words and its telling letters; says nothing when unsure. Short posts of names, numbers or
/// slang stay without a language, and neighbours such as Danish and Norwegian or Malay and Indonesian are told apart only where their spelling
/// differs. Of a script that one large language has, that language is guessed: Han without kana is "zh".
/// </summary>
internal struct LanguageGuess
{
    // The first of them decide: it bounds the sums to a byte, and long posts tell soon.
    private const int MostHits = 20;

    // A word that only this language has, or some that few have; and half as much again as the next language.
    private const int Least = LanguageWords.Full;

    // A character of Chinese, Japanese or Korean says as much as some letters.
    private const int PerCharacter = 3;

    private static readonly (Script Script, byte[] Code)[] ByScript =
    [
        (Script.Greek, "el"u8.ToArray()),
        (Script.Armenian, "hy"u8.ToArray()),
        (Script.Hebrew, "he"u8.ToArray()),
        (Script.Bengali, "bn"u8.ToArray()),
        (Script.Gurmukhi, "pa"u8.ToArray()),
        (Script.Gujarati, "gu"u8.ToArray()),
        (Script.Oriya, "or"u8.ToArray()),
        (Script.Tamil, "ta"u8.ToArray()),
        (Script.Telugu, "te"u8.ToArray()),
        (Script.Kannada, "kn"u8.ToArray()),
        (Script.Malayalam, "ml"u8.ToArray()),
        (Script.Sinhala, "si"u8.ToArray()),
        (Script.Tibetan, "bo"u8.ToArray()),
        (Script.Georgian, "ka"u8.ToArray()),
        (Script.Ethiopic, "am"u8.ToArray()),
        (Script.Hangul, "ko"u8.ToArray()),
        (Script.Thai, "th"u8.ToArray()),
        (Script.Lao, "lo"u8.ToArray()),
        (Script.Myanmar, "my"u8.ToArray()),
        (Script.Khmer, "km"u8.ToArray()),
        (Script.Han, "zh"u8.ToArray()),
        (Script.Kana, "ja"u8.ToArray()),
    ];

    private static readonly byte[][] Codes =
    [
        .. Enumerable
            .Range(0, LanguageWords.Count)
            .Select(lane => Encoding.ASCII.GetBytes(LanguageWords.CodeOf(lane))),
    ];

    private ScriptCounts _letters;
    private Vector256<byte> _scores;
    private int _hits;

    /// <summary>Takes letters of a script with spaces, or characters of one without.</summary>
    public void AddLetters(Script script, int count) =>
        _letters[(int)script] += script is Script.Hangul or Script.Han or Script.Kana
            ? PerCharacter * count
            : count;

    /// <inheritdoc cref="LanguageWords.OfWord"/>
    public void AddWord(ReadOnlySpan<byte> buffer, int length)
    {
        if (_hits < MostHits)
        {
            Add(LanguageWords.OfWord(buffer, length));
        }
    }

    /// <summary>Takes a letter as it was written.</summary>
    public void AddLetter(char letter)
    {
        if (_hits < MostHits)
        {
            Add(LanguageWords.OfLetter(letter));
        }
    }

    /// <summary>A code of ISO 639-1, or empty when unsure.</summary>
    public readonly ReadOnlySpan<byte> Code()
    {
        var script = MainScript();
        var byWords = ByWords(script);
        if (!byWords.IsEmpty)
        {
            return byWords;
        }

        foreach (var (known, code) in ByScript)
        {
            if (known == script)
            {
                return code;
            }
        }

        return [];
    }

    private void Add(Vector256<byte> weights)
    {
        if (weights != Vector256<byte>.Zero)
        {
            _scores = Vector256.AddSaturate(_scores, weights);
            _hits++;
        }
    }

    /// <summary>The script of more than half of the letters. A Japanese text is mostly Han here and there, never without kana.</summary>
    private readonly Script MainScript()
    {
        var all = 0;
        var most = 0;
        for (var script = 1; script < Scripts.Count; script++)
        {
            all += _letters[script];
            most = _letters[script] > _letters[most] ? script : most;
        }

        var han = _letters[(int)Script.Han];
        var kana = _letters[(int)Script.Kana];
        if (kana * 10 >= han && kana > 0 && (kana + han) * 2 > all)
        {
            return Script.Kana;
        }

        return _letters[most] * 2 > all ? (Script)most : Script.None;
    }

    private readonly ReadOnlySpan<byte> ByWords(Script script)
    {
        var (first, end) = LanguageWords.LanesOf(script);
        if (_hits == 0 || first == end)
        {
            return [];
        }

        Span<byte> scores = stackalloc byte[Vector256<byte>.Count];
        _scores.CopyTo(scores);
        var (best, second, language) = (0, 0, 0);
        for (var lane = first; lane < end; lane++)
        {
            var score = scores[lane];
            if (score > best)
            {
                (second, best, language) = (best, score, lane);
            }
            else if (score > second)
            {
                second = score;
            }
        }

        return best >= Least && best * 2 >= second * 3 ? Codes[language] : [];
    }

    [System.Runtime.CompilerServices.InlineArray(Scripts.Count)]
    private struct ScriptCounts
    {
        private int _first;
    }
}
