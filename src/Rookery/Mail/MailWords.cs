using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Rookery.Mail;

/// <summary>
/// What mails say, in one language. The texts are in MailWords.resx, and for each further language in a MailWords.xx.resx beside it; what one lacks is said in English.
/// </summary>
public sealed class MailWords
{
    // Around what somebody else wrote, so that it turns no sentence around.
    private const char Isolate = '\u2068';
    private const char EndIsolate = '\u2069';

    private readonly FrozenDictionary<string, string> _texts;

    private MailWords(LanguageTexts texts) => (Code, _texts) = (texts.Code, texts.All);

    /// <summary>English first.</summary>
    public static IReadOnlyList<MailWords> All { get; } =
    [
        .. LanguageTexts
            .Of(typeof(MailWords).Assembly, nameof(MailWords))
            .Select(texts => new MailWords(texts)),
    ];

    public static MailWords English => All[0];

    public string Code { get; }

    public string Direction => _texts["Direction"];

    /// <summary>The language's; English for one that mails are not written in.</summary>
    public static MailWords Of(string code) =>
        All.FirstOrDefault(one => one.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
        ?? English;

    /// <summary>Somebody's name or the like, to be filled into a text: one line that keeps to itself.</summary>
    public static string Quoted(string text)
    {
        var line = new StringBuilder(text.Length + 2);
        foreach (var unit in text)
        {
            // What begins or ends what keeps to itself is nobody's to write.
            if (unit is < '\u2066' or > EndIsolate)
            {
                line.Append(char.IsControl(unit) || unit is '\u2028' or '\u2029' ? ' ' : unit);
            }
        }

        return Ascii.IsValid(line.ToString()) ? line.ToString() : $"{Isolate}{line}{EndIsolate}";
    }

    /// <summary>The beginning of what somebody wrote, as <see cref="Quoted"/>: at most so many letters, and none in halves.</summary>
    public static string Excerpt(string text, int most)
    {
        var (line, left) = (new StringBuilder(most), most);
        var words = text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        for (var rest = string.Join(' ', words).AsSpan(); !rest.IsEmpty; left--)
        {
            if (left == 0)
            {
                line.Append('…');
                break;
            }

            var length = StringInfo.GetNextTextElementLength(rest);
            line.Append(rest[..length]);
            rest = rest[length..];
        }

        return Quoted(line.ToString());
    }

    /// <summary>The text, with what stands in its places. What is filled in is not looked at for places.</summary>
    public string Text(string key, params IReadOnlyList<(string Place, string Value)> values)
    {
        var parts = _texts[key].Split('{', '}');
        for (var at = 1; at < parts.Length; at += 2)
        {
            parts[at] = values.Single(value => value.Place == parts[at]).Value;
        }

        return string.Concat(parts);
    }
}
