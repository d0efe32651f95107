using System.Net;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.OnRedis;

/// <summary>Two servers, as a load balancer spreads one person's requests over them: what one has counted, the other knows.</summary>
public sealed class LimitsOfTwoServersTests : IAsyncLifetime
{
    private const int Limit = 6;

    private readonly TemporaryFolder _oneFolder = new();
    private readonly TemporaryFolder _otherFolder = new();
    private RedisServer _redis = null!;
    private ServerProcess _one = null!;
    private ServerProcess _other = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(Stop);
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["Redis__Nodes"] = $"127.0.0.1:{_redis.Port}";
        environment["Redis__LimitPatienceMilliseconds"] = "500";
        environment["Accounts__LogInsPerMinuteAndAddress"] = "0";
        environment["Accounts__SignUpsPerHourAndAddress"] = $"{Limit}";
        environment["Accounts__LogInsPerMinuteAndName"] = $"{Limit}";
        _one = await ServerProcess.StartAsync(_oneFolder.Path, Stop, environment);
        _other = await ServerProcess.StartAsync(_otherFolder.Path, Stop, environment);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _redis.DisposeAsync();
        _oneFolder.Dispose();
        _otherFolder.Dispose();
    }

    [Fact]
    public async Task They_let_in_together_what_one_would_and_each_as_much_without_Redis()
    {
        Assert.Equal(Limit, await SignedUpAsync("early"));
        Assert.InRange(await TriedAsync("ana"), Limit, Limit + 2);

        await _redis.KillAsync();
        Assert.InRange(await TriedAsync("bob"), 2 * Limit, 2 * Limit + 4);
    }

    [Fact]
    public async Task A_frozen_Redis_refuses_nobody_and_fails_nobody()
    {
        await _redis.StopAsync();
        try
        {
            Assert.InRange(await TriedAsync("ana"), 2 * Limit, 2 * Limit + 4);
        }
        finally
        {
            await _redis.ContinueAsync();
        }
    }

    /// <summary>Half of them with each server; answers how many were not refused.</summary>
    private Task<int> SignedUpAsync(string name) =>
        LetInAsync(
            2 * Limit,
            HttpStatusCode.Created,
            (server, number) =>
                PostAsync(
                    server,
                    "signup",
                    ("username", $"{name}_{number}"),
                    ("email", $"{name}_{number}@example.org"),
                    ("password", ClassicClient.Password)
                )
        );

    /// <summary>The same with a password that is wrong. A bucket that fills up once in ten seconds may let in two more on a slow machine.</summary>
    private Task<int> TriedAsync(string name) =>
        LetInAsync(
            6 * Limit,
            HttpStatusCode.Unauthorized,
            (server, _) =>
                PostAsync(server, "login", ("username", name), ("password", "not the right one"))
        );

    private async Task<int> LetInAsync(
        int tries,
        HttpStatusCode letIn,
        Func<ServerProcess, int, Task<HttpStatusCode>> tryAsync
    )
    {
        var count = 0;
        for (var number = 0; number < tries; number++)
        {
            var status = await tryAsync(number % 2 == 0 ? _one : _other, number);
            Assert.True(status == letIn || status == HttpStatusCode.TooManyRequests, $"{status}");
            count += status == letIn ? 1 : 0;
        }

        return count;
    }

    private static async Task<HttpStatusCode> PostAsync(
        ServerProcess server,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new FormUrlEncodedContent(
            fields.ToDictionary(field => field.Name, field => field.Value)
        );
        using var answer = await server.Http.PostAsync($"/api/v1/{path}", body, Stop);
        return answer.StatusCode;
    }
}
