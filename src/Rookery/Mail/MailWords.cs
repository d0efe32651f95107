using System.Collections.Frozen;

namespace Rookery.Mail;

/// <summary>
/// What mails say, in one language. The texts are in MailWords.resx, and for each further language in a MailWords.xx.resx beside it; what one lacks is said in English.
/// </summary>
public sealed class MailWords
{
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
