using System.Net;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Media;

/// <summary>A server whose files lie on an S3 server, which is killed.</summary>
[Collection(nameof(LongTests))]
public sealed class S3Tests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_S3_server_is_away_uploads_wait_and_everything_else_goes_on()
    {
        await using var ceph = await CephServer.StartAsync(Stop);
        await using var world = await World.EmptyAsync(Stop, SettingsOf(ceph));
        var alice = await world.SignUpAsync("alice", Stop);
        var medium = await UploadAsync(world, alice);
        Assert.False(Directory.Exists(Path.Combine(world.Folder, "media")));

        await ceph.KillAsync();
        using var refused = await MediaClient.SendAsync(
            world.Server.Http,
            alice.Token,
            SamplePictures.Png(),
            Stop
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var unread = await world.Server.Http.GetAsync(medium.Url, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unread.StatusCode);
        (await alice.PostAsync("The rooks are away", Stop)).Require(201);

        await ceph.BeginAsync(Stop);
        await UploadAsync(world, alice);
        using var read = await world.Server.Http.GetAsync(medium.Url, Stop);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        // Browsers are sent there themselves.
        List<ClassicClient> people = [alice];
        await world.RestartAsync(
            people,
            Stop,
            new Dictionary<string, string?> { ["Media:RedirectMinutes"] = "5" }
        );
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = world.Server.Http.BaseAddress };
        using var sent = await browser.GetAsync($"/media/{medium.File}", Stop);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal(ceph.Port, sent.Headers.Location!.Port);
        using var there = await browser.GetAsync(sent.Headers.Location, Stop);
        Assert.Equal("image/png", there.Content.Headers.ContentType!.ToString());
    }

    private static Dictionary<string, string?> SettingsOf(CephServer ceph) =>
        new()
        {
            ["S3:Endpoint"] = $"http://127.0.0.1:{ceph.Port}",
            ["S3:AccessKey"] = CephServer.AccessKey,
            ["S3:SecretKey"] = CephServer.SecretKey,
            ["S3:PatienceSeconds"] = "3",
        };

    private static Task<UploadedMedium> UploadAsync(World world, ClassicClient owner) =>
        MediaClient.UploadAsync(world.Server.Http, owner.Token, SamplePictures.Png(), Stop);
}
