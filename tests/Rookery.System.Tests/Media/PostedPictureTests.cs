using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Media;

/// <summary>Pictures on posts, from the upload to every place where the post is read, and to its end.</summary>
public sealed class PostedPictureTests : IAsyncLifetime
{
    private const string Hash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Pictures_are_shown_in_their_order_wherever_the_post_is()
    {
        var (second, first) = (await UploadAsync(), await DescribedAsync());
        var answer = await PostAsync("a rook", first, second);
        var post = IdOf(answer);
        var expected = $$$"""
            [{"media_id":"{{{first.Id}}}","type":"image","url":"/media/{{{first.File}}}","width":3,"height":2,"description":"A rook \"on\" a roof","blurhash":"{{{Hash}}}","focus":{"x":0.25,"y":-0.5}},{"media_id":"{{{second.Id}}}","type":"image","url":"/media/{{{second.File}}}","width":3,"height":2,"description":null,"blurhash":null,"focus":{"x":0,"y":0}}]
            """;
        AssertShown(expected, answer.Json);
        (await _world.Bob.MarkAsync("repost", post, Stop)).Require(200);
        (await _world.Carol.RelateAsync("follow", _world.Bob.Id, Stop)).Require(200);
        List<ClassicClient> people = [_world.Alice, _world.Bob, _world.Carol];
        for (var round = 0; round < 2; round++)
        {
            var (bob, carol) = (people[1], people[2]);
            AssertShown(expected, (await bob.HomeAsync(new Page(20), Stop))[0].Json);
            var user = await carol.UserTimelineAsync(_world.Alice.Id, new Page(20), Stop);
            AssertShown(expected, user[0].Json);
            var reposted = (await carol.HomeAsync(new Page(20), Stop))[0];
            Assert.Equal(post, reposted.Original);
            AssertShown(expected, reposted.Json);
            AssertShown(expected, reposted.Json.GetProperty("repost_of"));
            // The second time from what is on the disk alone.
            await _world.RestartAsync(people, Stop);
        }

        using var file = await _world.Server.Http.GetAsync($"/media/{first.File}", Stop);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
    }

    [Fact]
    public async Task Apps_of_mastodon_get_them_as_attachments_and_search_finds_those_that_have_any()
    {
        var medium = await DescribedAsync();
        var with = IdOf(await PostAsync("a fulmar", medium));
        var without = IdOf(await PostAsync("another fulmar"));
        var textless = IdOf(await PostAsync("", await UploadAsync()));
        await _world.SettleAsync(Stop);

        var found = await new MastodonClient(_world.Server.Http, _world.Bob.Token).SearchAsync(
            "q=fulmar",
            Stop
        );
        Assert.Equal([without, with], found.Ids);
        Assert.Empty(found.Statuses[0].GetProperty("media_attachments").EnumerateArray());
        var attachment = Assert.Single(
            found.Statuses[1].GetProperty("media_attachments").EnumerateArray()
        );
        Assert.Equal(medium.Json.GetRawText(), attachment.GetRawText());
        Assert.Equal([with], await SearchAsync("fulmar has:media"));
        Assert.Equal([without], await SearchAsync("fulmar -has:media"));
        Assert.Equal([textless, with], await SearchAsync("has:media"));
    }

    [Fact]
    public async Task A_medium_is_posted_once_by_its_owner_and_what_it_says_stays()
    {
        var medium = await UploadAsync();
        var path = $"/api/v1/media/{medium.Id}";
        await SendAsync(HttpMethod.Put, path, new { description = "Said before" });
        var answer = await PostAsync("a rook", medium);
        var post = IdOf(answer);

        var again = (await PostAsync("once more", await UploadAsync(), medium)).Require(409);
        Assert.Equal("media_ids", again.Json.GetProperty("field").GetString());
        Assert.Contains($"{medium.Id}", again.Json.GetRawText(), StringComparison.Ordinal);
        var twice = (await PostAsync("twice", medium, medium)).Require(400);
        Assert.Equal("media_ids", twice.Json.GetProperty("field").GetString());
        foreach (
            var bad in (UploadedMedium[])
                [await UploadAsync(_world.Bob), medium with { Id = new MediaId(77) }]
        )
        {
            var refused = (await PostAsync("not mine", bad)).Require(404);
            Assert.Equal("media_ids", refused.Json.GetProperty("field").GetString());
            Assert.Contains(
                $"There is no medium {bad.Id}",
                refused.Json.GetRawText(),
                StringComparison.Ordinal
            );
        }

        var five = new List<UploadedMedium>();
        while (five.Count < 5)
        {
            five.Add(await UploadAsync());
        }

        (await PostAsync("too many", [.. five])).Require(400);
        Assert.Equal(
            422,
            await SendAsync(HttpMethod.Put, path, new { description = "Said afterwards" })
        );
        Assert.Equal(422, await SendAsync(HttpMethod.Delete, path));
        Assert.Equal(200, await SendAsync(HttpMethod.Get, path));
        var shown = (await _world.Bob.UserTimelineAsync(_world.Alice.Id, new Page(20), Stop))[0];
        Assert.Equal(post, shown.Id);
        Assert.Equal(
            "Said before",
            shown.Json.GetProperty("media")[0].GetProperty("description").GetString()
        );
        Assert.Equal(200, await FileStatusAsync(medium));
    }

