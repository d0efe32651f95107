using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rookery.Tests.Architecture;
using Rookery.Tests.Docs;
using Rookery.Web.Languages;
using Xunit;

namespace Rookery.Tests.Languages;

public sealed partial class WordsTests
{
    private const string Folder = "src/Rookery.Web/Languages";

    private static readonly Words German = Words.Find("de")!;

    /// <summary>The same in German, or no words at all.</summary>
    private static readonly HashSet<string> Alike =
    [
        "Direction",
        "Hashtags",
        "MailQueue",
        "Mails",
        "MomentOfDay",
        "Name",
        "NumberThousands",
        "ScriptVideo",
        "VideoSign",
    ];

    public static TheoryData<string> Others =>
        [
            .. SourceTree
                .Files(Folder, ".resx")
                .Where(path => Path.GetFileName(path) != "Words.resx"),
        ];

    private static Dictionary<string, string> English => Read($"{Folder}/Words.resx");

    [Fact]
    public void All_files_of_texts_are_languages_of_the_site() =>
        Assert.Equal(
            ["en", .. Others.Select(path => Path.GetFileName(path.Data).Split('.')[1])],
            Words.All.Select(words => words.Code)
        );

    [Theory]
    [MemberData(nameof(Others))]
    public void A_language_has_all_texts_of_English_and_no_others(string path) =>
        Assert.Equal(English.Keys.Order(), Read(path).Keys.Order());

    [Theory]
    [MemberData(nameof(Others))]
    public void A_text_has_the_same_places_in_all_languages(string path)
    {
        var own = Read(path);
        Law.HasNoBreach(
            from text in English
            let places = Places(text.Value)
            let others = Places(own[text.Key])
            // Of what is wrong not every number is worth saying.
            let areAll = places.SetEquals(others)
                || (IsProblem(text.Key) && places.IsSupersetOf(others))
            where !areAll
            select text.Key
        );
    }

    [Fact]
    public void Nothing_was_forgotten_to_be_put_into_German()
    {
        var german = Read($"{Folder}/Words.de.resx");
        Law.HasNoBreach(
            from text in English
            where german[text.Key] == text.Value && !Alike.Contains(text.Key)
            select text.Key
        );
        Law.HasNoBreach(german.Where(text => text.Value.Contains('"')).Select(text => text.Key));
    }

    [Fact]
    public void Every_text_has_a_member_that_says_it_and_every_member_its_text()
    {
        var members = SourceTree
            .Files(Folder, ".cs")
            .Where(path =>
                path.Contains("/Words.Texts", StringComparison.Ordinal)
                || path.EndsWith("/Words.Mails.cs", StringComparison.Ordinal)
            )
            .SelectMany(path => Member().Matches(SourceTree.Read(path)))
            .Select(member => member.Groups["name"].Value)
            .Order();
        var texts = English
            .Keys.Where(key => !Words.IsForScript(key) && !IsProblem(key))
            .Select(key => key.Split('.')[0])
            .Distinct()
            .Order();
        Assert.Equal(texts, members);
        foreach (var words in Words.All)
        {
            Assert.All(members, name => Assert.NotEqual("", SaidBy(words, name)));
        }
    }

    [Fact]
    public void What_has_forms_for_numbers_has_both()
    {
        var forms = English.Keys.Where(key => key.Contains('.')).ToList();
        Assert.NotEmpty(forms);
        Assert.All(
            forms.GroupBy(key => key.Split('.')[0]),
            same => Assert.Equal(["one", "other"], same.Select(key => key.Split('.')[1]).Order())
        );
    }

