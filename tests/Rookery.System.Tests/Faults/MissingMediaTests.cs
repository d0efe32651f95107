using System.Net;
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
        var (kept, deleted, unposted) = (
            await UploadAsync(world, reader),
            await UploadAsync(world, reader),
            await UploadAsync(world, reader)
        );
        var pictured = await reader.PostAsync("It stays", Stop, media: kept.Id);
        var gone = await reader.PostAsync("It goes", Stop, media: deleted.Id);
        (await reader.DeleteAsync(new PostId(gone.Require(201).Id("tweet_id")), Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, deleted));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, kept));

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

        // Posts have their pictures with them, and files are fetched by their names; whose one is that nobody fetched yet, and so whether it may be seen, nobody knows.
        var shown = Assert.Single(await reader.UserTimelineAsync(reader.Id, new Page(20), Stop));
        Assert.Equal(pictured.Id("tweet_id"), shown.Id.Value);
        Assert.Single(shown.Json.GetProperty("media").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, kept));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(world, unposted));
        (await reader.PostAsync("Without one", Stop)).Require(201);
        (await reader.PostAsync("With one", Stop, media: unposted.Id)).Require(503);
    }

    private static Task<UploadedMedium> UploadAsync(World world, ClassicClient owner) =>
        MediaClient.UploadAsync(world.Server.Http, owner.Token, SamplePictures.Png(), Stop);

    private static async Task<HttpStatusCode> StatusAsync(World world, UploadedMedium medium)
    {
        using var answer = await world.Server.Http.GetAsync($"/media/{medium.File}", Stop);
        return answer.StatusCode;
    }
}
