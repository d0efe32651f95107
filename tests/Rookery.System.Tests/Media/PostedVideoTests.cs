using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Rookery.SystemTests.Site;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Media;

/// <summary>Videos on posts, from the upload to every place where the post is read.</summary>
public sealed class PostedVideoTests : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private World _world = null!;

    private HttpClient Http => _world.Server.Http;

    public async ValueTask InitializeAsync() =>
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Media:MaxBytes"] = "4000",
                ["Media:MaxVideoBytes"] = "40000",
            }
        );

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("mp4")]
    [InlineData("webm")]
    public async Task A_video_is_stored_without_what_it_says_about_its_maker_and_fetched_in_parts(
        string kind
    )
    {
        var file = kind == "mp4" ? new SampleMp4().ToArray() : new SampleWebM().ToArray();
        var medium = await UploadAsync(file);
        Assert.Empty(MastodonShape.WrongWith(medium.Json, "Media"));
        Assert.Equal("video", medium.Json.GetProperty("type").GetString());
        var original = medium.Json.GetProperty("meta").GetProperty("original");
        Assert.Equal(
            (640, 360, 2m),
            (
                original.GetProperty("width").GetInt32(),
                original.GetProperty("height").GetInt32(),
                original.GetProperty("duration").GetDecimal()
            )
        );
        Assert.EndsWith($".{kind}", medium.File, StringComparison.Ordinal);

        using var whole = await Http.GetAsync(medium.Url, Stop);
        var bytes = await whole.Content.ReadAsByteArrayAsync(Stop);
        Assert.Equal(file.Length, bytes.Length);
        Assert.Equal($"video/{kind}", whole.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], whole.Headers.GetValues("X-Content-Type-Options"));
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Contains("immutable", whole.Headers.CacheControl!.ToString());
        foreach (
            var stored in Directory
                .EnumerateFiles(_world.Folder, "*", SearchOption.AllDirectories)
                .Where(path => path.Contains("/media/", StringComparison.Ordinal))
        )
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(stored, Stop));
            Assert.DoesNotContain("GPS", text, StringComparison.Ordinal);
            Assert.DoesNotContain("47.37", text, StringComparison.Ordinal);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, medium.Url);
        request.Headers.Range = new RangeHeaderValue(4, 11);
        using var part = await Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[4..12], await part.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task A_posted_video_is_shown_as_one_everywhere_also_after_a_restart()
    {
        var medium = await UploadAsync(
            new SampleMp4().ToArray(),
            ("description", "A \"rook\" flies")
        );
        var answer = (await _world.Alice.PostAsync("see", Stop, media: [medium.Id])).Require(201);
        var expected = $$$"""
            [{"media_id":"{{{medium.Id}}}","type":"video","url":"/media/{{{medium.File}}}","width":640,"height":360,"duration":2,"description":"A \"rook\" flies","blurhash":null,"focus":{"x":0,"y":0}}]
            """;
        Assert.Equal(expected, answer.Json.GetProperty("media").GetRawText());
        List<ClassicClient> people = [_world.Alice, _world.Bob];
        await _world.RestartAsync(people, Stop);
        var home = (await people[1].HomeAsync(new Page(20), Stop))[0];
        Assert.Equal(expected, home.Json.GetProperty("media").GetRawText());

        var listed = await new Caller(Http, null).SendAsync(
            HttpMethod.Get,
            $"/api/v1/accounts/{people[0].Id}/statuses?only_media=true",
            null,
            Stop
        );
        var status = Assert.Single(listed.Require(200).Json.EnumerateArray());
        Assert.Empty(MastodonShape.WrongWith(status, "Status"));
        var attachment = status.GetProperty("media_attachments")[0];
        Assert.Equal("video", attachment.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_video_is_shown_with_the_still_picture_that_came_along_and_both_go_with_the_post()
    {
        var still = SamplePictures.Png(64, 36);
        using var sent = await MediaClient.SendAsync(
            Http,
            _world.Alice.Token,
            new SampleMp4 { IsInFragments = true }.ToArray(),
            still,
            Stop
        );
        var medium = MediaClient.Read(await sent.Content.ReadAsStringAsync(Stop));
        Assert.Empty(MastodonShape.WrongWith(medium.Json, "Media"));
        var preview = new Uri(medium.Json.GetProperty("preview_url").GetString()!).AbsolutePath;
        Assert.EndsWith(".png", preview, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(preview));
        var posted = (await _world.Alice.PostAsync("see", Stop, media: [medium.Id])).Require(201);
        Assert.Equal(
            preview,
            posted.Json.GetProperty("media")[0].GetProperty("preview_url").GetString()
        );

        List<ClassicClient> people = [_world.Alice];
        await _world.RestartAsync(people, Stop);
        using var stranger = await new Browser(Http.BaseAddress!, Stop).OpenAsync("/@alice");
        var video = stranger.Find("article video");
        Assert.Equal(
            (preview, "none"),
            (video.GetAttribute("poster"), video.GetAttribute("preload"))
        );
        await stranger.FollowAsync("article .when");
        Assert.EndsWith(
            preview,
            stranger.Find("meta[property='og:image']").GetAttribute("content"),
            StringComparison.Ordinal
        );

        (await people[0].DeleteAsync(new PostId(posted.Id("tweet_id")), Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(preview));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_world.Folder, "*", SearchOption.AllDirectories),
            path => path.Contains("/media/", StringComparison.Ordinal)
        );

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await Http.GetAsync(path, Stop);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_site_shows_it_with_its_description_and_tells_feeds_and_previews_of_it()
    {
        using var ana = await new Browser(Http.BaseAddress!, Stop).SignUpAsync("ana");
        await ana.SendFilesAsync(
            "form#write",
            [("file1", new SampleWebM().ToArray())],
            ("text", "a rook"),
            ("alt1", "A rook \"on\" a <roof>")
        );
        var video = ana.Find("article .media video");
        Assert.Equal(
            ("640", "360", "A rook \"on\" a <roof>", "metadata"),
            (
                video.GetAttribute("width"),
                video.GetAttribute("height"),
                video.GetAttribute("aria-label"),
                video.GetAttribute("preload")
            )
        );
        Assert.True(video.HasAttribute("controls"));
        Assert.False(video.HasAttribute("autoplay"));
        var address =
            $"{Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}{video.GetAttribute("src")}";
        await ana.FollowAsync("article .when");
        string? Meta(string name) => ana.Find($"meta[property='{name}']").GetAttribute("content");
        Assert.Equal(
            (address, "video/webm", "640", "360"),
            (
                Meta("og:video"),
                Meta("og:video:type"),
                Meta("og:video:width"),
                Meta("og:video:height")
            )
        );
        Assert.DoesNotContain(".webm", Meta("og:image"), StringComparison.Ordinal);
        await ana.OpenAsync("/@ana/media");
        Assert.Equal(["a rook"], ana.Posts());

        var rss = XDocument.Parse(await Http.GetStringAsync("/@ana.rss", Stop));
        var enclosure = Assert.Single(rss.Descendants("enclosure"));
        Assert.Equal(
            (address, "video/webm"),
            (enclosure.Attribute("url")!.Value, enclosure.Attribute("type")!.Value)
        );
        var atom = XDocument.Parse(await Http.GetStringAsync("/@ana.atom", Stop));
        Assert.Contains(
            atom.Descendants().Where(one => one.Name.LocalName == "link"),
            link =>
                link.Attribute("rel")!.Value == "enclosure"
                && link.Attribute("href")!.Value == address
        );
    }

    [Fact]
    public async Task What_is_hidden_at_first_is_not_loaded_and_not_handed_to_feeds()
    {
        using var ana = await new Browser(Http.BaseAddress!, Stop).SignUpAsync("ana");
        await ana.SendFilesAsync(
            "form#write",
            [("file1", new SampleWebM().ToArray())],
            ("text", "a rook"),
            ("sensitive", "true")
        );
        Assert.Equal("none", ana.Find("article details video").GetAttribute("preload"));
        var rss = XDocument.Parse(await Http.GetStringAsync("/@ana.rss", Stop));
        Assert.Empty(rss.Descendants("enclosure"));
        Assert.DoesNotContain(".webm", rss.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_stands_alone_and_is_no_picture_of_an_account()
    {
        var video = await UploadAsync(new SampleMp4().ToArray());
        var picture = await UploadAsync(SamplePictures.Png());
        var refused = await _world.Alice.PostAsync("see", Stop, media: [picture.Id, video.Id]);
        Assert.Equal("media_ids", refused.Require(400).Json.GetProperty("field").GetString());
        Assert.Contains("must stand alone", refused.Json.GetProperty("error").GetString());
        using var avatar = await MediaClient.ChangeProfileAsync(
            Http,
            _world.Alice.Token,
            [("avatar", new SampleMp4().ToArray())],
            Stop
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, avatar.StatusCode);
        Assert.Contains(
            "avatar must be a picture",
            await avatar.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
        (await _world.Alice.PostAsync("see", Stop, media: [video.Id])).Require(201);
    }

    [Fact]
    public async Task How_many_bytes_it_may_have_follows_from_what_it_is()
    {
        Assert.True(new SampleMp4().ToArray().Length > 1000);
        byte[] large =
        [
            .. new SampleMp4().ToArray(),
            .. new SampleMp4().Box("free", new byte[30_000]),
        ];
        await UploadAsync(large);
        foreach (
            var tooLarge in (byte[][])
                [
                    [.. SamplePictures.Png(), .. new byte[4000]],
                    [.. large, .. new SampleMp4().Box("free", new byte[10_000])],
                ]
        )
        {
            using var answer = await MediaClient.SendAsync(
                Http,
                _world.Alice.Token,
                tooLarge,
                Stop
            );
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }

        using var wrong = await MediaClient.SendAsync(
            Http,
            _world.Alice.Token,
            new SampleMp4 { Coding = "hvc1" }.ToArray(),
            Stop
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("hvc1", await wrong.Content.ReadAsStringAsync(Stop));
    }

    private async Task<UploadedMedium> UploadAsync(
        byte[] file,
        params (string Name, string Value)[] fields
    )
    {
        using var sent = await MediaClient.SendAsync(Http, _world.Alice.Token, file, Stop, fields);
        var text = await sent.Content.ReadAsStringAsync(Stop);
        Assert.True(sent.StatusCode == HttpStatusCode.OK, text);
        return MediaClient.Read(text);
    }
}
