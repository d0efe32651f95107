using Rookery.SystemTests.Commands;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>The real server on a disk that really fills.</summary>
public sealed class FullDiskTests
{
    private const int Megabytes = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task Below_the_bound_writes_are_refused_reads_go_on_and_writes_return_with_room() =>
        FillAndMakeRoomAsync(minimumFree: 4 << 20, leave: 1 << 20);

    [Fact]
    public Task With_no_byte_left_writes_are_refused_reads_go_on_and_writes_return_with_room() =>
        FillAndMakeRoomAsync(minimumFree: 0, leave: 0);

    private static async Task FillAndMakeRoomAsync(long minimumFree, long leave)
    {
        using var disk = new SmallDisk(Megabytes);
        var data = Directory.CreateDirectory(Path.Combine(disk.Path, "data")).FullName;
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["Databases__MinimumFreeBytes"] = $"{minimumFree}";
        await using var server = await ServerProcess.StartAsync(data, Stop, environment);
        var alice = await ClassicClient.SignUpAsync(server.Http, "alice", Stop);
        var bob = await ClassicClient.SignUpAsync(server.Http, "bob", Stop);
        (await bob.RelateAsync("follow", alice.Id, Stop)).Require(200);
        var posted = new List<PostId>();
        for (var i = 0; i < 20; i++)
        {
            posted.Add(Id((await alice.PostAsync($"before {i}", Stop)).Require(201)));
        }

        disk.Fill(leave);
        // What was begun before, or still found room, may go through.
        await Wait.UntilAsync(
            async () =>
            {
                var answer = await alice.PostAsync("at the edge", Stop);
                if (answer.Status == 201)
                {
                    posted.Add(Id(answer));
                }

                return answer.Status != 201;
            },
            () => "a write is refused",
            Stop
        );
        await AssertWritesRefusedAsync(server.Http, alice, bob, posted[0]);
        await AssertReadsAsync(server.Http, alice, bob, posted);

        disk.MakeRoom();
        await Wait.UntilAsync(
            async () =>
            {
                var answer = await alice.PostAsync("after", Stop);
                if (answer.Status == 201)
                {
                    posted.Add(Id(answer));
                }

                return answer.Status == 201;
            },
            () => $"a write is taken\n{server.Output}",
            Stop
        );
        (await bob.MarkAsync("like", posted[^1], Stop)).Require(200);
        await AssertReadsAsync(server.Http, alice, bob, posted);
        await AssertVerifiedAsync(data);
        Assert.Equal(0, await server.TerminateAsync(Stop));
        await AssertVerifiedAsync(data);
    }

    private static async Task AssertWritesRefusedAsync(
        HttpClient http,
        ClassicClient alice,
        ClassicClient bob,
        PostId post
    )
    {
        var (a, p) = (alice.Id.ToString(), post.ToString());
        (string Act, object Body)[] writes =
        [
            ("tweet", new { user_id = bob.Id.ToString(), status = "refused" }),
            ("unfollow", new { user_id = a }),
            ("block", new { user_id = a }),
            ("like", new { tweet_id = p }),
            ("repost", new { tweet_id = p }),
            ("profile", new { name = "Refused" }),
            (
                "signup",
                new
                {
                    username = "refused",
                    email = "r@example.org",
                    password = ClassicClient.Password,
                }
            ),
            ("delete_account", new { password = ClassicClient.Password }),
        ];
        foreach (var (act, body) in writes)
        {
            await Refused.AssertAsync(http, bob, act, body, "disk is full", Stop);
        }
    }

    /// <summary>Everything that was acknowledged, nothing that was refused; also to somebody whose timeline nobody has read yet.</summary>
    private static async Task AssertReadsAsync(
        HttpClient http,
        ClassicClient alice,
        ClassicClient bob,
        List<PostId> posted
    )
    {
        var page = new Page(200, null, null, null);
        var newestFirst = posted.AsEnumerable().Reverse().ToList();
        var home = await bob.HomeAsync(page, Stop);
        var own = await bob.UserTimelineAsync(alice.Id, page, Stop);
        Assert.Equal(newestFirst, home.Select(entry => entry.Id));
        Assert.Equal(newestFirst, own.Select(entry => entry.Id));
        Assert.Empty(await bob.UserTimelineAsync(bob.Id, page, Stop));
        foreach (var path in (string[])["/health/live", "/status", "/api/v1/search?query=before"])
        {
            using var response = await http.GetAsync(path, Stop);
            Assert.True(response.IsSuccessStatusCode, path);
        }
    }

    private static async Task AssertVerifiedAsync(string data)
    {
        var answer = await CommandProcess.RunAsync("verify", "--data", data);
        Assert.True(answer.Exit == 0, answer.ToString());
    }

    private static PostId Id(Answer answer) => new(answer.Id("tweet_id"));
}
