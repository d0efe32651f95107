using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Rookery.Web.Languages;

/// <summary>
/// All that the site says, in one language. A page has the language of who reads it in its <see cref="Layout.Frame"/>; the culture of a thread decides nothing.
/// The texts are in Words.resx, and for each further language in a Words.xx.resx beside it; what one lacks is said in English.
/// </summary>
public sealed partial class Words
{
    private readonly FrozenDictionary<string, string> _texts;

    private Words(LanguageTexts texts)
    {
        (Code, _texts) = (texts.Code, texts.All);
        _months = Months.Split(' ');
        _monthsShort = _texts["TimeMonthsShort"].Split(' ');
        _problems = new(() => Problems(this));
    }

    /// <summary>English first.</summary>
    public static ImmutableArray<Words> All { get; } =
    [.. LanguageTexts.Of(typeof(Words).Assembly, nameof(Words)).Select(texts => new Words(texts))];

    public static Words English => All[0];

    /// <summary>As BCP 47 and files have it: <c>de</c>, <c>pt-BR</c>.</summary>
    public string Code { get; }

    /// <summary>Null for what is no language of the site.</summary>
    public static Words? Find(string code) =>
        All.FirstOrDefault(one => one.Code.Equals(code, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the script of the pages says, as the value of a constant of it: its own texts, and how times are told.</summary>
    internal IEnumerable<KeyValuePair<string, string>> ForScript() =>
        from text in _texts
        where IsForScript(text.Key)
        orderby text.Key
        select KeyValuePair.Create(NameInScript(text.Key), text.Value);

    internal static bool IsForScript(string key) =>
        key.StartsWith("Script", StringComparison.Ordinal)
        || key.StartsWith("Time", StringComparison.Ordinal)
        || key == "Locale";

    private static string NameInScript(string key)
    {
        var name = key.StartsWith("Script", StringComparison.Ordinal) ? key[6..] : key;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private string Text([CallerMemberName] string key = "") => _texts[key];

    private string Fill(string name, string value, [CallerMemberName] string key = "") =>
        Filled(_texts[key], name, value);

    private string Fill(
        string first,
        string value,
        string second,
        string another,
        [CallerMemberName] string key = ""
    ) => Filled(Filled(_texts[key], first, value), second, another);

    /// <summary>With the number in it.</summary>
    private string Count(long count, [CallerMemberName] string key = "") =>
        Filled(Form(count, key), "count", Exact(count));

    /// <summary>As <see cref="Count"/>, its place still open. A language with more forms than two gets its rule here, by the names of CLDR, which the script knows already.</summary>
    private string Form(long count, [CallerMemberName] string key = "") =>
        _texts[count == 1 ? $"{key}.one" : $"{key}.other"];

    private static string Filled(string text, string name, string value) =>
        text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
}
