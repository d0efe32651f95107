using System.Net;
using System.Text.Json;
using Rookery.SystemTests.Site;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Mail;

/// <summary>What people do with mails, on the site without JavaScript and with a real mail server.</summary>
public sealed class MailFlowTests : IAsyncLifetime
{
    private const string NewPassword = "another horse battery";

    private SmtpServer _smtp = null!;
    private World _world = null!;
    private Browser _ana = null!;

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
            }
        );
        _ana = new Browser(_world.Server.Http.BaseAddress!, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _world.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task Who_signs_up_gets_one_mail_and_confirms_the_address_with_the_link_in_it()
    {
        await _ana.SignUpAsync("ana");
        var mail = Assert.Single(await _smtp.MailsAsync(1, Stop));
        Assert.Equal(("ana@example.org", "ana@example.org"), (mail.To, mail.EnvelopeTo));
        Assert.Contains("https://rookery.example/confirm/", mail.Html, StringComparison.Ordinal);
        await _ana.OpenAsync("/settings");
        await _ana.FollowAsync("main [href='/settings/email']");
        Assert.Contains("not confirmed", _ana.Text, StringComparison.Ordinal);
        Assert.False(await IsConfirmedAsync());

        // A program that looks at the link confirms nothing.
        var link = mail.Link("/confirm/");
        using (var scanner = new Browser(_ana.Address, Stop))
        {
            await scanner.OpenAsync(link);
            Assert.Contains("ana@example.org", scanner.Text, StringComparison.Ordinal);
        }

        Assert.False(await IsConfirmedAsync());
        await _ana.OpenAsync(link);
        await _ana.SendAsync("main form");
        Assert.Equal("/settings/email?done=confirmed", _ana.Place);
        Assert.Contains("is confirmed", _ana.Text, StringComparison.Ordinal);
        Assert.True(await IsConfirmedAsync());
        Assert.Null(_ana.Page.QuerySelector("form[action$=confirmation]"));

        await _ana.OpenAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, _ana.Status);
        Assert.Contains("used before", _ana.Text, StringComparison.Ordinal);
        await _world.MailsSettleAsync(Stop);
        Assert.Single(_smtp.Mails());
    }

    [Fact]
    public async Task Who_has_forgotten_the_password_sets_another_and_is_logged_out_everywhere()
    {
        await _ana.SignUpAsync("ana");
        using var stranger = new Browser(_ana.Address, Stop);
        await stranger.OpenAsync("/login");
        await stranger.FollowAsync("main [href='/forgotten']");
        await stranger.SendAsync("main form", ("username", "nobody"));
        var unknown = (stranger.Place, stranger.Status, stranger.Text);
        await stranger.OpenAsync("/forgotten");
        await stranger.SendAsync("main form", ("username", "ana"));
        Assert.Equal(unknown, (stranger.Place, stranger.Status, stranger.Text));

        await _world.MailsSettleAsync(Stop);
        var mail = Assert.Single(
            _smtp.Mails(),
            one => one.Text.Contains("/new-password/", StringComparison.Ordinal)
        );
        var link = mail.Link("/new-password/");
        await stranger.OpenAsync(link);
        await stranger.SendAsync("main form", ("new_password", "short"));
        Assert.Equal(HttpStatusCode.BadRequest, stranger.Status);
        Assert.NotNull(stranger.Page.QuerySelector("#new_password-error"));
        await stranger.SendAsync("main form", ("new_password", NewPassword));
        Assert.Equal("/login?done=password", stranger.Place);
        Assert.Contains("was changed", stranger.Text, StringComparison.Ordinal);
        await stranger.SendAsync("main form", ("username", "ana"), ("password", NewPassword));
        Assert.Equal("/home", stranger.Place);

        await _ana.OpenAsync("/home");
        Assert.StartsWith("/login", _ana.Place, StringComparison.Ordinal);
        await _ana.OpenAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, _ana.Status);
        Assert.Contains("used before", _ana.Text, StringComparison.Ordinal);
        Assert.NotNull(_ana.Page.QuerySelector("form[action='/forgotten']"));
        await _world.MailsSettleAsync(Stop);
        Assert.Single(
            _smtp.Mails(),
            one => one.Subject.Contains("password was changed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_member_changes_the_address_and_the_old_one_is_told()
    {
        await ConfirmedAsync();
        await _ana.OpenAsync("/settings/email");
        await _ana.SendAsync(
            "form[action='/settings/email']",
            ("email", "ana@else.example"),
            ("password", "wrong")
        );
        Assert.Equal(HttpStatusCode.Forbidden, _ana.Status);
        Assert.Equal("ana@else.example", _ana.Find("#email").GetAttribute("value"));
        await _ana.SendAsync(
            "form[action='/settings/email']",
            ("email", "ana@else.example"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal("/settings/email?done=asked", _ana.Place);
        Assert.Contains("ana@example.org", _ana.Text, StringComparison.Ordinal);
        Assert.Contains("ana@else.example takes its place", _ana.Text, StringComparison.Ordinal);

        await _world.MailsSettleAsync(Stop);
        Assert.Contains(
            _smtp.Mails(),
            one =>
                one.To == "ana@example.org"
                && one.Subject.StartsWith("Another", StringComparison.Ordinal)
        );
        var asked = Assert.Single(_smtp.Mails(), one => one.To == "ana@else.example");
        await _ana.OpenAsync(asked.Link("/confirm/"));
        await _ana.SendAsync("main form");
        Assert.Contains("ana@else.example", _ana.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ana@example.org", _ana.Text, StringComparison.Ordinal);
        await _world.MailsSettleAsync(Stop);
        Assert.Equal("ana@example.org", _smtp.Mails()[^1].To);
    }

    [Fact]
    public async Task A_member_is_told_of_log_ins_and_ends_that_with_one_press_in_the_mail_program()
    {
        await ConfirmedAsync();
        await LogInAsync();
        await _world.MailsSettleAsync(Stop);
        var told = _smtp.Mails()[^1];
        Assert.Contains("logged in", told.Text, StringComparison.Ordinal);
        var link = told.Header("List-Unsubscribe").Trim('<', '>')[
            "https://rookery.example".Length..
        ];

        // A program that looks at it changes nothing; one that sends what RFC 8058 says needs no cookie and no form.
        using var scanner = new Browser(_ana.Address, Stop);
        await scanner.OpenAsync(link);
        Assert.Equal(HttpStatusCode.OK, scanner.Status);
        await _ana.OpenAsync("/settings/email");
        Assert.NotNull(_ana.Page.QuerySelector("#log_ins[checked]"));
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

        await _ana.OpenAsync("/settings/email");
        Assert.Null(_ana.Page.QuerySelector("#log_ins[checked]"));
        var before = _smtp.Mails().Count;
        await LogInAsync();
        await _world.MailsSettleAsync(Stop);
        Assert.Equal(before, _smtp.Mails().Count);

        // By the button of the page, and back again in the settings.
        await _ana.SendAsync("form[action$=mails]", ("log_ins", "true"));
        await _ana.OpenAsync("/settings/email");
        Assert.NotNull(_ana.Page.QuerySelector("#log_ins[checked]"));
        await scanner.PressAsync("main button");
        Assert.Contains("no more mails", scanner.Text, StringComparison.Ordinal);
        await _ana.OpenAsync("/settings/email");
        Assert.Null(_ana.Page.QuerySelector("#log_ins[checked]"));

        await scanner.OpenAsync(link[..^3] + "AAA");
        Assert.Equal(HttpStatusCode.NotFound, scanner.Status);
    }

    [Fact]
    public async Task What_is_sent_while_the_mail_server_is_away_arrives_once_when_it_is_back()
    {
        await _smtp.KillAsync();
        await _ana.SignUpAsync("ana");
        using var admin = await new Browser(_ana.Address, Stop).SignUpAsync("boss");
        await _world.GiveRoleAsync("boss", "admin", Stop);
        await Wait.UntilAsync(
            async () =>
            {
                await admin.OpenAsync("/moderation/server");
                return admin.Find("[aria-labelledby=mail]").QuerySelector(".error") is not null;
            },
            () => admin.Text,
            Stop,
            TimeSpan.FromMilliseconds(100)
        );
        Assert.Contains("2 mails wait", admin.Text, StringComparison.Ordinal);

        await _smtp.RestartAsync(Stop);
        await _world.MailsSettleAsync(Stop);

        Assert.Equal(
            ["ana@example.org", "boss@example.org"],
            _smtp.Mails().Select(mail => mail.To).Order()
        );
        await admin.OpenAsync("/moderation/server");
        Assert.Contains("All mails are sent", admin.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_that_is_refused_is_not_tried_for_ever_and_is_counted()
    {
        await _ana.OpenAsync("/signup");
        await _ana.SendAsync(
            "main form",
            ("username", "ana"),
            ("email", "refused@example.org"),
            ("password", ClassicClient.Password)
        );
        await _world.GiveRoleAsync("ana", "admin", Stop);
        await _world.MailsSettleAsync(Stop);

        Assert.Empty(_smtp.Mails());
        await _ana.OpenAsync("/moderation/server");
        Assert.Contains(
            "1 mail of the last thirty days was given up",
            _ana.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("no such mailbox", _ana.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_confirms_for_another_is_told_nothing_of_the_own_address()
    {
        await _ana.SignUpAsync("ana");
        var mail = Assert.Single(await _smtp.MailsAsync(1, Stop));
        using var bob = new Browser(_ana.Address, Stop);
        await bob.SignUpAsync("bob");

        await bob.OpenAsync(mail.Link("/confirm/"));
        await bob.SendAsync("main form");

        Assert.Equal("/home", bob.Place);
        await _ana.OpenAsync("/settings/email");
        Assert.DoesNotContain("not confirmed", _ana.Text, StringComparison.Ordinal);
        await bob.OpenAsync("/settings/email");
        Assert.Contains("not confirmed", bob.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_and_pages_are_in_the_language_of_who_signs_up()
    {
        using var anna = new Browser(_ana.Address, Stop, "de") { Language = "de" };
        await anna.SignUpAsync("anna");

        var mail = Assert.Single(await _smtp.MailsAsync(1, Stop));
        Assert.Equal("Bestätige deine E-Mail-Adresse", mail.Subject);
        Assert.Contains("Hallo anna", mail.Text, StringComparison.Ordinal);
        Assert.Equal("de", mail.Header("Content-Language"));
        await anna.OpenAsync(mail.Link("/confirm/"));
        Assert.Contains("bestätigen", anna.Find("h1").TextContent, StringComparison.Ordinal);
        await anna.OpenAsync("/forgotten");
        await anna.SendAsync("main form", ("username", "was ist das"));
        Assert.Contains("weder ein Benutzername", anna.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_ask_for_the_confirmation_and_for_a_new_password()
    {
        var ana = await _world.SignUpAsync("ana", Stop);
        var caller = new Caller(_world.Server.Http, ana.Token);
        const string Check = "/api/v1/emails/check_confirmation";
        const string Ask = "/api/v1/emails/confirmations";
        Assert.Equal(
            JsonValueKind.False,
            (await caller.SendAsync(HttpMethod.Get, Check, null, Stop)).Require(200).Json.ValueKind
        );
        (await caller.SendAsync(HttpMethod.Post, Ask, null, Stop)).Require(200);
        (
            await caller.SendAsync(HttpMethod.Post, Ask, new { email = "new@example.org" }, Stop)
        ).Require(200);
        Assert.Equal(
            422,
            (
                await caller.SendAsync(HttpMethod.Post, Ask, new { email = "no address" }, Stop)
            ).Status
        );
        await _world.MailsSettleAsync(Stop);
        var mail = _smtp.Mails().Last(one => one.To == "new@example.org");
        await _ana.OpenAsync(mail.Link("/confirm/"));
        await _ana.SendAsync("main form");
        Assert.Equal("/login?done=email", _ana.Place);
        Assert.Equal(
            JsonValueKind.True,
            (await caller.SendAsync(HttpMethod.Get, Check, null, Stop)).Require(200).Json.ValueKind
        );
        (await caller.SendAsync(HttpMethod.Post, Ask, null, Stop)).Require(403);
        (
            await caller.SendAsync(HttpMethod.Post, Ask, new { email = "thief@example.org" }, Stop)
        ).Require(403);

        var nobody = new Caller(_world.Server.Http, null);
        var known = await nobody.SendAsync(
            HttpMethod.Post,
            "/api/v1/forgot_password",
            new { username = "ana" },
            Stop
        );
        var unknown = await nobody.SendAsync(
            HttpMethod.Post,
            "/api/v1/forgot_password",
            new { username = "nobody" },
            Stop
        );
        Assert.Equal(
            (200, known.Json.ToString()),
            (unknown.Require(200).Status, unknown.Json.ToString())
        );
        await _world.MailsSettleAsync(Stop);
        Assert.Equal("new@example.org", _smtp.Mails()[^1].To);
    }

    [Fact]
    public async Task Whatever_a_member_is_called_the_mail_has_the_elements_of_any_mail()
    {
        await ConfirmedAsync();
        string[]? plain = null;
        foreach (var name in HostileTextTests.Texts.Prepend("Ana"))
        {
            await _ana.OpenAsync("/settings");
            await _ana.SendAsync("form[action$=profile]", ("name", name), ("bio", ""));
            if (_ana.Status != HttpStatusCode.OK)
            {
                continue;
            }

            var before = _smtp.Mails().Count;
            await _ana.SendAsync(
                "form[action$=password]",
                ("password", ClassicClient.Password),
                ("new_password", ClassicClient.Password)
            );
            await _world.MailsSettleAsync(Stop);
            var mail = Assert.Single(_smtp.Mails().Skip(before));
            var elements = System
                .Text.RegularExpressions.Regex.Matches(mail.Html, "<[^>]*>")
                .Select(element => element.Value)
                .ToArray();
            plain ??= elements;
            Assert.Equal(plain, elements);
        }
    }

    private async Task<bool> IsConfirmedAsync()
    {
        await _ana.OpenAsync("/settings/email");
        return !_ana.Text.Contains("not confirmed", StringComparison.Ordinal);
    }

    private async Task ConfirmedAsync()
    {
        await _ana.SignUpAsync("ana");
        var mail = Assert.Single(await _smtp.MailsAsync(1, Stop));
        await _ana.OpenAsync(mail.Link("/confirm/"));
        await _ana.SendAsync("main form");
        Assert.Equal("/settings/email?done=confirmed", _ana.Place);
    }

    private async Task LogInAsync()
    {
        using var browser = new Browser(_ana.Address, Stop);
        await browser.OpenAsync("/login");
        await browser.SendAsync(
            "main form",
            ("username", "ana"),
            ("password", ClassicClient.Password)
        );
        Assert.Equal("/home", browser.Place);
    }
}
