using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Posts;

/// <summary>Who may see an answer whose author did not say it.</summary>
public sealed class ReplyVisibilityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Visibility.Public, "public")]
    [InlineData(Visibility.Unlisted, "unlisted")]
    [InlineData(Visibility.Followers, "followers")]
    [InlineData(Visibility.Direct, "direct")]
    public async Task A_reply_that_does_not_say_it_is_for_no_more_people_than_what_it_answers(
        Visibility asked,
        string expected
    )
    {
        await using var world = await World.CreateAsync(Stop);
        (await world.Bob.RelateAsync("follow", world.Alice.Id, Stop)).Require(200);
        var text = $"Between us, @{world.Bob.Username}";
        var post = new PostId(
            (await world.Alice.PostAsync(text, Stop, asked)).Require(201).Id("tweet_id")
        );

        var reply = (
            await world.Bob.PostAsync("I keep it to myself", Stop, null, inReplyTo: post)
        ).Require(201);
        Assert.Equal(expected, reply.Json.GetProperty("visibility").GetString());
    }

    [Fact]
    public async Task A_post_that_does_not_say_it_is_public()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = (await world.Alice.PostAsync("Hear, hear", Stop, null)).Require(201);
        Assert.Equal("public", post.Json.GetProperty("visibility").GetString());
    }
}
