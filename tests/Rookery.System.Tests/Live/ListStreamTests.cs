using System.Net;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>The streams of everybody's posts and of those with a hashtag.</summary>
public sealed class ListStreamTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("public")]
    [InlineData("public/local")]
    public async Task Public_posts_of_everybody_come_to_anybody(string path)
    {
        using var anybody = await OpenAsync(path);
        using var bob = await OpenAsync(path, _world.Bob);
        (await _world.Bob.RelateAsync("mute", _world.Star.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "unlisted", Visibility.Unlisted);
        await PostAsync(_world.Alice, "for followers", Visibility.Followers);
        await PostAsync(_world.Alice, "@bob direct", Visibility.Direct);
        var post = await PostAsync(_world.Alice, "public");
        var all = await anybody.TakeAsync(1, Stop);
        (await _world.Star.MarkAsync("repost", post, Stop)).Require(200);
        await PostAsync(_world.Star, "by who is muted");
        var bobs = await bob.TakeAsync(1, Stop);
        (await _world.Alice.DeleteAsync(post, Stop)).Require(200);
        await PostAsync(_world.Carol, "the last");

        all.AddRange(await anybody.TakeAsync(3, Stop));
        Assert.Equal(["update", "update", "delete", "update"], all.Select(one => one.Name));
        Assert.Equal("public", Streams.TextOf(all[0]));
        Assert.False(all[0].Json.TryGetProperty("favourited", out _));
        Assert.Equal("by who is muted", Streams.TextOf(all[1]));
        Assert.Equal(post, all[2].Post);
        bobs.AddRange(await bob.TakeAsync(2, Stop));
        Assert.Equal(["update", "delete", "update"], bobs.Select(one => one.Name));
        Assert.True(bobs[0].Json.TryGetProperty("favourited", out _));
    }

    [Fact]
    public async Task Posts_with_a_hashtag_come_and_no_others_and_are_sent_again()
    {
        using var stream = await OpenAsync("hashtag?tag=Birds");
        var at = stream.At;
        await PostAsync(_world.Alice, "#birdsong");
        var one = await PostAsync(_world.Alice, "some #birds");
        var other = await PostAsync(_world.Star, "#BIRDS again");

        Assert.Equal([one, other], (await stream.TakeAsync(2, Stop)).Select(sent => sent.Post));
        using var again = await OpenAsync("hashtag?tag=%23birds", last: at);
        Assert.Equal([one, other], (await again.TakeAsync(2, Stop)).Select(sent => sent.Post));
        using var everything = await OpenAsync("public", last: at);
        Assert.Equal(
            [one, other],
            (await everything.TakeAsync(3, Stop)).Skip(1).Select(sent => sent.Post)
        );
    }

    [Theory]
    [InlineData("hashtag")]
    [InlineData("hashtag?tag=")]
    [InlineData("hashtag?tag=no%20tag")]
    public async Task Without_a_hashtag_there_is_no_stream_of_one(string path)
    {
        using var stream = await OpenAsync(path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stream.Answer.StatusCode);
        Assert.Contains("\"tag\"", await stream.RestAsync(Stop), StringComparison.Ordinal);
    }

    private Task<EventStream> OpenAsync(
        string path,
        ClassicClient? person = null,
        string? last = null
    ) => EventStream.OpenAsync(_world.Server.Http, path, person?.Token, Stop, last);

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) => new((await author.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));
}
