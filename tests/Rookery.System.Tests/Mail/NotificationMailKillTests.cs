using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Mail;

/// <summary>The program is killed while it tells a thousand people of something.</summary>
public sealed class NotificationMailKillTests
{
    private const int People = 1_000;
    private const int AtOnce = 8;

    /// <summary>How many mails have arrived when it is killed.</summary>
    private static readonly int[] _kills = [100, 400, 700];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everybody_gets_one_mail_and_of_those_in_flight_at_a_kill_at_most_the_same_again(
        bool isDigest
    )
    {
        await using var smtp = await SmtpServer.StartAsync(Stop);
        using var folder = new TemporaryFolder();
        var settings = Settings(smtp);
        var people = new List<AccountId>();
        AccountId star;
        await using (var server = await ServerProcess.StartAsync(folder.Path, Stop, settings))
        {
            star = await server.Service.CreateUserAsync("Star", Stop);
            for (var i = 0; i < People; i++)
            {
                people.Add(await server.Service.CreateUserAsync($"Person {i}", Stop));
            }

            Assert.Equal(0, await server.TerminateAsync(Stop));
        }

        DatabaseEdit.Run(
            folder.Path,
            $"""
            UPDATE accounts SET email = 'p' || id || '@example.org', email_folded = 'p' || id || '@example.org', email_confirmed = 1 WHERE id <> {star};
            INSERT INTO notification_choices (account, kind, channel, is_on) SELECT id, 0, {(
                isDigest ? 3 : 2
            )}, 1 FROM accounts;
            INSERT INTO reader_hours (account, zone, quiet_from, quiet_to, digest_day, digest_hour) SELECT id, '', 0, 0, -1, 8 FROM accounts;
            """
        );
        var running = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        try
        {
            await Parallel.ForEachAsync(
                people,
                new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop },
                async (person, stop) =>
                    (await running.Service.FollowAsync(star, person, stop)).Require(200)
            );
            if (isDigest)
            {
                running = await AtTheHourAsync(running, folder.Path, settings);
            }

            foreach (var count in _kills)
            {
                await TakenAsync(smtp, count);
                await running.KillAsync();
                await running.DisposeAsync();
                running = await ServerProcess.StartAsync(folder.Path, Stop, settings);
            }

            await TakenAsync(smtp, People * 9 / 10);
            await Wait.UntilAsync(
                () => Task.FromResult(smtp.Count >= People && Recipients(smtp) == People),
                () => $"{People} are told, not {Recipients(smtp)}\n{running.Output}",
                Stop,
                TimeSpan.FromMilliseconds(200)
            );
            Assert.Equal(0, await running.TerminateAsync(Stop));
        }
        finally
        {
            await running.DisposeAsync();
        }

        var mails = smtp.Mails();
        Assert.InRange(mails.Count, People, People + (_kills.Length * AtOnce));
        Assert.Equal(
            People,
            mails.Select(mail => (mail.MessageId, mail.To, mail.Text)).Distinct().Count()
        );
    }

    /// <summary>All wait for tomorrow: it is made now, with the server stopped.</summary>
    private static async Task<ServerProcess> AtTheHourAsync(
        ServerProcess server,
        string folder,
        Dictionary<string, string> settings
    )
    {
        using (var probe = new DatabaseProbe(folder))
        {
            await Wait.UntilAsync(
                () =>
                    Task.FromResult(
                        probe.Number(
                            "SELECT count(*) FROM notification_mails WHERE stage = 1 AND form = 1"
                        ) == People
                    ),
                () => "all digests are planned",
                Stop,
                TimeSpan.FromMilliseconds(100)
            );
        }

        Assert.Equal(0, await server.TerminateAsync(Stop));
        await server.DisposeAsync();
        DatabaseEdit.Run(folder, "UPDATE notification_mails SET due_at = 1");
        return await ServerProcess.StartAsync(folder, Stop, settings);
    }

    private static Task TakenAsync(SmtpServer smtp, int count) =>
        Wait.UntilAsync(
            () => Task.FromResult(smtp.Count >= count),
            () => $"{count} mails arrive, not {smtp.Count}",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );

    private static int Recipients(SmtpServer smtp) =>
        smtp.Mails().Select(mail => mail.To).Distinct().Count();

    private static Dictionary<string, string> Settings(SmtpServer smtp) =>
        new()
        {
            ["Mail__Smtp"] = smtp.Address,
            ["Mail__From"] = "rookery@rookery.example",
            ["Mail__Site"] = "https://rookery.example",
            ["Mail__FirstRetrySeconds"] = "1",
            ["Mail__TimeoutSeconds"] = "2",
            ["Mail__AtOnce"] = $"{AtOnce}",
            ["Notifications__MailAfterMinutes"] = "0",
            ["Limits__WritesPerMinute"] = "0",
        };
}
