using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.Notifications;
using Rookery.SystemTests.Site;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Mail;

/// <summary>What people are told by mail, as they choose it on the site, with a real mail server.</summary>
public sealed class NotificationMailFlowTests : IAsyncLifetime
{
    private SmtpServer _smtp = null!;
    private World _world = null!;
    private Browser _ana = null!;
    private ClassicClient _bob = null!;
    private ClassicClient _cem = null!;
    private AccountId _anaId;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _smtp = await SmtpServer.StartAsync(Stop);
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Mail:Smtp"] = _smtp.Address,
                ["Mail:From"] = "Rookery <rookery@rookery.example>",
                ["Mail:Site"] = "https://rookery.example",
                ["Mail:FirstRetrySeconds"] = "1",
                ["Notifications:MailAfterMinutes"] = "0",
            }
        );
        _ana = new Browser(_world.Server.Http.BaseAddress!, Stop);
        await _ana.SignUpAsync("ana");
        var mail = Assert.Single(await _smtp.MailsAsync(1, Stop));
        await _ana.OpenAsync(mail.Link("/confirm/"));
        await _ana.SendAsync("main form");
        _bob = await _world.SignUpAsync("bob", Stop);
        _cem = await _world.SignUpAsync("cem", Stop);
        _anaId = await IdOfAsync("ana");
        await _world.MailsSettleAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _world.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_follow_a_mention_a_like_an_answer_a_repost_and_a_belled_post_arrive_as_one_mail_each()
    {
        await ChooseAsync(
            ("follow", "now"),
            ("mention", "now"),
            ("reply", "now"),
            ("repost", "now"),
            ("like", "now"),
            ("status", "now")
        );
        await _bob.RelateAsync("follow", _anaId, Stop);
        await ToldAsync("bob follows you", "/@bob");
        var named = await PostAsync(_bob, "good morning @ana");
        await ToldAsync("bob mentioned you", $"/@bob/{named}");
        var mine = await AnaPostsAsync("my own post");
        await _bob.MarkAsync("like", mine, Stop);
        var liked = await ToldAsync("bob likes what you wrote", $"/@ana/{mine}");
        Assert.Contains("my own post", liked.Text, StringComparison.Ordinal);
        await _bob.MarkAsync("repost", mine, Stop);
        await ToldAsync("bob has reposted what you wrote", $"/@ana/{mine}");
        var answer = await PostAsync(_bob, "an answer", mine);
        await ToldAsync("bob answered you", $"/@bob/{answer}");
        await RingAsync();
        var belled = await PostAsync(_bob, "for whoever rang");
        var last = await ToldAsync("bob posted", $"/@bob/{belled}");
        Assert.StartsWith(
            "<https://rookery.example/unsubscribe/",
            last.Header("List-Unsubscribe"),
            StringComparison.Ordinal
        );
        Assert.Equal("List-Unsubscribe=One-Click", last.Header("List-Unsubscribe-Post"));
        await QuietAsync();
        Assert.Equal(6, Told().Count);
    }

    [Fact]
    public async Task After_the_mail_server_was_away_there_is_one_mail_of_all_that_happened()
    {
        await ChooseAsync(("follow", "now"), ("mention", "now"), ("like", "now"));
        await _smtp.KillAsync();
        await _bob.RelateAsync("follow", _anaId, Stop);
        await OrderedAsync();
        await _cem.RelateAsync("follow", _anaId, Stop);
        for (var i = 0; i < 10; i++)
        {
            await PostAsync(_cem, $"@ana, number {i}");
        }

        await _world.SettleAsync(Stop);
        await _smtp.RestartAsync(Stop);
        await QuietAsync();
        var mail = Assert.Single(Told());
        Assert.Equal("News from cem and one other", mail.Subject);
        Assert.Contains("cem and one other follow you", mail.Text, StringComparison.Ordinal);
        Assert.All(
            Enumerable.Range(0, 10),
            i => Assert.Contains($"number {i}", mail.Text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_ended_before_it_is_sent_is_in_no_mail()
    {
        await ChooseAsync(("follow", "now"), ("mention", "now"), ("like", "now"));
        await _smtp.KillAsync();
        var dan = await _world.SignUpAsync("dan", Stop);
        var eve = await _world.SignUpAsync("eve", Stop);
        var deleted = await PostAsync(_bob, "@ana, deleted");
        await OrderedAsync();
        await PostAsync(_cem, "@ana, muted");
        await PostAsync(dan, "@ana, suspended");
        await PostAsync(eve, "@ana, blocked");
        await _bob.RelateAsync("follow", _anaId, Stop);
        await _world.SettleAsync(Stop);
        await _bob.DeleteAsync(deleted, Stop);
        await _bob.RelateAsync("unfollow", _anaId, Stop);
        await RelateOfAnaAsync("cem", "mute");
        await RelateOfAnaAsync("eve", "block");
        await _world.SuspendAsync(dan.Id, Stop);
        await _world.SettleAsync(Stop);
        await _smtp.RestartAsync(Stop);
        await QuietAsync();
        Assert.Empty(Told());

        // What comes later comes.
        await PostAsync(_bob, "@ana, once more");
        await ToldAsync("bob mentioned you", "/@bob/");
    }

    [Fact]
    public async Task What_was_seen_or_dismissed_on_the_site_is_in_no_mail()
    {
        await ChooseAsync(("mention", "now"));
        await _smtp.KillAsync();
        await PostAsync(_bob, "@ana, seen");
        await OrderedAsync();
        await _ana.OpenAsync("/notifications");
        await _ana.PressAsync("button[formaction$='/read']");
        await PostAsync(_bob, "@ana, dismissed");
        await _world.SettleAsync(Stop);
        await _ana.OpenAsync("/notifications");
        await _ana.PressAsync("button[formaction$='/dismiss']");
        await PostAsync(_bob, "@ana, neither");
        await _world.SettleAsync(Stop);
        await _smtp.RestartAsync(Stop);
        await QuietAsync();
        var mail = Assert.Single(Told());
        Assert.Contains("neither", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("seen", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("dismissed", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_event_that_is_told_again_is_told_in_no_other_mail()
    {
        await ChooseAsync(("follow", "now"), ("mention", "now"), ("like", "now"));
        await _bob.RelateAsync("follow", _anaId, Stop);
        await PostAsync(_bob, "@ana");
        var mine = await AnaPostsAsync("mine");
        await _cem.MarkAsync("like", mine, Stop);
        await QuietAsync();
        var before = Told().Count;
        Assert.InRange(before, 1, 3);
        var services = _world.Server.Services;
        var line = Assert.Single(services.GetRequiredService<DeliveryLines>().All);
        var events = services
            .GetRequiredService<EventTypes>()
            .ReadAll(await line.Outbox.ReadAsync(0, int.MaxValue, Stop));
        Assert.NotEmpty(events);
        for (var again = 0; again < 2; again++)
        {
            foreach (
                var consumer in services
                    .GetServices<IEventConsumer>()
                    .Where(one => one.GetType().Namespace == "Rookery.Notifications")
            )
            {
                await consumer.HandleAsync(
                    [.. events.Where(one => consumer.Reads.Contains(one.Event.GetType()))],
                    Stop
                );
            }
        }

        await QuietAsync();
        Assert.Equal(before, Told().Count);
    }

    [Fact]
    public async Task One_press_in_the_mail_program_ends_them_and_the_settings_say_so()
    {
        await ChooseAsync(("mention", "now"), ("follow", "digest"));
        await PostAsync(_bob, "@ana");
        var mail = await ToldAsync("bob mentioned you", "/@bob/");
        var link = mail.Header("List-Unsubscribe").Trim('<', '>')[
            "https://rookery.example".Length..
        ];
        using (var request = new HttpRequestMessage(HttpMethod.Post, link))
        {
            request.Content = new StringContent(
                "List-Unsubscribe=One-Click",
                null,
                "application/x-www-form-urlencoded"
            );
            using var answer = await _world.Server.Http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await _ana.OpenAsync("/settings/notifications");
        Assert.Equal("never", Chosen("mail-mention"));
        Assert.Equal("digest", Chosen("mail-follow"));
        Assert.Contains("you ended", _ana.Text, StringComparison.Ordinal);
        await PostAsync(_bob, "@ana, again");
        await QuietAsync();
        Assert.Single(Told());

        await _ana.SendAsync("form[action$=mails]", ("mention", "now"));
        Assert.Equal("now", Chosen("mail-mention"));
        Assert.DoesNotContain("you ended", _ana.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_chooses_hours_and_is_told_what_is_wrong_with_them()
    {
        await _ana.OpenAsync("/settings");
        await _ana.FollowAsync("main [href='/settings/notifications']");
        Assert.Equal("digest", Chosen("mail-mention"));
        Assert.Equal("never", Chosen("mail-like"));
        Assert.Equal("daily", Chosen("digest_day"));
        await _ana.SendAsync(
            "form[action$=hours]",
            ("zone", "Europe/Berlin"),
            ("digest_day", "1"),
            ("digest_hour", "18"),
            ("quiet_from", "22:30"),
            ("quiet_to", "07:00")
        );
        Assert.Equal("/settings/notifications?done=hours", _ana.Place);
        Assert.Equal("Europe/Berlin", Chosen("zone"));
        Assert.Equal(("1", "18"), (Chosen("digest_day"), Chosen("digest_hour")));
        Assert.Equal("22:30", _ana.Find("#quiet_from").GetAttribute("value"));

        await _ana.SendAsync("form[action$=hours]", ("quiet_from", "07:10"));
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
        Assert.NotNull(_ana.Page.QuerySelector("#quiet_to-error"));
        Assert.Equal("07:10", _ana.Find("#quiet_from").GetAttribute("value"));
        await _ana.SendAsync("form[action$=hours]", ("quiet_from", "soon"));
        Assert.NotNull(_ana.Page.QuerySelector("#quiet_from-error"));
        await _ana.SendAsync("form[action$=hours]", ("quiet_from", ""), ("quiet_to", ""));
        Assert.Equal("/settings/notifications?done=hours", _ana.Place);
        Assert.Equal("", _ana.Find("#quiet_to").GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task At_an_address_that_is_not_confirmed_nobody_is_told()
    {
        using var dora = await new Browser(_ana.Address, Stop).SignUpAsync("dora");
        await dora.OpenAsync("/settings/notifications");
        Assert.Contains(
            "once your e-mail address is confirmed",
            dora.Text,
            StringComparison.Ordinal
        );
        await dora.SendAsync("form[action$=mails]", ("mention", "now"));
        await PostAsync(_bob, "@dora");
        await QuietAsync();
        Assert.DoesNotContain(
            _smtp.Mails(),
            mail => mail.To == "dora@example.org" && mail.Has("List-Unsubscribe")
        );
    }

    [Fact]
    public async Task Whatever_others_are_called_and_write_the_mail_has_the_elements_of_any_mail()
    {
        await ChooseAsync(("mention", "now"), ("follow", "never"));
        using var bob = new Browser(_ana.Address, Stop);
        await bob.OpenAsync("/login");
        await bob.SendAsync("main form", ("username", "bob"), ("password", ClassicClient.Password));
        string[]? plain = null;
        foreach (var text in HostileTextTests.Texts.Where((_, i) => i % 4 == 0).Prepend("Bob"))
        {
            await bob.OpenAsync("/settings");
            await bob.SendAsync("form[action$=profile]", ("name", text), ("bio", ""));
            var before = Told().Count;
            await PostAsync(_bob, $"@ana {text}");
            await QuietAsync();
            var mail = Assert.Single(Told().Skip(before));
            var elements = Regex
                .Matches(mail.Html, "<[^>]*>")
                .Select(element => Regex.Replace(element.Value, "/@bob/[0-9]+", "/@bob/1"))
                .ToArray();
            plain ??= elements;
            Assert.Equal(plain, elements);
            Assert.Equal("ana@example.org", mail.To);
        }
    }

    [Fact]
    public async Task Mails_are_in_the_language_of_their_reader()
    {
        using var ana = new Browser(_ana.Address, Stop, "de") { Language = "de" };
        await ana.SignUpAsync("anna");
        var asked = (await _smtp.MailsAsync(4, Stop)).Single(mail => mail.To == "anna@example.org");
        await ana.OpenAsync(asked.Link("/confirm/"));
        await ana.SendAsync("main form");
        await ana.OpenAsync("/settings/notifications");
        Assert.Contains("Mitteilungen per Mail", ana.Text, StringComparison.Ordinal);
        await ana.SendAsync("form[action$=hours]", ("quiet_from", "bald"));
        Assert.Contains("Das ist keine Uhrzeit", ana.Text, StringComparison.Ordinal);
        await ana.SendAsync("form[action$=mails]", ("mention", "now"));
        await PostAsync(_bob, "@anna");
        await QuietAsync();
        Assert.Equal("bob hat dich erwähnt", _smtp.Mails()[^1].Subject);
    }

    private async Task<AccountId> IdOfAsync(string username) =>
        (
            await _world
                .Server.Services.GetRequiredService<Accounts.IAccounts>()
                .ResolveAsync([username], Stop)
        )[username];

    private async Task ChooseAsync(params (string Kind, string When)[] chosen)
    {
        await _ana.OpenAsync("/settings/notifications");
        await _ana.SendAsync("form[action$=mails]", chosen);
        Assert.Equal("/settings/notifications?done=mails", _ana.Place);
        Assert.All(chosen, one => Assert.Equal(one.When, Chosen($"mail-{one.Kind}")));
    }

    private string? Chosen(string select) =>
        _ana.Find($"#{select}").QuerySelector("option[selected]")?.GetAttribute("value");

    private async Task<PostId> AnaPostsAsync(string text)
    {
        await _ana.PostAsync(text);
        var link = _ana
            .Page.QuerySelectorAll("a[href^='/@ana/']")
            .Select(one => one.GetAttribute("href")!)
            .First(href => Regex.IsMatch(href, "^/@ana/[0-9]+"));
        return new PostId(
            long.Parse(
                link.Split('/', '#', '?')[2],
                System.Globalization.CultureInfo.InvariantCulture
            )
        );
    }

    private async Task RelateOfAnaAsync(string whom, string act)
    {
        await _ana.OpenAsync($"/@{whom}");
        await _ana.PressAsync($"button[formaction$='/{act}']");
    }

    private async Task RingAsync()
    {
        await RelateOfAnaAsync("bob", "follow");
        await _ana.OpenAsync("/@bob");
        await _ana.PressAsync("button[formaction$='/ring']");
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        PostId? inReplyTo = null
    ) =>
        new((await author.PostAsync(text, Stop, inReplyTo: inReplyTo)).Require(201).Id("tweet_id"));

    /// <summary>The mails of notifications, in order.</summary>
    private List<ReceivedMail> Told() =>
        [.. _smtp.Mails().Where(mail => mail.Has("List-Unsubscribe"))];

    /// <summary>The newest mail, once it says this.</summary>
    private async Task<ReceivedMail> ToldAsync(string subject, string path)
    {
        await QuietAsync();
        var mail = Told()[^1];
        Assert.Equal((subject, "ana@example.org"), (mail.Subject, mail.To));
        Assert.Contains(subject, mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://rookery.example{path}", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://rookery.example{path}", mail.Html, StringComparison.Ordinal);
        return mail;
    }

    /// <summary>Nothing is to be told any more, and all that was is sent.</summary>
    private async Task QuietAsync()
    {
        await _world.SettleAsync(Stop);
        var store = _world.Server.Services.GetRequiredService<INotificationMailStore>();
        await Wait.UntilAsync(
            async () => !await IsThereAsync(store, _ => true),
            () => "no mail of notifications waits",
            Stop,
            TimeSpan.FromMilliseconds(20)
        );
        await _world.MailsSettleAsync(Stop);
    }

    /// <summary>A mail is among those that are sent.</summary>
    private async Task OrderedAsync()
    {
        await _world.SettleAsync(Stop);
        var store = _world.Server.Services.GetRequiredService<INotificationMailStore>();
        await Wait.UntilAsync(
            () => IsThereAsync(store, mail => mail.Stage == NotificationMailStage.Ordered),
            () => "a mail is ordered",
            Stop,
            TimeSpan.FromMilliseconds(20)
        );
    }

    /// <summary>Of those that come at once, for who can be reached.</summary>
    private static async Task<bool> IsThereAsync(
        INotificationMailStore store,
        Predicate<NotificationMail> like
    )
    {
        var soon = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
        return (await store.DueAsync(soon, 999, Stop)).Any(mail =>
            mail.Form == NotificationMailForm.AtOnce && like(mail)
        );
    }
}
