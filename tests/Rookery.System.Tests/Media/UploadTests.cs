using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Media;

/// <summary>Uploads on one machine, where files lie in the data folder.</summary>
public sealed class UploadTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_is_uploaded_and_fetched_without_what_it_says_about_its_maker()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        using var sent = await MediaClient.SendAsync(
            world.Server.Http,
            alice.Token,
            SamplePictures.Jpeg(turn: 6),
            Stop,
            ("description", "A rook on a roof"),
            ("focus", "0.25,-0.5")
        );
        var medium = MediaClient.Read(await sent.Content.ReadAsStringAsync(Stop));
        Assert.Equal("A rook on a roof", medium.Json.GetProperty("description").GetString());
        var meta = medium.Json.GetProperty("meta");
        Assert.Equal("30x40", meta.GetProperty("original").GetProperty("size").GetString());
        Assert.Equal(-0.5m, meta.GetProperty("focus").GetProperty("y").GetDecimal());

        using var file = await world.Server.Http.GetAsync(medium.Url, Stop);
        var bytes = await file.Content.ReadAsByteArrayAsync(Stop);
        Assert.DoesNotContain("GPS", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal("image/jpeg", file.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], file.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(
            ["default-src 'none'; sandbox"],
            file.Headers.GetValues("Content-Security-Policy")
        );
        Assert.Contains(
            "immutable",
            file.Headers.CacheControl!.ToString(),
            StringComparison.Ordinal
        );
        foreach (
            var stored in Directory
                .EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories)
                .Where(path => path.Contains("/media/", StringComparison.Ordinal))
        )
        {
            Assert.Equal(bytes, await File.ReadAllBytesAsync(stored, Stop));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(world.Folder, "incoming")));
    }

    [Fact]
    public async Task A_part_of_a_file_is_fetched()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        var medium = await UploadAsync(world, alice);
        var whole = await world.Server.Http.GetByteArrayAsync(medium.Url, Stop);
        using var part = await GetAsync(world, medium, new RangeHeaderValue(4, 9));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[4..10], await part.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal($"bytes 4-9/{whole.Length}", part.Content.Headers.ContentRange!.ToString());
        using var last = await GetAsync(world, medium, new RangeHeaderValue(null, 3));
        Assert.Equal(whole[^3..], await last.Content.ReadAsByteArrayAsync(Stop));
        using var past = await GetAsync(world, medium, new RangeHeaderValue(whole.Length, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, past.StatusCode);
        using var again = new HttpRequestMessage(HttpMethod.Get, medium.Url);
        again.Headers.IfNoneMatch.Add(part.Headers.ETag!);
        using var unchanged = await world.Server.Http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var head = await world.Server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, medium.Url),
            Stop
        );
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task What_is_said_about_it_is_changed_by_its_owner_until_it_is_deleted()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        var medium = await UploadAsync(world, alice);
        var path = $"/api/v1/media/{medium.Id}";
        using var put = await SendAsync(
            world,
            alice,
            HttpMethod.Put,
            path,
            JsonContent.Create(new { description = "Two rooks\non a roof" })
        );
        var changed = MediaClient.Read(await put.Content.ReadAsStringAsync(Stop));
        Assert.Equal("Two rooks\non a roof", changed.Json.GetProperty("description").GetString());
        using var got = await SendAsync(world, alice, HttpMethod.Get, path);
        Assert.Equal(
            changed.Json.ToString(),
            MediaClient.Read(await got.Content.ReadAsStringAsync(Stop)).Json.ToString()
        );
        using var deleted = await SendAsync(world, alice, HttpMethod.Delete, path);
        Assert.Equal("{}", await deleted.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, medium));
        using var gone = await SendAsync(world, alice, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task The_token_may_stand_in_the_query_as_in_every_route_of_Mastodon()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        var http = world.Server.Http;
        foreach (var name in (string[])["access_token", "auth_token"])
        {
            var token = $"?{name}={Uri.EscapeDataString(alice.Token)}";
            using var body = new MultipartFormDataContent
            {
                { new ByteArrayContent(SamplePictures.Png()), "file", "a.png" },
            };
            using var sent = await http.PostAsync($"/api/v2/media{token}", body, Stop);
            var medium = MediaClient.Read(await sent.Content.ReadAsStringAsync(Stop));
            var path = $"/api/v1/media/{medium.Id}";
            using var got = await http.GetAsync(path + token, Stop);
            Assert.Equal(HttpStatusCode.OK, got.StatusCode);
            using var text = JsonContent.Create(new { description = "A rook" });
            using var put = await http.PutAsync(path + token, text, Stop);
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
            using var wrong = await http.DeleteAsync($"{path}?{name}=x", Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            using var deleted = await http.DeleteAsync(path + token, Stop);
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        }
    }

    [Fact]
    public async Task A_deleted_accounts_files_are_removed_and_nobody_elses()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        var bob = await world.SignUpAsync("bob", Stop);
        var (hers, his) = (await UploadAsync(world, alice), await UploadAsync(world, bob));
        (await alice.DeleteAccountAsync(Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, hers));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, his));
    }

    [Fact]
    public async Task What_arrives_when_its_account_is_deleted_already_is_refused()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        using var body = new HalvedUpload(SamplePictures.Png());
        var sending = world.Server.Http.SendAsync(body.To(alice.Token), Stop);
        await body.HalfSent;
        (await alice.DeleteAccountAsync(Stop)).Require(200);
        await world.SettleAsync(Stop);
        body.SendTheRest();

        using var answer = await sending;
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories),
            path => path.Contains("/media/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_does_not_arrive_in_time_gives_its_place_back()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Media:UploadsAtOncePerAccount"] = "1",
                ["Media:UploadSeconds"] = "5",
            }
        );
        var alice = await world.SignUpAsync("alice", Stop);
        var slow = UploadSlowlyAsync(world, alice);
        // Before it has its place others find one.
        await Wait.UntilAsync(
            async () =>
            {
                using var other = await MediaClient.SendAsync(
                    world.Server.Http,
                    alice.Token,
                    SamplePictures.Png(),
                    Stop
                );
                return other.StatusCode == HttpStatusCode.TooManyRequests;
            },
            () => "the slow one has its place",
            Stop,
            TimeSpan.FromMilliseconds(200)
        );

        var (status, text) = await slow;
        Assert.Equal(408, status);
        Assert.Contains("within 5 seconds", text, StringComparison.Ordinal);
        await UploadAsync(world, alice);

        // Where another upload is just going on, it is refused as that would be by it, and comes again.
        static async Task<(int Status, string Text)> UploadSlowlyAsync(
            World world,
            ClassicClient who
        )
        {
            while (true)
            {
                using var slow = new WireClient(world.Server.Http.BaseAddress!);
                await slow.WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /api/v2/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {who.Token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf"
                    ),
                    Stop
                );
                var answer = await slow.ReadAnswerAsync(Stop);
                if (answer.Status != 429)
                {
                    return (answer.Status, answer.Text);
                }
            }
        }
    }

    [Fact]
    public async Task What_nothing_has_taken_is_removed_after_a_day()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Media:UntakenHours"] = "24" }
        );
        var alice = await world.SignUpAsync("alice", Stop);
        var medium = await UploadAsync(world, alice);
        var services = world.Server.Services;
        Assert.Equal(0, await SweepAtAsync(services, TimeSpan.FromHours(23)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, medium));
        Assert.Equal(1, await SweepAtAsync(services, TimeSpan.FromHours(25)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, medium));
    }

    [Fact]
    public async Task Beyond_its_room_an_account_uploads_nothing_more()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Media:QuotaBytes"] = "500" }
        );
        var alice = await world.SignUpAsync("alice", Stop);
        await UploadAsync(world, alice);
        await UploadAsync(world, alice);
        HttpStatusCode status;
        string text;
        var tries = 0;
        do
        {
            using var answer = await MediaClient.SendAsync(
                world.Server.Http,
                alice.Token,
                SamplePictures.Png(),
                Stop
            );
            (status, text) = (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
        } while (status == HttpStatusCode.OK && ++tries < 20);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("at most 500 bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_disk_is_nearly_full_nothing_is_uploaded_and_files_are_fetched()
    {
        await using var world = await World.EmptyAsync(Stop);
        var alice = await world.SignUpAsync("alice", Stop);
        var medium = await UploadAsync(world, alice);
        List<ClassicClient> people = [alice];
        await world.RestartAsync(
            people,
            Stop,
            new Dictionary<string, string?> { ["Media:MinimumFreeBytes"] = $"{long.MaxValue}" }
        );
        using var refused = await MediaClient.SendAsync(
            world.Server.Http,
            alice.Token,
            SamplePictures.Png(),
            Stop
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, medium));
    }

    private static async Task<int> SweepAtAsync(IServiceProvider services, TimeSpan later)
    {
        var time = new FakeTime();
        time.SetWallClock(TimeProvider.System.GetUtcNow() + later);
        var sweep = ActivatorUtilities.CreateInstance<SweepMedia>(services, time);
        return await sweep.HandleAsync(Stop);
    }

    private static Task<UploadedMedium> UploadAsync(World world, ClassicClient owner) =>
        MediaClient.UploadAsync(world.Server.Http, owner.Token, SamplePictures.Png(), Stop);

    private static async Task<HttpStatusCode> StatusAsync(World world, UploadedMedium medium)
    {
        using var answer = await world.Server.Http.GetAsync($"/media/{medium.File}", Stop);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> GetAsync(
        World world,
        UploadedMedium medium,
        RangeHeaderValue range
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, medium.Url)
        {
            Headers = { Range = range },
        };
        return await world.Server.Http.SendAsync(request, Stop);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        World world,
        ClassicClient owner,
        HttpMethod method,
        string path,
        HttpContent? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", owner.Token) },
        };
        return await world.Server.Http.SendAsync(request, Stop);
    }
}
