using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>Who is told of what, through the whole of a server.</summary>
public sealed class NotifyTests : IAsyncLifetime
{
    private World _world = null!;
    private ClassicClient _ana = null!;
    private ClassicClient _bob = null!;
    private ClassicClient _cem = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _ana = await _world.SignUpAsync("ana", Stop);
        _bob = await _world.SignUpAsync("bob", Stop);
        _cem = await _world.SignUpAsync("cem", Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_others_do_to_one_is_told_with_who_and_what_newest_first()
    {
        var mine = await PostAsync(_ana, "mine");
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await _bob.MarkAsync("like", mine, Stop);
        await _bob.MarkAsync("repost", mine, Stop);
        var answer = await PostAsync(_bob, "yes", inReplyTo: mine);
        var named = await PostAsync(_cem, "see @ana", Visibility.Direct);
        Assert.Equal(
            [
                ("mention", "cem", named.Value),
                ("mention", "bob", answer.Value),
                ("reblog", "bob", mine.Value),
                ("favourite", "bob", mine.Value),
                ("follow", "bob", 0L),
            ],
            await ToldAsync(_ana)
        );
        Assert.Empty(await ToldAsync(_bob));
    }

    [Fact]
    public async Task Nobody_is_told_of_what_one_does_oneself_or_twice_of_one_post()
    {
        var mine = await PostAsync(_ana, "mine @ana");
        await _ana.MarkAsync("like", mine, Stop);
        await _ana.MarkAsync("repost", mine, Stop);
        await PostAsync(_ana, "and @ana again", inReplyTo: mine);
        Assert.Empty(await ToldAsync(_ana));
        var answer = await PostAsync(_bob, "@ana @ana @cem", inReplyTo: mine);
        Assert.Equal([("mention", "bob", answer.Value)], await ToldAsync(_ana));
        Assert.Equal([("mention", "bob", answer.Value)], await ToldAsync(_cem));
    }

    [Fact]
    public async Task An_answer_that_one_may_not_see_is_not_told()
    {
        var mine = await PostAsync(_ana, "mine");
        await PostAsync(_bob, "to the others", Visibility.Followers, mine);
        await PostAsync(_bob, "to nobody", Visibility.Direct, mine);
        Assert.Empty(await ToldAsync(_ana));
        await _ana.RelateAsync("follow", _bob.Id, Stop);
        var seen = await PostAsync(_bob, "to you", Visibility.Followers, mine);
        Assert.Equal([("mention", "bob", seen.Value)], await ToldAsync(_ana));
    }

    [Fact]
    public async Task What_ended_is_told_no_longer_and_what_begins_again_is_nothing_new()
    {
        var mine = await PostAsync(_ana, "mine");
        await _bob.MarkAsync("like", mine, Stop);
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await _bob.MarkAsync("repost", mine, Stop);
        var before = await ToldAsync(_ana);
        var ids = await IdsAsync(_ana);
        Assert.Equal(3, ids.Count);
        for (var again = 0; again < 3; again++)
        {
            await _bob.MarkAsync("unlike", mine, Stop);
            await _bob.RelateAsync("unfollow", _ana.Id, Stop);
            await _bob.MarkAsync("unrepost", mine, Stop);
            Assert.Empty(await ToldAsync(_ana));
            await _bob.MarkAsync("like", mine, Stop);
            await _bob.RelateAsync("follow", _ana.Id, Stop);
            await _bob.MarkAsync("repost", mine, Stop);
            Assert.Equal(before, await ToldAsync(_ana));
            Assert.Equal(ids, await IdsAsync(_ana));
        }
    }

    [Fact]
    public async Task Of_a_post_that_is_gone_nothing_is_told()
    {
        var mine = await PostAsync(_ana, "mine");
        var named = await PostAsync(_bob, "@ana");
        await _bob.MarkAsync("like", mine, Stop);
        await _bob.MarkAsync("repost", mine, Stop);
        Assert.Equal(3, (await ToldAsync(_ana)).Count);
        // At once, before anybody has heard of it.
        await _bob.DeleteAsync(named, Stop);
        Assert.DoesNotContain(
            "mention",
            (await Client(_ana).ToldAsync(Stop)).Select(one => one.Type)
        );
        await _ana.DeleteAsync(mine, Stop);
        Assert.Empty(await Client(_ana).ToldAsync(Stop));
        Assert.Empty(await ToldAsync(_ana));
    }

    [Theory]
    [InlineData("block", true)]
    [InlineData("mute", false)]
    public async Task Who_is_hidden_is_not_heard_of_from_the_moment_that_is_answered(
        string act,
        bool isForGood
    )
    {
        var mine = await PostAsync(_ana, "mine");
        await _bob.MarkAsync("like", mine, Stop);
        await PostAsync(_cem, "@ana");
        Assert.Equal(["mention", "favourite"], (await ToldAsync(_ana)).Select(one => one.Type));
        (await _ana.RelateAsync(act, _bob.Id, Stop)).Require(200);
        Assert.Equal(["mention"], (await Client(_ana).ToldAsync(Stop)).Select(one => one.Type));
        Assert.Equal(1, await Client(_ana).UnreadAsync(Stop));
        Assert.Single(await Client(_ana).GroupsAsync(Stop));
        // What he does meanwhile is not told later either.
        await _world.SettleAsync(Stop);
        await PostAsync(_bob, "@ana");
        await _world.SettleAsync(Stop);
        (await _ana.RelateAsync($"un{act}", _bob.Id, Stop)).Require(200);
        Assert.Equal(
            isForGood ? ["mention"] : ["mention", "favourite"],
            (await ToldAsync(_ana)).Select(one => one.Type)
        );
    }

    [Fact]
    public async Task A_block_that_ended_takes_nothing_that_came_after_it_however_often_it_is_told()
    {
        await PostAsync(_bob, "@ana before");
        await _world.SettleAsync(Stop);
        (await _ana.RelateAsync("block", _bob.Id, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        (await _ana.RelateAsync("unblock", _bob.Id, Stop)).Require(200);
        var after = await PostAsync(_bob, "@ana after");
        Assert.Equal([("mention", "bob", after.Value)], await ToldAsync(_ana));

        var services = _world.Server.Services;
        var line = Assert.Single(services.GetRequiredService<DeliveryLines>().All);
        var events = services
            .GetRequiredService<EventTypes>()
            .ReadAll(await line.Outbox.ReadAsync(0, int.MaxValue, Stop));
        var notify = services.GetServices<IEventConsumer>().OfType<NotifyOnEvents>().Single();
        await notify.HandleAsync(
            [.. events.Where(one => notify.Reads.Contains(one.Event.GetType()))],
            Stop
        );

        Assert.Equal([("mention", "bob", after.Value)], await ToldAsync(_ana));
    }

    [Fact]
    public async Task Who_is_blocked_hears_nothing_of_who_blocks()
    {
        await PostAsync(_ana, "@bob");
        Assert.Single(await ToldAsync(_bob));
        await _ana.RelateAsync("block", _bob.Id, Stop);
        Assert.Empty(await Client(_bob).ToldAsync(Stop));
        Assert.Equal(0, await Client(_bob).UnreadAsync(Stop));
    }

    [Fact]
    public async Task Of_who_is_gone_nothing_is_told_and_of_who_is_suspended_until_that_is_lifted()
    {
        await PostAsync(_bob, "@ana");
        await _cem.RelateAsync("follow", _ana.Id, Stop);
        Assert.Equal(2, (await ToldAsync(_ana)).Count);
        await _world.SuspendAsync(_bob.Id, Stop);
        Assert.Equal(["follow"], (await Client(_ana).ToldAsync(Stop)).Select(one => one.Type));
        (await _cem.DeleteAccountAsync(Stop)).Require(200);
        Assert.Empty(await Client(_ana).ToldAsync(Stop));
        Assert.Equal(0, await Client(_ana).UnreadAsync(Stop));
        Assert.Empty(await ToldAsync(_ana));
    }

    [Fact]
    public async Task What_ended_while_one_was_suspended_is_not_told_when_that_is_lifted()
    {
        var mine = await PostAsync(_ana, "mine");
        await _bob.MarkAsync("like", mine, Stop);
        await _bob.MarkAsync("repost", mine, Stop);
        await _cem.MarkAsync("like", mine, Stop);
        Assert.Equal(3, (await ToldAsync(_ana)).Count);
        await _world.SuspendAsync(_ana.Id, Stop);
        await _bob.MarkAsync("unlike", mine, Stop);
        await _bob.MarkAsync("unrepost", mine, Stop);
        await _world.SettleAsync(Stop);
        await _world.LiftAsync(_ana.Id, Stop);
        var (_, again) = await _ana.LogInAsync(_world.Server.Http, Stop);
        Assert.Equal(
            [("favourite", "cem", mine.Value)],
            (await ToldAsync(again!)).Where(one => one.Type != "moderation_warning")
        );
    }

    [Fact]
    public async Task Who_rang_is_told_of_each_new_post_until_the_follow_or_the_bell_ends()
    {
        await PostAsync(_bob, "before");
        var ana = Client(_ana);
        (
            await ana.PostAsync($"/api/v1/accounts/{_bob.Id}/follow", Stop, new { notify = true })
        ).Require(200);
        var plain = await PostAsync(_bob, "plain");
        var toSelf = await PostAsync(_bob, "and on", inReplyTo: plain);
        var named = await PostAsync(_bob, "with @ana in it");
        // Answers to others, what is passed on, and what is for others alone, are not.
        await PostAsync(_bob, "to cem", inReplyTo: await PostAsync(_cem, "cem's"));
        await _bob.MarkAsync("repost", await PostAsync(_cem, "another"), Stop);
        await PostAsync(_bob, "@cem", Visibility.Direct);
        Assert.Equal(
            [
                ("mention", "bob", named.Value),
                ("status", "bob", toSelf.Value),
                ("status", "bob", plain.Value),
            ],
            (await ToldAsync(_ana)).OrderByDescending(one => one.Post)
        );

        (await ana.PostAsync($"/api/v1/accounts/{_bob.Id}/unfollow", Stop)).Require(200);
        // Before anybody has heard of the end: the bell is the first follow's.
        (await ana.PostAsync($"/api/v1/accounts/{_bob.Id}/follow", Stop)).Require(200);
        await _world.SettleAsync(Stop);
        await PostAsync(_bob, "later");
        Assert.Equal(3, (await ToldAsync(_ana)).Count);
        (
            await ana.PostAsync($"/api/v1/accounts/{_bob.Id}/follow", Stop, new { notify = true })
        ).Require(200);
        await _world.SettleAsync(Stop);
        await PostAsync(_bob, "again");
        Assert.Equal(4, (await ToldAsync(_ana)).Count);
        (
            await ana.PostAsync($"/api/v1/accounts/{_bob.Id}/follow", Stop, new { notify = false })
        ).Require(200);
        await PostAsync(_bob, "quiet");
        Assert.Equal(4, (await ToldAsync(_ana)).Count);
    }

    [Fact]
    public async Task Many_who_rang_are_told_in_chunks_each_once()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Notifications:Chunk"] = "2" }
        );
        var author = await world.SignUpAsync("author", Stop);
        var readers = new List<ClassicClient>();
        foreach (var name in (string[])["one", "two", "three", "four", "five"])
        {
            var reader = await world.SignUpAsync(name, Stop);
            readers.Add(reader);
            (
                await Client(world, reader)
                    .PostAsync($"/api/v1/accounts/{author.Id}/follow", Stop, new { notify = true })
            ).Require(200);
        }

        var post = await PostAsync(author, "to all");
        await world.SettleAsync(Stop);
        foreach (var reader in readers)
        {
            Assert.Equal(
                [("status", "author", post.Value)],
                await Client(world, reader).ToldAsync(Stop)
            );
        }
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public,
        PostId? inReplyTo = null
    ) =>
        new(
            (await author.PostAsync(text, Stop, visibility, inReplyTo)).Require(201).Id("tweet_id")
        );

    private NotifiedClient Client(ClassicClient person) => Client(_world, person);

    private static NotifiedClient Client(World world, ClassicClient person) =>
        new(world.Server.Http, person.Token);

    /// <summary>When everything has been heard of.</summary>
    private async Task<IReadOnlyList<(string Type, string By, long Post)>> ToldAsync(
        ClassicClient person
    )
    {
        await _world.SettleAsync(Stop);
        return await Client(person).ToldAsync(Stop);
    }

    private async Task<List<string>> IdsAsync(ClassicClient person) =>
        [
            .. (await Client(person).ListAsync(Stop)).Select(one =>
                one.GetProperty("id").GetString()!
            ),
        ];
}
