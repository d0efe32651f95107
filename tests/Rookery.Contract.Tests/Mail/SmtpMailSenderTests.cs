using Microsoft.Extensions.Options;
using Rookery.Adapters.Smtp;
using Rookery.Mail;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Mail;

public sealed class SmtpMailSenderTests : MailSenderContract, IAsyncLifetime
{
    private SmtpServer _server = null!;

    private protected override IMailSender Sender => SenderTo(_server);

    public async ValueTask InitializeAsync() => _server = await SmtpServer.StartAsync(Stop);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("refused@example.org", MailFate.Refused, "no such mailbox")]
    [InlineData("later@example.org", MailFate.PutOff, "busy")]
    [InlineData("spam@example.org", MailFate.Refused, "spam")]
    [InlineData("far@example.org", MailFate.Unreachable, "relay")]
    [InlineData("any@null-mx.example", MailFate.Refused, "takes no mail")]
    [InlineData("odd@example.org", MailFate.PutOff, "syntax")]
    [InlineData("policy@example.org", MailFate.PutOff, "policy")]
    public async Task What_the_server_says_to_a_recipient_is_told_apart(
        string address,
        MailFate fate,
        string reason
    )
    {
        var outcome = await Sender.SendAsync(Mail(address), Stop);

        Assert.Equal(fate, outcome.Fate);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(_server.Mails());
        Assert.Equal(MailFate.Sent, (await Sender.SendAsync(Mail(), Stop)).Fate);
    }

    [Fact]
    public async Task Every_mail_has_the_recipient_that_the_server_is_told()
    {
        await Sender.SendAsync(Mail("a+b.c'd@example.org"), Stop);

        var got = Assert.Single(_server.Mails());
        Assert.Equal("a+b.c'd@example.org", got.EnvelopeTo);
        Assert.Equal("rookery@rookery.example", got.Header("X-Envelope-From"));
    }

    [Fact]
    public async Task An_address_of_any_script_is_one_for_a_server_that_knows_them()
    {
        Assert.Equal(
            MailFate.Sent,
            (await Sender.SendAsync(Mail("jörg@bücher.example"), Stop)).Fate
        );

        Assert.Equal("jörg@bücher.example", Assert.Single(_server.Mails()).EnvelopeTo);
    }

    [Theory]
    [InlineData("jörg@example.org")]
    [InlineData(
        "ana@üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example"
    )]
    public async Task An_address_that_its_server_cannot_be_told_is_given_up_for_others_are_sent(
        string address
    )
    {
        await using var server = await SmtpServer.StartAsync(
            Stop,
            new SmtpTerms(KnowsAllScripts: false)
        );

        var outcome = await SenderTo(server).SendAsync(Mail(address), Stop);

        Assert.Equal(MailFate.Refused, outcome.Fate);
        Assert.Contains(address, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(
            MailFate.Sent,
            (await SenderTo(server).SendAsync(Mail("ana@bücher.example"), Stop)).Fate
        );
        await server.KillAsync();
        Assert.Equal(
            MailFate.Unreachable,
            (await SenderTo(server).SendAsync(Mail(address), Stop)).Fate
        );
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_and_one_that_is_back_is_used()
    {
        await _server.KillAsync();

        Assert.Equal(MailFate.Unreachable, (await Sender.SendAsync(Mail(), Stop)).Fate);

        await _server.RestartAsync(Stop);
        Assert.Equal(MailFate.Sent, (await Sender.SendAsync(Mail(), Stop)).Fate);
    }

    [Fact]
    public async Task A_server_that_stands_still_is_waited_for_no_longer_than_the_settings_say()
    {
        await _server.StopAsync();
        var started = TimeProvider.System.GetTimestamp();

        var outcome = await SenderTo(_server, options => options.TimeoutSeconds = 1)
            .SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains("within 1 s", outcome.Reason, StringComparison.Ordinal);
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(started),
            TimeSpan.FromMilliseconds(900),
            TimeSpan.FromSeconds(10)
        );
        await _server.ContinueAsync();
    }

    [Fact]
    public async Task Where_it_must_be_encrypted_nothing_is_sent_to_a_server_that_cannot()
    {
        var outcome = await SenderTo(_server, options => options.Tls = "always")
            .SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains("secure", outcome.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_server.Mails());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_believed()
    {
        await using var server = await SmtpServer.StartAsync(Stop, new SmtpTerms(HasTls: true));

        var outcome = await SenderTo(server, options => options.Tls = "always")
            .SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains("certificate", outcome.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(server.Mails());
    }

    [Fact]
    public async Task A_server_that_wants_encryption_says_so()
    {
        await using var server = await SmtpServer.StartAsync(Stop, new SmtpTerms(HasTls: true));

        var outcome = await SenderTo(server).SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains("STARTTLS", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails());
    }

    [Fact]
    public async Task Who_may_send_logs_in_and_nobody_else_is_let_in()
    {
        await using var server = await SmtpServer.StartAsync(
            Stop,
            new SmtpTerms(Login: ("rook", "crow's nest"))
        );

        Assert.Equal(MailFate.Unreachable, (await SenderTo(server).SendAsync(Mail(), Stop)).Fate);
        var wrong = await SenderTo(
                server,
                options => (options.Username, options.Password) = ("rook", "x")
            )
            .SendAsync(Mail(), Stop);
        Assert.Equal(MailFate.Unreachable, wrong.Fate);
        Assert.DoesNotContain("AUTH LOGIN", wrong.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails());

        var right = await SenderTo(
                server,
                options => (options.Username, options.Password) = ("rook", "crow's nest")
            )
            .SendAsync(Mail(), Stop);
        Assert.Equal(MailFate.Sent, right.Fate);
        Assert.Equal("rook", Assert.Single(server.Mails()).Header("X-Logged-In"));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_log_in_and_takes_nothing_is_told_of_as_it_is()
    {
        // It offers AUTH only over TLS.
        await using var server = await SmtpServer.StartAsync(
            Stop,
            new SmtpTerms(HasTls: true, Login: ("rook", "crow's nest"))
        );

        var outcome = await SenderTo(
                server,
                options => (options.Username, options.Password) = ("rook", "crow's nest")
            )
            .SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains("offered no AUTH LOGIN", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("crow", outcome.Reason, StringComparison.Ordinal);
    }

    private protected override Task<IReadOnlyList<ReceivedMail>> InboxAsync() =>
        Task.FromResult(_server.Mails());

    private static SmtpMailSender SenderTo(SmtpServer server, Action<MailOptions>? configure = null)
    {
        var options = new MailOptions { Smtp = server.Address, From = From };
        configure?.Invoke(options);
        return new SmtpMailSender(Options.Create(options), TimeProvider.System);
    }
}
