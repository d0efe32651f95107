using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Mail;
using Rookery.Telemetry;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mail;

/// <summary>What accounts are written, and what comes of the links in it.</summary>
public sealed class AccountMailTests : IDisposable
{
    private const string NewPassword = "another horse battery";

    private readonly FakeTime _time = new();
    private readonly AccountsWorld _world;

    public AccountMailTests() =>
        _world = new AccountsWorld(
            services => services.AddSingleton<TimeProvider>(_time),
            new SqliteFile(_time)
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_signs_up_is_asked_to_confirm_and_does_so_once()
    {
        var ana = await _world.SignUpAsync("ana");

        var mail = Assert.Single(await SentAsync());
        Assert.Equal("ana@example.org", mail.Address);
        Assert.Contains("ana", mail.Text, StringComparison.Ordinal);
        Assert.Null(mail.UnsubscribeUrl);
        var link = LinkOf(mail, ConfirmEmail.Path);
        Assert.Equal(
            ana.Account,
            (await _world.Get<ConfirmEmail>().HandleAsync(link, Token)).Value
        );
        Assert.True(await _world.Get<ReadEmail>().IsConfirmedAsync(ana.Account, Token));
        Assert.False((await _world.Get<ConfirmEmail>().HandleAsync(link, Token)).Succeeded);
        Assert.False((await _world.Get<ConfirmEmail>().HandleAsync("", Token)).Succeeded);
    }

    [Fact]
    public async Task A_mail_that_is_sent_again_has_a_link_of_its_own_and_both_work_as_one()
    {
        await _world.SignUpAsync("ana");
        _world.Mails.Answer = _ => new MailOutcome(MailFate.PutOff, "lost on the way back");
        await SentAsync();
        _world.Mails.Answer = _ => new MailOutcome(MailFate.Sent);
        _time.Advance(TimeSpan.FromMinutes(1));
        var mails = await SentAsync();

        Assert.Equal(2, mails.Count);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        var links = mails.Select(mail => LinkOf(mail, ConfirmEmail.Path)).ToList();
        Assert.NotEqual(links[0], links[1]);
        Assert.NotNull(await _world.Get<ConfirmEmail>().FindAsync(links[1], Token));
        Assert.True((await _world.Get<ConfirmEmail>().HandleAsync(links[0], Token)).Succeeded);
        Assert.False((await _world.Get<ConfirmEmail>().HandleAsync(links[1], Token)).Succeeded);
    }

    [Fact]
    public async Task What_stands_on_the_disk_is_no_link()
    {
        await _world.SignUpAsync("ana");
        var link = LinkOf(Assert.Single(await SentAsync()), ConfirmEmail.Path);

        var rows = _world
            .Get<Adapters.Sql.SqlDatabase>()
            .Read(session =>
                session.Many(
                    "SELECT hex(hash) || kind || account || email FROM account_links UNION ALL SELECT key || kind || parameters || error FROM mails",
                    row => row.GetString(0)
                )
            );
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(link, row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ana")]
    [InlineData("ANA")]
    [InlineData("ana@example.org")]
    [InlineData(" Ana@Example.ORG ")]
    public async Task Who_forgot_the_password_sets_another_and_every_session_ends(string asked)
    {
        var ana = await _world.SignUpAsync("ana");
        await SentAsync();

        Assert.True((await AskAsync(asked)).Succeeded);

        var mail = (await SentAsync())[^1];
        Assert.Equal("ana@example.org", mail.Address);
        var link = LinkOf(mail, ResetPassword.Path);
        Assert.Equal("ana", (await _world.Get<ResetPassword>().FindAsync(link, Token))!.Username);
        var weak = await ResetAsync(link, "short");
        Assert.Equal("new_password", weak.Problem?.Field);
        Assert.True((await ResetAsync(link, NewPassword)).Succeeded);
        Assert.Null(await _world.Get<Sessions>().AuthenticateAsync(ana.AuthToken, Token));
        Assert.True((await LogInAsync("ana", NewPassword)).Succeeded);
        Assert.False((await LogInAsync("ana", AccountsWorld.Password)).Succeeded);
        Assert.Equal("token", (await ResetAsync(link, NewPassword + "!")).Problem?.Field);
    }

    [Fact]
    public async Task A_link_for_a_new_password_works_for_an_hour_and_its_mail_is_sent_no_later()
    {
        await _world.SignUpAsync("ana");
        await SentAsync();
        await AskAsync("ana");
        var link = LinkOf((await SentAsync())[^1], ResetPassword.Path);
        await AskAsync("ana");
        var before = _world.Mails.Mails.Count;

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("token", (await ResetAsync(link, NewPassword)).Problem?.Field);
        Assert.Equal(before, (await SentAsync()).Count);
        Assert.Equal(1, (await _world.Get<IMails>().BacklogAsync(Token)).GivenUp);
    }

    [Fact]
    public async Task However_often_others_ask_the_link_that_the_owner_got_works_for_its_hour()
    {
        await _world.SignUpAsync("ana");
        await SentAsync();
        await AskAsync("ana");
        var link = LinkOf((await SentAsync())[^1], ResetPassword.Path);

        var more = 0;
        for (var minute = 1; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            foreach (var name in new[] { "ana", "ana@example.org" })
            {
                while ((await AskAsync(name)).Succeeded)
                {
                    more++;
                }
            }

            await SentAsync();
        }

        Assert.True(more > 9);
        Assert.True((await ResetAsync(link, NewPassword)).Succeeded);
    }

    [Fact]
    public async Task Asking_is_the_same_work_whether_somebody_is_called_so()
    {
        await _world.SignUpAsync("ana");
        await SentAsync();
        string[] asked = ["ana", "nobody", "ana@example.org", "nobody@example.org"];
        foreach (var name in asked)
        {
            Assert.Equal(Done.Instance, (await AskAsync(name)).Value);
        }

        var due = await _world.Get<IMailStore>().ClaimAsync(9, TimeSpan.Zero, Token);
        Assert.Equal(asked.Order(), due.Select(mail => mail["asked"]).Order());
        Assert.All(due, mail => Assert.Equal(default, mail.Account));

        Assert.Equal(
            2,
            (await SentAsync()).Count(mail =>
                mail.Text.Contains(ResetPassword.Path, StringComparison.Ordinal)
            )
        );
        Assert.Equal(0, (await _world.Get<IMails>().BacklogAsync(Token)).GivenUp);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("not@an@address")]
    [InlineData("no handle")]
    [InlineData("ana\r\nBcc: evil@example.org")]
    public async Task What_nobody_can_be_called_is_refused(string? asked) =>
        Assert.Equal(
            (ProblemKind.Invalid, "username"),
            ((await AskAsync(asked)).Problem?.Kind, (await AskAsync(asked)).Problem?.Field)
        );

    [Fact]
    public async Task One_mail_names_all_accounts_of_an_address_and_goes_where_theirs_goes()
    {
        foreach (var name in (string[])["ana", "bob"])
        {
            await _world
                .Get<SignUp>()
                .HandleAsync(
                    new SignUpRequest(name, "Both@Example.org", AccountsWorld.Password),
                    Token
                );
        }

        var before = (await SentAsync()).Count;
        await AskAsync("both@example.org");

        var mail = Assert.Single((await SentAsync()).Skip(before));
        Assert.Equal("Both@Example.org", mail.Address);
        Assert.Contains("for ana", mail.Text, StringComparison.Ordinal);
        Assert.Contains("for bob", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_gets_so_many_mails_an_hour_and_a_sign_up_goes_through_all_the_same()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True((await AskAsync("ana@example.org")).Succeeded);
        }

        Assert.Equal(ProblemKind.TooMany, (await AskAsync("ana@example.org")).Problem?.Kind);
        var ana = await _world.SignUpAsync("ana");
        Assert.DoesNotContain(
            await SentAsync(),
            mail => mail.Text.Contains(ConfirmEmail.Path, StringComparison.Ordinal)
        );
        Assert.Equal(
            ProblemKind.TooMany,
            (await _world.Get<AskConfirmation>().HandleAsync(ana.Account, null, Token))
                .Problem
                ?.Kind
        );

        _time.Advance(TimeSpan.FromHours(2));
        Assert.True(
            (await _world.Get<AskConfirmation>().HandleAsync(ana.Account, null, Token)).Succeeded
        );
        Assert.Contains(
            await SentAsync(),
            mail => mail.Text.Contains(ConfirmEmail.Path, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_sign_up_without_its_mail_is_no_request_that_was_refused()
    {
        var measured = _world.Get<Measurements>();
        for (var i = 0; i < 5; i++)
        {
            await AskAsync("ana@example.org");
        }

        await _world.SignUpAsync("ana");
        Assert.Empty(RefusedIn(measured));
        await AskAsync("ana@example.org");
        Assert.Equal(["mails"], RefusedIn(measured));

        static IEnumerable<string> RefusedIn(Measurements measured) =>
            measured
                .Read()
                .Single(one => one.Instrument == MetricNames.LimitsRefused)
                .Series.Select(series => series.Labels[0]);
    }

    [Fact]
    public async Task Another_address_is_the_accounts_when_it_is_confirmed_and_the_old_one_is_told_of_both()
    {
        var ana = await ConfirmedAsync("ana");
        var change = new ChangeEmailRequest(
            ana.Account,
            "Ana@Else.example",
            AccountsWorld.Password
        );

        var wrong = await ChangeAsync(change with { Password = "wrong" });
        Assert.Equal(ProblemKind.Forbidden, wrong.Problem?.Kind);
        Assert.True((await ChangeAsync(change)).Succeeded);

        var mails = await NewAsync();
        var asked = Assert.Single(mails, mail => mail.Address == "ana@example.org");
        Assert.Contains("A…@Else.example", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ana@Else", asked.Text, StringComparison.Ordinal);
        var confirm = Assert.Single(mails, mail => mail.Address == "Ana@Else.example");

        await _world.Get<ConfirmEmail>().HandleAsync(LinkOf(confirm, ConfirmEmail.Path), Token);
        Assert.Equal(["ana@example.org"], (await NewAsync()).Select(mail => mail.Address));
        var own = await _world.Get<ReadEmail>().HandleAsync(ana.Account, Token);
        Assert.Equal(("Ana@Else.example", true), (own.Email!.Email, own.Email.IsConfirmed));
    }

    [Fact]
    public async Task Who_changes_the_address_again_and_again_has_no_more_mails_sent_than_who_asks_for_them()
    {
        var ana = await ConfirmedAsync("ana");
        var bob = await ConfirmedAsync("bob");
        var most = new AccountsOptions().MailsPerHourAndAddress;
        var change = new ChangeEmailRequest(ana.Account, null, AccountsWorld.Password);

        for (var i = 0; i < most; i++)
        {
            Assert.True(
                (await ChangeAsync(change with { Email = $"stranger{i}@else.example" })).Succeeded
            );
        }

        var refused = await ChangeAsync(change with { Email = "one.more@else.example" });
        Assert.Equal(ProblemKind.TooMany, refused.Problem?.Kind);

        // Nor do more accounts have more sent from one place.
        change = change with
        {
            Account = bob.Account,
            From = System.Net.IPAddress.Parse("192.0.2.1"),
        };
        var limits = _world.Get<AccountLimits>();
        for (var i = 0; i < most; i++)
        {
            Assert.Null(await limits.RefuseMailAsync(null, change.From, Token));
        }

        refused = await ChangeAsync(change with { Email = "one.more@else.example" });
        Assert.Equal(ProblemKind.TooMany, refused.Problem?.Kind);
    }

    [Fact]
    public async Task An_owner_is_told_of_a_log_in_and_of_a_new_password_in_the_language_that_was_chosen()
    {
        var ana = await ConfirmedAsync("ana");
        await _world.Get<ChooseMails>().HandleAsync(ana.Account, true, "de", Token);

        await LogInAsync("ana", AccountsWorld.Password, "Firefox, Linux");
        var log = Assert.Single(await NewAsync());
        Assert.Contains("Firefox, Linux", log.Text, StringComparison.Ordinal);
        Assert.Equal(("de", true), (log.Language, log.UnsubscribeUrl is not null));

        await _world
            .Get<ChangePassword>()
            .HandleAsync(
                new ChangePasswordRequest(
                    ana.Account,
                    ana.AuthToken,
                    AccountsWorld.Password,
                    NewPassword
                ),
                Token
            );
        var changed = Assert.Single(await NewAsync());
        Assert.Null(changed.UnsubscribeUrl);
        Assert.Contains("Passwort", changed.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_its_owner_wrote_goes_to_an_address_that_nobody_confirmed()
    {
        var ana = await _world.SignUpAsync("ana");
        await _world
            .Get<EditProfile>()
            .HandleAsync(new ProfileEdit(ana.Account, "Win now: evil.example", null), Token);
        await _world.Get<AskConfirmation>().HandleAsync(ana.Account, null, Token);
        await AskAsync("ana");
        await LogInAsync("ana", AccountsWorld.Password, "evil.example");

        var mails = await SentAsync();
        Assert.Equal(3, mails.Count);
        Assert.All(
            mails,
            mail =>
            {
                Assert.DoesNotContain(
                    "evil",
                    mail.Text + mail.Html + mail.Subject,
                    StringComparison.Ordinal
                );
                Assert.DoesNotContain("evil", mail.Name, StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData(
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Firefox, Linux"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Edge, Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Safari, iPhone"
    )]
    [InlineData("curl/8.0 <script>alert(1)</script>", "")]
    [InlineData(null, "")]
    public void A_device_is_a_few_words_of_our_own(string? userAgent, string device) =>
        Assert.Equal(device, Device.Of(userAgent));

    public void Dispose() => _world.Dispose();

    private static string LinkOf(OutgoingMail mail, string path)
    {
        var start = mail.Text.IndexOf(path, StringComparison.Ordinal) + path.Length;
        return mail.Text.Substring(start, AuthToken.Length);
    }

    private async Task<LoggedIn> ConfirmedAsync(string name)
    {
        var account = await _world.SignUpAsync(name);
        var link = LinkOf((await SentAsync())[^1], ConfirmEmail.Path);
        Assert.True((await _world.Get<ConfirmEmail>().HandleAsync(link, Token)).Succeeded);
        return account;
    }

    /// <summary>All that was sent.</summary>
    private async Task<IReadOnlyList<OutgoingMail>> SentAsync()
    {
        while ((await _world.Get<SendMails>().HandleAsync(Token)).Tried > 0) { }

        return _world.Mails.Mails;
    }

    private async Task<IReadOnlyList<OutgoingMail>> NewAsync()
    {
        var before = _world.Mails.Mails.Count;
        return [.. (await SentAsync()).Skip(before)];
    }

    private Task<Result<Done>> AskAsync(string? asked) =>
        _world.Get<AskNewPassword>().HandleAsync(asked, "", Token);

    private Task<Result<Done>> ChangeAsync(ChangeEmailRequest request) =>
        _world.Get<ChangeEmail>().HandleAsync(request, Token);

    private Task<Result<AccountId>> ResetAsync(string link, string password) =>
        _world.Get<ResetPassword>().HandleAsync(new ResetPasswordRequest(link, password), Token);

    private Task<Result<LoggedIn>> LogInAsync(string name, string password, string device = "") =>
        _world
            .Get<LogIn>()
            .HandleAsync(new LogInRequest(name, password) { Device = device }, Token);
}
