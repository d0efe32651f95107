using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>A repeat under the same key gets the first answer, whatever happened since; see "Repeats" in docs/api.md.</summary>
public sealed class RepeatedPostTests : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reply_is_answered_alike_after_the_parents_author_has_blocked_its_author()
    {
        var parent = await PostAsync(_world.Alice);
        var first = await ReplyAsync(parent);

        (await _world.Alice.RelateAsync("block", _world.Bob.Id, Stop)).Require(200);

        Same(first, await ReplyAsync(parent));
        (await _world.Bob.PostAsync("a reply", Stop, inReplyTo: parent, key: "new")).Require(404);
    }

    [Fact]
    public async Task Reply_is_answered_alike_after_its_parent_was_deleted()
    {
        var parent = await PostAsync(_world.Alice);
        var first = await ReplyAsync(parent);

        (await _world.Alice.DeleteAsync(parent, Stop)).Require(200);

        Same(first, await ReplyAsync(parent));
    }

    [Fact]
    public async Task Post_that_was_deleted_meanwhile_is_answered_alike_and_stays_deleted()
    {
        var first = await _world.Bob.PostAsync("a post", Stop, key: "key");
        var id = new PostId(first.Require(201).Id("tweet_id"));

        (await _world.Bob.DeleteAsync(id, Stop)).Require(200);

        Same(first, await _world.Bob.PostAsync("a post", Stop, key: "key"));
        Assert.Empty(await _world.Carol.UserTimelineAsync(_world.Bob.Id, new Page(20), Stop));
    }

    [Fact]
    public async Task Post_is_answered_alike_after_the_rules_for_texts_have_changed()
    {
        var text = new string('x', 200);
        var first = await _world.Bob.PostAsync(text, Stop, key: "key");

        List<ClassicClient> people = [_world.Bob];
        await _world.RestartAsync(people, Stop, new() { ["Posts:MaxLength"] = "100" });

        Same(first, await people[0].PostAsync(text, Stop, key: "key"));
        (await people[0].PostAsync(text, Stop, key: "new")).Require(400);
        (await people[0].PostAsync(text + "x", Stop, key: "key")).Require(422);
    }

    private static void Same(Answer first, Answer repeat)
    {
        Assert.Equal(201, first.Status);
        Assert.Equal(201, repeat.Status);
        Assert.Equal(first.Json.GetRawText(), repeat.Json.GetRawText());
    }

    private static async Task<PostId> PostAsync(ClassicClient author) =>
        new((await author.PostAsync("a post", Stop)).Require(201).Id("tweet_id"));

    private Task<Answer> ReplyAsync(PostId parent) =>
        _world.Bob.PostAsync("a reply", Stop, inReplyTo: parent, key: "key");
}
