using Microsoft.Extensions.DependencyInjection;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>Media have a database of their own, and it is gone.</summary>
public sealed class MissingMediaTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_as_certain_as_ever_since_nothing_remembered_rests_on_it()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        await using var media = await PostgresServer.StartAsync(Stop);
        var settings = new Dictionary<string, string?>
        {
            ["Databases:Default"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(Stop),
            ["Databases:Media"] = await media.CreateDatabaseAsync(Stop),
            ["Databases:Readers"] = "2",
        };
        await using var world = await World.EmptyAsync(Stop, settings);
        var reader = await ClassicClient.SignUpAsync(world.Server.Http, "reader", Stop);
        var databases = world.Server.Services.GetRequiredService<SqlDatabases>();

        await media.KillAsync();
        await Wait.UntilAsync(
            () => Task.FromResult(!databases.Of("media").IsHeld),
            () => "the database of media is missed",
            Stop
        );

        Assert.True(databases.Posts.IsHeld);
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/v1/home_timeline?user_id={reader.Id}"
        );
        request.Headers.Authorization = new("Bearer", reader.Token);
        using var home = await world.Server.Http.SendAsync(request, Stop);
        Assert.True(home.IsSuccessStatusCode);
        Assert.False(home.Headers.Contains("Rookery-Stale"), "nothing on the page may be old");
    }
}
