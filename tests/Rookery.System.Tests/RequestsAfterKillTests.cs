using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>The real process is killed while a locked account lets people in, and unlocks.</summary>
public sealed class RequestsAfterKillTests
{
    private const int Rounds = 3;
    private const int Fans = 24;

    /// <summary>No two of which look alike.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_was_let_in_follows_once_and_is_counted_once()
    {
        using var folder = new TemporaryFolder();
        var settings = World
            .FastSettings.Where(one => one.Value is not null)
            .ToDictionary(
                one => one.Key.Replace(":", "__", StringComparison.Ordinal),
                one => one.Value!
            );
        var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        try
        {
            var me = await ClassicClient.SignUpAsync(server.Http, "rhea", Stop);
            var fans = new List<ClassicClient>();
            for (var round = 0; round < Rounds; round++)
            {
                (await me.EditProfileAsync(new { locked = true }, Stop)).Require(200);
                var asking = new List<ClassicClient>();
                for (var i = 0; i < Fans; i++)
                {
                    var name =
                        $"f{Letters[round]}{Letters[i / Letters.Length]}{Letters[i % Letters.Length]}";
                    asking.Add(await ClassicClient.SignUpAsync(server.Http, name, Stop));
                }

                fans.AddRange(asking);
                Assert.All(
                    await Task.WhenAll(
                        asking.Select(fan => fan.RelateAsync("follow", me.Id, Stop))
                    ),
                    asked => Assert.True(asked.Json.GetProperty("requested").GetBoolean())
                );
                var owner = new NotifiedClient(server.Http, me.Token);
                var answers = asking
                    .Take(Fans / 2)
                    .Select(fan =>
                        owner.PostAsync($"/api/v1/follow_requests/{fan.Id}/authorize", Stop)
                    )
                    .ToList();
                Assert.Equal(200, (await answers[0]).Status);
                // The rest is let in by unlocking, which nobody may have heard of.
                (await me.EditProfileAsync(new { locked = false }, Stop)).Require(200);
                await server.KillAsync();
                await Task.WhenAll(
                    answers.Select(answer =>
                        answer.ContinueWith(
                            _ => { },
                            Stop,
                            TaskContinuationOptions.None,
                            TaskScheduler.Default
                        )
                    )
                );
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
                me = me.At(server.Http);
                fans = [.. fans.Select(fan => fan.At(server.Http))];
                await AllFollowAsync(server, me, fans);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task AllFollowAsync(
        ServerProcess server,
        ClassicClient me,
        List<ClassicClient> fans
    )
    {
        var client = new NotifiedClient(server.Http, me.Token);
        await Wait.UntilAsync(
            async () =>
                await CountAsync(client, me) == fans.Count
                && await ToldAsync(client) is var told
                && told.Count == fans.Count
                && told.All(one => one.Type == "follow"),
            () => $"all {fans.Count} follow, are counted and told of once",
            Stop
        );
        Assert.Equal(
            0,
            (await client.GetAsync("/api/v1/follow_requests", Stop))
                .Require(200)
                .Json.GetArrayLength()
        );
        Assert.Equal(
            fans.Select(fan => fan.Username).Order(StringComparer.Ordinal),
            (await ToldAsync(client)).Select(one => one.By).Order(StringComparer.Ordinal)
        );
    }

    private static async Task<long> CountAsync(NotifiedClient client, ClassicClient me) =>
        (await client.GetAsync($"/api/v1/accounts/{me.Id}", Stop))
            .Require(200)
            .Json.GetProperty("followers_count")
            .GetInt64();

    private static async Task<IReadOnlyList<(string Type, string By, long Post)>> ToldAsync(
        NotifiedClient client
    ) => await client.ToldAsync(Stop, "limit=80");
}
