using System.Net;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>The stream of a home timeline: what it has is what the timeline has, as it comes.</summary>
public sealed class HomeStreamTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Posts_of_followees_and_ones_own_come_in_order_as_statuses_and_deletions_as_ids()
    {
        using var bob = await OpenAsync(_world.Bob);
        var first = await PostAsync(_world.Alice, "one");
        var second = await PostAsync(_world.Bob, "two @alice #three");
        await PostAsync(_world.Carol, "not followed");
        var events = await bob.TakeAsync(2, Stop);
        (await _world.Alice.DeleteAsync(first, Stop)).Require(200);
        (await _world.Alice.MarkAsync("repost", second, Stop)).Require(200);

        events.AddRange(await bob.TakeAsync(2, Stop));
        Assert.Equal(["update", "update", "delete", "update"], events.Select(one => one.Name));
        Assert.Equal([first, second, first], events.Take(3).Select(one => one.Post));
        Assert.Equal("text/event-stream", bob.Answer.Content.Headers.ContentType!.ToString());
        Assert.True(bob.Answer.Headers.CacheControl!.NoStore);
        foreach (var update in events.Where(one => one.Name == "update"))
        {
            Assert.Empty(MastodonShape.WrongWith(update.Json, "Status"));
        }

        Assert.Equal(
            "bob",
            events[1].Json.GetProperty("account").GetProperty("username").GetString()
        );
        Assert.False(events[1].Json.GetProperty("pinned").GetBoolean());
        Assert.False(events[0].Json.TryGetProperty("pinned", out _));
        var passedOn = events[3].Json.GetProperty("reblog");
        Assert.Equal(second.ToString(), passedOn.GetProperty("id").GetString());
        AssertInOrder(events);
    }

    [Fact]
    public async Task Nobody_is_sent_what_he_may_not_see()
    {
        using var bob = await OpenAsync(_world.Bob);
        using var carol = await OpenAsync(_world.Carol);
        using var star = await OpenAsync(_world.Star);
        await PostAsync(_world.Alice, "for @carol alone", Visibility.Direct);
        await PostAsync(_world.Alice, "for followers", Visibility.Followers);
        Assert.Equal(["for followers"], await TextsAsync(bob, 1));
        (await _world.Bob.RelateAsync("mute", _world.Alice.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "not for who muted");
        Assert.Equal(
            ["for alone", "for followers", "not for who muted"],
            await TextsAsync(carol, 3)
        );
        (await _world.Carol.RelateAsync("block", _world.Alice.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "not for who blocked");
        await PostAsync(_world.Star, "for all");

        Assert.Equal(["for all"], await TextsAsync(bob, 1));
        Assert.Equal(["for all"], await TextsAsync(carol, 1));
        Assert.Equal(["for all"], await TextsAsync(star, 1));
    }

    [Fact]
    public async Task What_happens_before_a_post_is_written_counts_for_it()
    {
        var ana = await _world.SignUpAsync("ana", Stop);
        using var stream = await OpenAsync(ana);
        using var bob = await OpenAsync(_world.Bob);
        await PostAsync(_world.Alice, "before she follows");
        // Who has it already says that it was told.
        await bob.TakeAsync(1, Stop);
        (await ana.RelateAsync("follow", _world.Alice.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "while she follows");
        Assert.Equal(["while she follows"], await TextsAsync(stream, 1));
        (await ana.RelateAsync("unfollow", _world.Alice.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "after it");
        (await ana.RelateAsync("follow", _world.Star.Id, Stop)).Require(200);
        await PostAsync(_world.Star, "the last");

        Assert.Equal(["the last"], await TextsAsync(stream, 1));
    }

    [Fact]
    public async Task Two_streams_of_one_account_have_the_same()
    {
        using var one = await OpenAsync(_world.Bob);
        using var other = await EventStream.OpenAsync(
            _world.Server.Http,
            $"user?access_token={_world.Bob.Token}",
            null,
            Stop
        );
        for (var i = 0; i < 10; i++)
        {
            await PostAsync(_world.Alice, $"number {i}");
        }

        Assert.Equal(await one.TakeAsync(10, Stop), await other.TakeAsync(10, Stop));
    }

    [Fact]
    public async Task Who_has_no_token_has_no_home_and_anybody_may_ask_for_its_health()
    {
        using var none = await EventStream.OpenAsync(_world.Server.Http, "user", null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, none.Answer.StatusCode);
        using var wrong = await EventStream.OpenAsync(_world.Server.Http, "user", "wrong", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Answer.StatusCode);
        Assert.Equal(
            "OK",
            await _world.Server.Http.GetStringAsync(
                new Uri("/api/v1/streaming/health", UriKind.Relative),
                Stop
            )
        );
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_its_stream_at_once_and_no_other()
    {
        using var stream = await OpenAsync(_world.Bob);
        using var carols = await OpenAsync(_world.Carol);
        var again = (await _world.Bob.LogInAsync(_world.Server.Http, Stop)).Again!;
        using var others = await OpenAsync(again);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(5));
        (await _world.Bob.LogOutAsync(Stop)).Require(200);

        Assert.Null(await stream.NextAsync(soon.Token));
        Assert.Contains(":end token", stream.Comments);
        await PostAsync(_world.Alice, "hello");
        Assert.Equal(["hello"], await TextsAsync(others, 1));
        Assert.Equal(["hello"], await TextsAsync(carols, 1));

        await _world.SuspendAsync(_world.Carol.Id, Stop);
        Assert.Null(await carols.NextAsync(soon.Token));
    }

    [Fact]
    public async Task Many_writers_and_readers_and_each_reader_has_each_post_once_in_order()
    {
        const int Posts = 60;
        var streams = new List<EventStream>();
        for (var i = 0; i < 8; i++)
        {
            streams.Add(await OpenAsync(i % 2 == 0 ? _world.Bob : _world.Carol));
        }

        var posted = await Task.WhenAll(
            Enumerable
                .Range(0, Posts)
                .Select(i => PostAsync(i % 2 == 0 ? _world.Alice : _world.Star, $"number {i}"))
        );
        foreach (var stream in streams)
        {
            var events = await stream.TakeAsync(Posts, Stop);
            Assert.Equal(posted.Order(), events.Select(one => one.Post));
            AssertInOrder(events);
            stream.Dispose();
        }
    }

    private Task<EventStream> OpenAsync(ClassicClient person) =>
        EventStream.OpenAsync(_world.Server.Http, "user", person.Token, Stop);

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) => new((await author.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));

    private static async Task<List<string>> TextsAsync(EventStream stream, int count) =>
        [.. (await stream.TakeAsync(count, Stop)).Select(Streams.TextOf)];

    private static void AssertInOrder(List<SentEvent> events)
    {
        var ids = events.Select(one => one.Id.Split('-').Select(long.Parse).ToArray()).ToList();
        foreach (var (before, after) in ids.Zip(ids.Skip(1)))
        {
            Assert.True(before[0] <= after[0] && before[1] <= after[1]);
            Assert.NotEqual(before, after);
        }
    }
}
