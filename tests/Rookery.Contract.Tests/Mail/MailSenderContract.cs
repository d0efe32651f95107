using System.Globalization;
using Rookery.Mail;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Mail;

/// <summary>What everything that hands mails on promises.</summary>
public abstract class MailSenderContract
{
    protected const string From = "Rookery <rookery@rookery.example>";

    /// <summary>All headers that a mail has, but for those that a server adds.</summary>
    private static readonly string[] Known =
    [
        "Auto-Submitted",
        "Content-Language",
        "Content-Type",
        "Date",
        "From",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ];

    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What ends a line, a quoted name, an address or an encoded word, what turns a line around, and what is long.</summary>
    public static TheoryData<string> Hostile =>
        [
            "Ana\r\nBcc: evil@example.org",
            "Ana\nBcc: evil@example.org",
            "Ana\rBcc: evil@example.org",
            "Ana\r\n\r\n<b>no header</b>",
            "Ana\u2028Bcc: evil@example.org",
            "Ana\u0085Bcc: evil@example.org",
            "Ana\0Bcc: evil@example.org",
            "Ana\r\n Bcc: evil@example.org",
            "\r\n.\r\nMAIL FROM:<evil@example.org>",
            "Ana\" <evil@example.org>",
            "Ana, evil@example.org",
            "Ana <evil@example.org>, Bob",
            "Ana \\",
            "=?utf-8?B?QmNjOiBldmlsQGV4YW1wbGUub3Jn?=",
            "=?utf-8?Q?a=0D=0ABcc:_evil@example.org?=",
            "Ana\u202Egro.elpmaxe@live\u202C",
            "鳥の巣 \U0001F426 Ωmega é ü",
            "א\u200Fב",
            new string('a', 5_000),
            new string('\u00E9', 5_000),
            string.Concat(Enumerable.Repeat("\U0001F468\u200D\U0001F469\u200D\U0001F467", 400)),
            new string(' ', 300) + "Bcc: evil@example.org",
            "",
        ];