    [Fact]
    public void The_script_says_all_texts_that_are_for_it_and_no_others()
    {
        var said = SourceTree
            .Files("src/Rookery.Web", ".js")
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => InScript().Matches(SourceTree.Read(path)))
            .Select(use => use.Groups["name"].Value)
            .Distinct()
            .Order();
        Assert.Equal(
            Words.English.ForScript().Select(text => text.Key.Split('.')[0]).Distinct().Order(),
            said
        );
    }

    /// <summary>Otherwise the product states it in other words by now, and nobody reads it in the own language.</summary>
    [Fact]
    public void Every_problem_that_is_translated_is_one_that_the_product_states()
    {
        var sources = string.Concat(SourceTree.Files("src", ".cs").Select(SourceTree.Read));
        Law.HasNoBreach(
            from text in English
            where IsProblem(text.Key)
            from sentence in text.Value.Split(';', '.')
            from part in Words.PartsOf(sentence).Where((_, i) => i % 2 == 0)
            let words = part.Trim()
            where words.Length > 30 && !IsStated(words)
            select $"{text.Key}: {words}"
        );

        // Some sentences are put together of two parts.
        bool IsStated(string words) =>
            sources.Contains(words, StringComparison.Ordinal)
            || sources.Contains(words[..(words.Length / 2)], StringComparison.Ordinal)
            || sources.Contains(words[(words.Length / 2)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "The username or the password is wrong.",
        "Der Benutzername oder das Passwort ist falsch."
    )]
    [InlineData(
        "The text is 501 characters long; at most 500 are allowed (a link counts 23).",
        "Der Text ist 501 Zeichen lang; höchstens 500 sind erlaubt (ein Link zählt 23)."
    )]
    [InlineData(
        "Picture 2: file is empty; it must be a picture or a video.",
        "Bild 2: Die Datei ist leer; sie muss ein Bild oder ein Video sein."
    )]
    [InlineData(
        "avatar is too large; it may have at most 1024 bytes (1 kB).",
        "Die Datei ist zu groß; sie darf höchstens 1 kB haben."
    )]
    public void A_problem_that_is_known_is_said_in_the_readers_language(string stated, string said)
    {
        Assert.Equal((said, null), German.Said(stated));
        Assert.Equal((stated, null), Words.English.Said(stated));
    }

    [Theory]
    [InlineData("Nobody has put this into German.")]
    [InlineData("Picture 2: nobody has put this into German.")]
    [InlineData("There is no post of this kind anywhere.")]
    [InlineData("The username is missing. And more.")]
    [InlineData("")]
    public void A_problem_that_is_not_known_stays_whole_and_says_that_it_is_English(
        string stated
    ) => Assert.Equal((stated, "en"), German.Said(stated));

    [Fact]
    public void What_is_filled_in_has_no_places() =>
        Assert.Contains(
            "{username}@example.org",
            Words.English.ConfirmEmailText("{username}@example.org", "ana"),
            StringComparison.Ordinal
        );

    private static string SaidBy(Words words, string name) =>
        typeof(Words).GetProperty(name) is { } text
            ? (string)text.GetValue(words)!
            : SaidBy(words, typeof(Words).GetMethod(name)!);

    private static string SaidBy(Words words, MethodInfo method)
    {
        var values = method
            .GetParameters()
            .Select(one => one.ParameterType == typeof(long) ? (object)2L : "x")
            .ToArray();
        var said = (string)method.Invoke(words, values)!;
        Assert.True(
            !said.Contains('{') || values is [long],
            $"{method.Name} leaves a place open: {said}"
        );
        return said;
    }

    private static HashSet<string> Places(string text) =>
        [.. Words.PartsOf(text).Where((_, i) => i % 2 == 1)];

    private static bool IsProblem(string key) =>
        key.StartsWith("Problem", StringComparison.Ordinal);

    private static Dictionary<string, string> Read(string path) =>
        XDocument
            .Load(SourceTree.PathOf(path))
            .Root!.Elements("data")
            .ToDictionary(
                text => text.Attribute("name")!.Value,
                text => text.Element("value")!.Value
            );

    [GeneratedRegex(@"public string (?<name>\w+)")]
    private static partial Regex Member();

    [GeneratedRegex(@"\bwords\.(?<name>\w+)")]
    private static partial Regex InScript();
}