    [Fact]
    public async Task A_repeat_with_its_key_is_answered_as_the_first_was()
    {
        var medium = await UploadAsync();
        Task<Answer> SendAsync(params IReadOnlyList<MediaId> media) =>
            _world.Alice.PostAsync("a rook", Stop, key: "key", media: media);
        var first = (await SendAsync(medium.Id)).Require(201);
        Assert.Equal(
            first.Json.GetRawText(),
            (await SendAsync(medium.Id)).Require(201).Json.GetRawText()
        );
        (await SendAsync()).Require(422);
        (await _world.Alice.DeleteAsync(IdOf(first), Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal(404, await FileStatusAsync(medium));
        Assert.Equal(
            first.Json.GetRawText(),
            (await SendAsync(medium.Id)).Require(201).Json.GetRawText()
        );
    }

    [Fact]
    public async Task Files_go_with_their_post_or_with_their_owner_and_stay_while_either_stands()
    {
        var (kept, deleted) = (await UploadAsync(), await UploadAsync());
        await PostAsync("it stays", kept);
        var post = IdOf(await PostAsync("it goes", deleted));
        Assert.Equal(0, await SweepAsync());
        (await _world.Alice.DeleteAsync(post, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal(404, await FileStatusAsync(deleted));
        Assert.Equal(404, await SendAsync(HttpMethod.Get, $"/api/v1/media/{deleted.Id}"));
        Assert.Equal(200, await FileStatusAsync(kept));

        (await _world.Alice.DeleteAccountAsync(Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal(404, await FileStatusAsync(kept));
        using var database = new DatabaseProbe(_world.Folder);
        Assert.Equal(0, database.Number("SELECT count(*) FROM media"));
    }

    private static void AssertShown(string media, JsonElement entry) =>
        Assert.Equal(media, entry.GetProperty("media").GetRawText());

    private static PostId IdOf(Answer answer) => new(answer.Require(201).Id("tweet_id"));

    private Task<Answer> PostAsync(string text, params UploadedMedium[] media) =>
        _world.Alice.PostAsync(text, Stop, media: [.. media.Select(medium => medium.Id)]);

    private Task<UploadedMedium> UploadAsync(ClassicClient? owner = null) =>
        MediaClient.UploadAsync(
            _world.Server.Http,
            (owner ?? _world.Alice).Token,
            SamplePictures.Png(),
            Stop
        );

    private async Task<UploadedMedium> DescribedAsync()
    {
        using var sent = await MediaClient.SendAsync(
            _world.Server.Http,
            _world.Alice.Token,
            SamplePictures.Png(),
            Stop,
            ("description", "A rook \"on\" a roof"),
            ("focus", "0.25,-0.5"),
            ("blurhash", Hash)
        );
        return MediaClient.Read(await sent.Content.ReadAsStringAsync(Stop));
    }

    private async Task<List<PostId>> SearchAsync(string query) =>
        [
            .. Entry
                .Many(await _world.Bob.SearchAsync(Uri.EscapeDataString(query), Stop))
                .Select(entry => entry.Id),
        ];

    /// <summary>A day later.</summary>
    private async Task<int> SweepAsync()
    {
        var time = new FakeTime();
        time.SetWallClock(TimeProvider.System.GetUtcNow().AddHours(25));
        var services = _world.Server.Services;
        var sweep = ActivatorUtilities.CreateInstance<SweepMedia>(services, time);
        return await sweep.HandleAsync(Stop);
    }

    private async Task<int> FileStatusAsync(UploadedMedium medium)
    {
        using var answer = await _world.Server.Http.GetAsync($"/media/{medium.File}", Stop);
        return (int)answer.StatusCode;
    }

    private async Task<int> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
            Headers =
            {
                Authorization = new AuthenticationHeaderValue("Bearer", _world.Alice.Token),
            },
        };
        using var answer = await _world.Server.Http.SendAsync(request, Stop);
        return (int)answer.StatusCode;
    }
}
