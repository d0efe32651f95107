using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Smtp;
using Rookery.Mail;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Tests.Mail;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>What stands in mails of notifications, whatever people are called and write.</summary>
public sealed partial class NotificationMailTextTests
{
    private static readonly Mailbox _mailbox = new("ana@example.org", "Ana", "en");

    [Theory]
    [MemberData(nameof(MailLayoutTests.Hostile), MemberType = typeof(MailLayoutTests))]
    [InlineData("Ana\r\nBcc: everybody@example.org")]
    [InlineData("=?utf-8?q?Bcc:?= \"x\" <a@b>")]
    [InlineData("\u2069\u2069\u202Etxt")]
    public async Task Whatever_a_name_and_a_text_are_the_mail_is_one_mail_with_the_elements_of_any(
        string text
    )
    {
        foreach (var words in MailWords.All)
        {
            var plain = Layout(words, Told("Ben", "A text"));
            var (mail, layout) = Written(words, Told(text, text));
            Assert.Equal(Elements(plain.Html()), Elements(layout.Html()));
            var sent = await ParsedAsync(mail, layout);
            Assert.False(sent.Has("Bcc"));
            Assert.Equal("ana@example.org", sent.To);
            Assert.DoesNotContain(
                sent.Text.Split("\r\n"),
                line => line.StartsWith("Bcc", StringComparison.Ordinal)
            );
            // What keeps to itself is ended where it was begun, and nowhere else.
            foreach (var line in sent.Text.Split("\r\n"))
            {
                Assert.Equal(
                    line.Count(unit => unit == '\u2068'),
                    line.Count(unit => unit == '\u2069')
                );
                Assert.DoesNotMatch("[\u2066\u2067]", line);
            }
        }
    }

    [Theory]
    [InlineData(Visibility.Public, "", true)]
    [InlineData(Visibility.Unlisted, "", true)]
    [InlineData(Visibility.Followers, "", false)]
    [InlineData(Visibility.Direct, "", false)]
    [InlineData(Visibility.Public, "careful", false)]
    public void Only_what_everybody_may_read_is_quoted(
        Visibility visibility,
        string warning,
        bool isQuoted
    )
    {
        var layout = Layout(MailWords.English, Told("Ben", "the secret text", visibility, warning));
        foreach (var form in (string[])[layout.Text(), layout.Html()])
        {
            Assert.Equal(isQuoted, form.Contains("the secret text", StringComparison.Ordinal));
            Assert.Equal(warning.Length > 0, form.Contains("careful", StringComparison.Ordinal));
            Assert.Contains("Ben mentioned you", form, StringComparison.Ordinal);
            Assert.Contains("https://rookery.example/@ben/77", form, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_kind_is_said_in_every_language_also_one_that_is_new()
    {
        foreach (var words in MailWords.All)
        {
            var said = Enum.GetValues<NotificationKind>()
                .Append((NotificationKind)77)
                .Select(kind => Written(words, Told("Ben", "x") with { Kind = kind }).Mail.Subject)
                .ToList();
            Assert.Equal(said.Count, said.Distinct().Count());
            Assert.All(said, one => Assert.Contains("Ben", one, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Of_very_much_the_newest_are_told_and_how_many_more_there_are()
    {
        var told = Enumerable.Range(0, 50).Select(_ => Told("Ben", "x")).ToArray();
        var written = new NotificationMailText(MailWords.English).Write(
            _mailbox,
            NotificationMailForm.Digest,
            told
        );
        Assert.Equal("50 new notifications", written.Subject);
        Assert.Equal(20, written.Items.Count);
        Assert.StartsWith("30 more", written.Actions[0].Label, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_between_letters()
    {
        var family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
        var quoted = MailWords.Excerpt(string.Concat(Enumerable.Repeat(family, 9)), 3);
        Assert.Equal($"\u2068{family}{family}{family}…\u2069", quoted);
        Assert.Equal("a b", MailWords.Excerpt(" a\r\n\tb ", 9));
        Assert.Equal("", MailWords.Excerpt("", 9));
    }

    private static ToldThing Told(
        string name,
        string text,
        Visibility visibility = Visibility.Public,
        string warning = ""
    )
    {
        var ben = new AccountCard(
            new AccountId(5),
            "ben",
            name,
            "",
            default,
            default,
            IsIndexable: false
        );
        var post = new Post(
            new PostId(77),
            ben.Id,
            PostKind.Post,
            visibility,
            text,
            default,
            default,
            default,
            default,
            default
        )
        {
            Warning = warning,
        };
        return new ToldThing(NotificationKind.Mention, [ben], 1, post, ben);
    }

    private static (WrittenMail Mail, MailLayout Layout) Written(MailWords words, ToldThing told)
    {
        var mail = new NotificationMailText(words).Write(
            _mailbox,
            NotificationMailForm.AtOnce,
            [told]
        );
        return (mail, new MailLayout(mail, path => "https://rookery.example" + path));
    }

    private static MailLayout Layout(MailWords words, ToldThing told) =>
        Written(words, told).Layout;

    /// <summary>As a mailbox gets it.</summary>
    private static async Task<ReceivedMail> ParsedAsync(WrittenMail mail, MailLayout layout)
    {
        using var folder = new TemporaryFolder();
        var sender = new FolderMailSender(
            new MailFolder(folder.Path),
            Options.Create(new MailOptions())
        );
        var outgoing = new OutgoingMail(
            "id@rookery.example",
            mail.Address,
            mail.Name,
            mail.Subject,
            layout.Text(),
            layout.Html(),
            mail.Words.Code,
            TimeProvider.System.GetUtcNow(),
            "https://rookery.example/unsubscribe/abc"
        );
        var sent = await sender.SendAsync(outgoing, TestContext.Current.CancellationToken);
        Assert.Equal(MailFate.Sent, sent.Fate);
        return ReceivedMail.Parse(
            File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder.Path)))
        );
    }

    private static string[] Elements(string html) =>
        [.. Element().Matches(html).Select(element => element.Value)];

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Element();
}
