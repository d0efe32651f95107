using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>Counters that a fault left wrong, in a server that goes on running.</summary>
public sealed class WrongCounterTests
{
    private const string CountsOfAccounts =
        "SELECT count(*) FROM account_counts WHERE followers <> 1 AND following <> 1";

    private const string CountsOfPosts = "SELECT count(*) FROM post_counts WHERE replies <> 1";

    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_set_right_again_and_again_without_anybody_asking()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerInProcess.StartAsync(
            folder.Path,
            World.FastSettings,
            Stop
        );
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(server.Http, "bob", Stop);
        (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
        var post = new PostId((await alice.PostAsync("counted", Stop)).Require(201).Id("tweet_id"));
        (await bob.PostAsync("an answer", Stop, inReplyTo: post)).Require(201);
        await server.SettleAsync(Stop);
        var time = new FakeTime();
        using var loop = Loop(server.Services, time);

        await loop.StartAsync(Stop);
        await BreakAndSeeRepairedAsync(AfterStart);
        await BreakAndSeeRepairedAsync(TimeSpan.FromHours(1));
        await loop.StopAsync(Stop);

        async Task BreakAndSeeRepairedAsync(TimeSpan due)
        {
            Break(folder.Path);
            using var database = new DatabaseProbe(folder.Path);
            Assert.NotEqual(0, database.Number(CountsOfAccounts));
            Assert.NotEqual(0, database.Number(CountsOfPosts));
            await Wait.UntilAsync(
                () => Task.FromResult(time.WaitingTimers > 0),
                () => "the loop rests",
                Stop
            );
            time.Advance(due);
            await Wait.UntilAsync(
                () =>
                    Task.FromResult(
                        database.Number(CountsOfAccounts) == 0
                            && database.Number(CountsOfPosts) == 0
                    ),
                () => "the counters are right",
                Stop
            );
        }
    }

    private static RepairCounters Loop(IServiceProvider parts, TimeProvider time) =>
        new(
            parts.GetRequiredService<RecountThings>(),
            parts.GetRequiredService<RecountPosts>(),
            parts.GetRequiredService<SettledDelivery>(),
            Options.Create(
                new VerificationOptions { RecountHours = 1, RecountPauseMilliseconds = 0 }
            ),
            time,
            NullLogger<RepairCounters>.Instance
        );

    private static void Break(string folder)
    {
        using var database = new SqliteConnection(
            $"Data Source={Path.Combine(folder, "rookery.db")};Pooling=False"
        );
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = """
            UPDATE account_counts SET followers = followers + 7, following = following + 7;
            UPDATE post_counts SET replies = replies + 7
            """;
        command.ExecuteNonQuery();
    }
}
