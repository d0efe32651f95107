using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Posts;

/// <summary>Posts that warn of what they say, over the APIs.</summary>
public sealed class WarnedPostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_warning_is_shown_with_the_text_wherever_that_is_and_to_who_reposts_it_too()
    {
        await using var world = await World.CreateAsync(Stop);
        var posted = (
            await world.Alice.PostAsync("Eight legs", Stop, warning: "Spiders, \"many\" <of> them")
        ).Require(201);
        Warns(posted.Json);
        var id = new PostId(posted.Id("tweet_id"));
        (await world.Bob.MarkAsync("repost", id, Stop)).Require(200);
        (await world.Alice.PostAsync("Nothing to fear", Stop)).Require(201);

        var entries = await world.Alice.UserTimelineAsync(world.Alice.Id, new Page(2), Stop);
        Assert.Equal("", entries[0].Warning);
        Assert.False(entries[0].Json.GetProperty("sensitive").GetBoolean());
        Warns(entries[1].Json);
        var reposts = await world.Alice.UserTimelineAsync(world.Bob.Id, new Page(1), Stop);
        Warns(reposts[0].Json);
        Warns(reposts[0].Json.GetProperty("repost_of"));
        Warns((await world.Alice.SearchAsync("spiders", Stop)).Require(200).Json[0]);
        Warns((await world.Alice.SearchAsync("%22them+eight%22", Stop)).Require(200).Json[0]);
    }

    [Fact]
    public async Task A_repeat_is_answered_with_the_warning_also_when_the_post_is_gone_and_another_warning_is_another_request()
    {
        await using var world = await World.CreateAsync(Stop);
        var first = (await PostAsync("Spiders, \"many\" <of> them")).Require(201);
        var id = new PostId(first.Id("tweet_id"));
        (await PostAsync("Snakes")).Require(422);
        (await PostAsync("")).Require(422);
        (await world.Alice.DeleteAsync(id, Stop)).Require(200);
        var repeated = (await PostAsync("Spiders, \"many\" <of> them")).Require(201);
        Warns(repeated.Json);
        Assert.Equal(id.Value, repeated.Id("tweet_id"));

        Task<Answer> PostAsync(string warning) =>
            world.Alice.PostAsync("Eight legs", Stop, key: "key", warning: warning);
    }

    [Fact]
    public async Task Backends_are_told_of_a_warning_and_of_none_as_they_always_were()
    {
        await using var world = await World.CreateAsync(Stop);
        var service = new Caller(world.Server.Http, world.Server.Service.Key);
        var author = world.Alice.Id.ToString();
        var warned = (
            await SendAsync(
                "/tweets",
                new
                {
                    user_id = author,
                    content = "Eight legs",
                    spoiler_text = "Spiders, \"many\" <of> them",
                }
            )
        ).Require(201);
        Warns(warned.Json);
        (
            await SendAsync($"/tweet/{author}", new { tweet = "A picture of it", sensitive = true })
        ).Require(201);
        var plain = (
            await SendAsync("/tweets", new { user_id = author, content = "Nothing" })
        ).Require(201);
        Assert.False(plain.Json.TryGetProperty("spoiler_text", out _));

        var tweets = (await ReadAsync($"/tweet/{author}"))
            .GetProperty("tweets")
            .EnumerateArray()
            .ToList();
        Assert.Equal(
            ["tweet_id", "tweet_id_str", "user_id", "user_id_str", "username", "tweet", "time"],
            tweets[0].EnumerateObject().Select(field => field.Name)
        );
        Assert.True(tweets[1].GetProperty("sensitive").GetBoolean());
        Assert.Equal("", tweets[1].GetProperty("spoiler_text").GetString());
        Warns(tweets[2]);
        (await world.Bob.RelateAsync("follow", world.Alice.Id, Stop)).Require(200);
        var timeline = await ReadAsync($"/timeline?user_id={world.Bob.Id}");
        Warns(timeline[2]);
        Assert.Equal("Eight legs", timeline[2].GetProperty("tweet_body").GetString());

        Task<Answer> SendAsync(string path, object body) =>
            service.SendAsync(HttpMethod.Post, path, body, Stop);

        async Task<JsonElement> ReadAsync(string path) =>
            (await service.SendAsync(HttpMethod.Get, path, null, Stop)).Require(200).Json;
    }

    private static void Warns(JsonElement post)
    {
        Assert.Equal("Spiders, \"many\" <of> them", post.GetProperty("spoiler_text").GetString());
        Assert.True(post.GetProperty("sensitive").GetBoolean());
    }
}
