using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rookery.Mail;
using Rookery.Tests.Docs;
using Xunit;

namespace Rookery.Tests.Mail;

/// <summary>What mails say, in every language that they are written in.</summary>
public sealed partial class MailWordsTests
{
    private const string Folder = "src/Rookery/Mail";

    public static TheoryData<string> Others =>
        [
            .. SourceTree
                .Files(Folder, ".resx")
                .Where(path => Path.GetFileName(path) != "MailWords.resx"),
        ];

    private static Dictionary<string, string> English => Read($"{Folder}/MailWords.resx");

    [Fact]
    public void All_files_of_texts_are_languages_of_mails() =>
        Assert.Equal(
            ["en", .. Others.Select(path => Path.GetFileName(path.Data).Split('.')[1])],
            MailWords.All.Select(words => words.Code)
        );

    [Theory]
    [MemberData(nameof(Others))]
    public void A_language_has_all_texts_of_English_with_the_same_places_and_other_words(
        string path
    )
    {
        var own = Read(path);
        Assert.Equal(English.Keys.Order(), own.Keys.Order());
        Assert.All(
            English,
            text =>
            {
                Assert.Equal(PlacesOf(text.Value), PlacesOf(own[text.Key]));
                Assert.True(text.Key == "Direction" || text.Value != own[text.Key], text.Key);
            }
        );
    }

    [Fact]
    public void Every_text_is_used_and_every_text_that_is_used_is_there()
    {
        var source = string.Concat(
            ((string[])["src/Rookery/Mail", "src/Rookery/Accounts", "src/Rookery/Notifications"])
                .SelectMany(folder => SourceTree.Files(folder, ".cs"))
                .Select(SourceTree.Read)
        );
        Assert.All(
            English.Keys,
            key =>
                Assert.True(
                    source.Contains($"\"{key}\"", StringComparison.Ordinal)
                        || source.Contains(
                            $"\"{Ending().Replace(key, "")}\"",
                            StringComparison.Ordinal
                        ),
                    key
                )
        );
    }

    [Fact]
    public void What_is_filled_in_is_filled_in_once()
    {
        var text = MailWords.English.Text(
            "EmailAskedText",
            ("username", "{email}"),
            ("moment", "{username}"),
            ("email", "a@b{moment}")
        );

        Assert.Contains("account {email} gave", text, StringComparison.Ordinal);
        Assert.Contains("at {username} somebody", text, StringComparison.Ordinal);
        Assert.Contains("for it: a@b{moment}.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE", "de")]
    [InlineData("", "en")]
    [InlineData("xx", "en")]
    public void A_language_that_there_is_not_is_English(string asked, string answered) =>
        Assert.Equal(answered, MailWords.Of(asked).Code);

    private static string[] PlacesOf(string text) =>
        [.. Place().Matches(text).Select(place => place.Value).Order()];

    private static Dictionary<string, string> Read(string path) =>
        XDocument
            .Parse(SourceTree.Read(path))
            .Descendants("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Value);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    /// <summary>Notices name what their three texts begin with.</summary>
    [GeneratedRegex("(Subject|Text|Otherwise)$")]
    private static partial Regex Ending();
}
