using System.Net.Http.Json;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Mail;

/// <summary>The program in a process of its own, which is killed, or reaches its mail server over TLS alone.</summary>
public sealed class MailProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_process_that_is_killed_at_most_the_mail_in_flight_comes_twice_with_one_id()
    {
        const int People = 6;
        await using var smtp = await SmtpServer.StartAsync(Stop);
        using var folder = new TemporaryFolder();
        var settings = Settings(smtp);
        settings["Mail__AtOnce"] = "1";
        settings["Mail__TimeoutSeconds"] = "2";
        await smtp.HoldAsync(Stop);
        await using (var server = await ServerProcess.StartAsync(folder.Path, Stop, settings))
        {
            for (var i = 0; i < People; i++)
            {
                await SignUpAsync(server, $"person_{(char)('a' + i)}");
            }

            // The server has it, and the process does not know.
            await smtp.MailsAsync(1, Stop);
            await server.KillAsync();
        }

        smtp.LetGo();
        await using var again = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        await Wait.UntilAsync(
            () => Task.FromResult(Ids(smtp).Distinct().Count() == People),
            () => $"{People} mails arrive\n{again.Output}",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );
        Assert.Equal(0, await again.TerminateAsync(Stop));

        var ids = Ids(smtp);
        Assert.InRange(ids.Count, People, People + 1);
        Assert.Equal(
            People,
            smtp.Mails().Select(mail => (mail.MessageId, mail.To)).Distinct().Count()
        );
    }

    [Fact]
    public async Task Over_TLS_it_logs_in_and_sends_where_the_certificate_is_trusted()
    {
        await using var smtp = await SmtpServer.StartAsync(
            Stop,
            new SmtpTerms(HasTls: true, Login: ("rook", "crow's nest"))
        );
        using var folder = new TemporaryFolder();
        var settings = Settings(smtp);
        settings["Mail__Smtp"] = $"localhost:{smtp.Port}";
        settings["Mail__Tls"] = "always";
        settings["Mail__Username"] = "rook";
        settings["Mail__Password"] = "crow's nest";
        settings["SSL_CERT_FILE"] = smtp.CertificateFile;
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);

        await SignUpAsync(server, "ana");

        var mail = Assert.Single(await smtp.MailsAsync(1, Stop));
        Assert.Equal(("ana@example.org", "rook"), (mail.To, mail.Header("X-Logged-In")));
        Assert.DoesNotContain("crow", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_each_mail_is_a_file_and_the_start_says_where()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop);
        var mails = Path.Combine(folder.Path, "mail");
        Assert.Contains(mails, server.Output, StringComparison.Ordinal);

        await SignUpAsync(server, "ana");
        await Wait.UntilAsync(
            () =>
                Task.FromResult(
                    Directory.Exists(mails) && Directory.EnumerateFiles(mails, "*.eml").Any()
                ),
            () => $"a file in {mails}\n{server.Output}",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );

        var file = Assert.Single(Directory.EnumerateFiles(mails));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var mail = ReceivedMail.Parse(await File.ReadAllBytesAsync(file, Stop));
        // Whoever looks into the file finds the link whole, and it leads here.
        Assert.Contains(
            $"{server.Http.BaseAddress}confirm/",
            await File.ReadAllTextAsync(file, Stop),
            StringComparison.Ordinal
        );
        using var page = await server.Http.GetAsync(mail.Link("/confirm/"), Stop);
        Assert.True(page.IsSuccessStatusCode);
    }

    private static List<string> Ids(SmtpServer smtp) =>
        [.. smtp.Mails().Select(mail => mail.MessageId)];

    private static Dictionary<string, string> Settings(SmtpServer smtp) =>
        new()
        {
            ["Mail__Smtp"] = smtp.Address,
            ["Mail__From"] = "rookery@rookery.example",
            ["Mail__Site"] = "https://rookery.example",
            ["Mail__FirstRetrySeconds"] = "1",
            ["Accounts__PasswordRounds"] = "1000",
        };

    private static async Task SignUpAsync(ServerProcess server, string username)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/v1/signup",
            new
            {
                username,
                email = $"{username}@example.org",
                password = ClassicClient.Password,
            },
            Stop
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
