using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Push;

/// <summary>The program in a process of its own, which is killed while it sends.</summary>
public sealed class PushProcessTests
{
    private const int Devices = 20;
    private const int Posts = 50;
    private const int AtOnce = 8;
    private const int Kills = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_process_that_is_killed_amid_a_thousand_only_what_was_in_flight_comes_twice()
    {
        await using var service = await PushService.StartAsync(Stop);
        using var folder = new TemporaryFolder();
        using var client = new PushClient();
        var settings = World
            .FastSettings.Where(one => one.Value is not null)
            .ToDictionary(
                one => one.Key.Replace(":", "__", StringComparison.Ordinal),
                one => one.Value!
            );
        settings["Push__OwnServices"] = service.Origin;
        settings["Push__AtOnce"] = $"{AtOnce}";
        settings["Push__TimeoutSeconds"] = "1";
        settings["Push__DigestAbove"] = "1000";
        var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        try
        {
            var ana = await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
            var bob = await ClassicClient.SignUpAsync(server.Http, "bob", Stop);
            for (var device = 0; device < Devices; device++)
            {
                await SubscribeAsync(server, client, $"{service.Origin}/device{device}");
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                for (var post = 0; post < Posts / Kills; post++)
                {
                    (await bob.PostAsync($"@ana {kill}.{post}", Stop)).Require(201);
                }

                var goal = ((kill * Posts / Kills) + 2) * Devices;
                await UntilAsync(() => Distinct(service) >= goal, () => $"{goal} come");
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
                bob = bob.At(server.Http);
            }

            var all = Posts / Kills * Kills * Devices;
            await UntilAsync(
                () => Distinct(service) == all,
                () => $"{all} come, not {Distinct(service)}\n{server.Output}"
            );
            // Whatever would come again is due by then: what waits is looked at each second, and claims last longer than a push may take by ten.
            await UntilAsync(() => BacklogIsEmpty(folder.Path), () => "nothing waits");
            Assert.InRange(service.Received.Count, all, all + (Kills * AtOnce));
            Assert.Equal(
                all,
                service
                    .Received.Select(push =>
                        (push.Path, client.Read(push).GetProperty("notification_id").GetInt64())
                    )
                    .Distinct()
                    .Count()
            );
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static bool BacklogIsEmpty(string folder)
    {
        using var probe = new DatabaseProbe(folder);
        return probe.Number("SELECT count(*) FROM pushes") == 0;
    }

    /// <summary>Topics name what a push tells of, to each receiver by another name.</summary>
    private static int Distinct(PushService service) =>
        service.Received.Select(push => (push.Path, push.Header("Topic"))).Distinct().Count();

    private static Task UntilAsync(Func<bool> holds, Func<string> what) =>
        Wait.UntilAsync(() => Task.FromResult(holds()), what, Stop, TimeSpan.FromMilliseconds(20));

    private static async Task SubscribeAsync(
        ServerProcess server,
        PushClient client,
        string endpoint
    )
    {
        var login = await new Caller(server.Http, null).SendAsync(
            HttpMethod.Post,
            "/api/v1/login",
            new { username = "ana", password = ClassicClient.Password },
            Stop
        );
        var token = login.Require(200).Json.GetProperty("auth_token").GetString();
        var made = await new Caller(server.Http, token).SendAsync(
            HttpMethod.Post,
            "/api/v1/push/subscription",
            client.Subscription(endpoint, alerts: "mention"),
            Stop
        );
        made.Require(200);
    }
}