    private protected abstract IMailSender Sender { get; }

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_as_it_was_sent()
    {
        var mail = Mail() with
        {
            Subject = "Bestätige deine E-Mail-Adresse",
            Language = "de",
            UnsubscribeUrl = "https://rookery.example/unsubscribe/abc-DEF_1",
        };

        Assert.Equal(MailFate.Sent, (await Sender.SendAsync(mail, Stop)).Fate);

        var got = Assert.Single(await InboxAsync());
        Assert.Equal("ana@example.org", got.To);
        Assert.Equal("Ana", got.ToName);
        Assert.Equal(mail.Subject, got.Subject);
        Assert.Equal((mail.Text, mail.Html), (got.Text, got.Html));
        Assert.Equal("<one@rookery.example>", got.MessageId);
        Assert.Contains("<rookery@rookery.example>", got.Header("From"), StringComparison.Ordinal);
        Assert.InRange(
            DateTimeOffset.Parse(got.Header("Date"), CultureInfo.InvariantCulture),
            TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow().AddMinutes(1)
        );
        Assert.Equal("auto-generated", got.Header("Auto-Submitted"));
        Assert.Equal("de", got.Header("Content-Language"));
        Assert.Equal($"<{mail.UnsubscribeUrl}>", got.Header("List-Unsubscribe"));
        Assert.Equal("List-Unsubscribe=One-Click", got.Header("List-Unsubscribe-Post"));
        Assert.StartsWith(
            "multipart/alternative",
            got.Header("Content-Type"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_nobody_may_be_without_says_nothing_of_ending_it()
    {
        Assert.Equal(MailFate.Sent, (await Sender.SendAsync(Mail(), Stop)).Fate);

        var got = Assert.Single(await InboxAsync());
        Assert.False(got.Has("List-Unsubscribe") || got.Has("List-Unsubscribe-Post"));
    }

    [Fact]
    public async Task The_same_mail_has_the_same_id_and_another_has_another()
    {
        foreach (
            var id in (string[])
                ["one@rookery.example", "one@rookery.example", "two@rookery.example"]
        )
        {
            await Sender.SendAsync(Mail() with { MessageId = id }, Stop);
        }

        Assert.Equal(
            ["<one@rookery.example>", "<two@rookery.example>"],
            (await InboxAsync()).Select(mail => mail.MessageId).Distinct()
        );
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Nothing_in_a_name_or_a_subject_becomes_a_header_or_another_recipient(
        string text
    )
    {
        var outcome = await Sender.SendAsync(
            Mail() with
            {
                Name = text,
                Subject = text,
                Language = text,
                Text = $"{text}\r\n.\r\n..\r\n.{text}",
            },
            Stop
        );

        Assert.Equal(MailFate.Sent, outcome.Fate);
        var got = Assert.Single(await InboxAsync());
        AssertOnlyKnownHeaders(got);
        Assert.Equal("ana@example.org", got.To);
        Assert.DoesNotContain('\n', got.Subject);
        Assert.InRange(got.Subject.Length, 0, 200);
        Assert.InRange(got.ToName.Length, 0, 100);
    }

    [Theory]
    [InlineData("ana@example.org\r\nBcc: evil@example.org")]
    [InlineData("ana@example.org\nBcc: evil@example.org")]
    [InlineData("ana@example.org\r\nRCPT TO:<evil@example.org>")]
    [InlineData("ana@example.org>\r\nRCPT TO:<evil@example.org")]
    [InlineData("ana@example.org\0")]
    [InlineData("ana")]
    [InlineData("")]
    public async Task What_is_no_address_is_refused_and_goes_nowhere(string address)
    {
        var outcome = await Sender.SendAsync(Mail() with { Address = address }, Stop);

        Assert.Equal(MailFate.Refused, outcome.Fate);
        Assert.NotEmpty(outcome.Reason);
        Assert.Empty(await InboxAsync());
    }

    [Theory]
    [InlineData("ana@example.org, evil@example.org")]
    [InlineData("Ana <ana@example.org>")]
    [InlineData("\"ana evil\"@example.org")]
    public async Task Whatever_is_taken_for_an_address_is_one_and_no_more(string address)
    {
        await Sender.SendAsync(Mail() with { Address = address }, Stop);

        foreach (var got in await InboxAsync())
        {
            AssertOnlyKnownHeaders(got);
            Assert.DoesNotContain(',', got.Header("To"));
        }
    }

    [Theory]
    [InlineData("a line\r\n.\r\n..\r\nanother\r\n")]
    [InlineData("Grüße, 鳥 \U0001F426\r\n")]
    [InlineData("=3D and =\r\n")]
    [InlineData("trailing blanks   \r\n\r\n\r\n")]
    [InlineData("From here on\r\n")]
    public async Task Texts_arrive_to_the_letter(string text)
    {
        await Sender.SendAsync(Mail() with { Text = text, Html = $"<p>{text}</p>\r\n" }, Stop);

        var got = Assert.Single(await InboxAsync());
        Assert.Equal((text, $"<p>{text}</p>\r\n"), (got.Text, got.Html));
    }

    [Fact]
    public async Task A_line_of_any_length_arrives_whole()
    {
        var text = new string('a', 20_000) + "\r\n";

        await Sender.SendAsync(Mail() with { Text = text }, Stop);

        Assert.Equal(text, Assert.Single(await InboxAsync()).Text);
    }

    private protected abstract Task<IReadOnlyList<ReceivedMail>> InboxAsync();

    private protected static OutgoingMail Mail(string address = "ana@example.org") =>
        new(
            "one@rookery.example",
            address,
            "Ana",
            "A subject",
            "Hello Ana,\r\n\r\nthis is a mail.\r\n",
            "<p>Hello Ana,</p>\r\n<p>this is a mail.</p>\r\n",
            "en",
            Moment
        );

    private static void AssertOnlyKnownHeaders(ReceivedMail mail) =>
        Assert.Subset(
            Known.ToHashSet(StringComparer.OrdinalIgnoreCase),
            mail.Headers.Select(header => header.Key)
                .Where(name => !name.StartsWith("X-", StringComparison.OrdinalIgnoreCase))
                .ToHashSet(StringComparer.OrdinalIgnoreCase)
        );
}
