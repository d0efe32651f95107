using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Who comes back with the id of the last event is sent what came since, of which nobody kept anything for him.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?> { ["Live:ReplayedPosts"] = "150" }
        );

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task What_was_missed_is_sent_once_and_in_order_and_then_what_comes()
    {
        using var first = await OpenAsync(_world.Bob, null);
        var (seen, gone) = (await PostAsync("seen"), await PostAsync("seen and then deleted"));
        await first.TakeAsync(2, Stop);
        var at = first.At;
        first.Dispose();

        var missed = new List<PostId> { await PostAsync("missed") };
        (await _world.Alice.DeleteAsync(gone, Stop)).Require(200);
        var never = await PostAsync("missed and deleted");
        (await _world.Alice.DeleteAsync(never, Stop)).Require(200);
        await PostAsync("not for bob", Visibility.Direct);
        (await _world.Star.MarkAsync("repost", seen, Stop)).Require(200);
        missed.Add(await PostAsync("missed too", Visibility.Followers));
        using var again = await OpenAsync(_world.Bob, at);
        var events = await again.TakeAsync(4, Stop);
        var live = await PostAsync("live");
        events.AddRange(await again.TakeAsync(1, Stop));

        Assert.Equal(
            ["delete", "update", "update", "update", "update"],
            events.Select(one => one.Name)
        );
        Assert.Equal(gone, events[0].Post);
        Assert.Equal(missed[0], events[1].Post);
        Assert.Equal(
            seen.ToString(),
            events[2].Json.GetProperty("reblog").GetProperty("id").GetString()
        );
        Assert.Equal(missed[1], events[3].Post);
        Assert.Equal(live, events[4].Post);
        Assert.Empty(MastodonShape.WrongWith(events[1].Json, "Status"));
    }

    [Fact]
    public async Task From_every_event_on_the_rest_is_the_same()
    {
        using var whole = await OpenAsync(_world.Bob, null);
        var posted = new List<PostId>();
        var events = new List<SentEvent>();
        for (var i = 0; i < 12; i++)
        {
            posted.Add(await PostAsync($"number {i}"));
            events.AddRange(await whole.TakeAsync(1, Stop));
            if (i % 3 == 2)
            {
                (await _world.Alice.DeleteAsync(posted[i - 2], Stop)).Require(200);
                events.AddRange(await whole.TakeAsync(1, Stop));
            }
        }

        for (var place = 0; place < events.Count; place++)
        {
            // Of what was deleted since nothing is left but, for who has seen it, that.
            var seen = events.Take(place + 1).ToList();
            var rest = events.Skip(place + 1).ToList();
            var deleted = rest.Where(one => one.Name == "delete").Select(one => one.Post).ToList();
            var expected = deleted
                .Where(post => seen.Exists(one => one.Post == post))
                .Select(post => $"delete {post}")
                .Concat(
                    rest.Where(one => one.Name == "update" && !deleted.Contains(one.Post))
                        .Select(one => $"update {one.Post}")
                )
                .ToList();
            using var again = await OpenAsync(_world.Bob, events[place].Id);
            var last = await PostAsync("the last");
            expected.AddRange(
                (await PostedSinceAsync(events, place)).Select(post => $"update {post}")
            );
            var sent = await again.TakeAsync(expected.Count, Stop);
            Assert.Equal(expected, sent.Select(one => $"{one.Name} {one.Post}"));
            Assert.Equal(last, sent[^1].Post);
        }
    }

    [Fact]
    public async Task Who_was_away_while_the_server_was_started_again_misses_nothing()
    {
        using var first = await OpenAsync(_world.Bob, null);
        var gone = await PostAsync("seen");
        await first.TakeAsync(1, Stop);
        var at = first.At;
        var missed = await PostAsync("missed");
        var people = new List<ClassicClient> { _world.Alice, _world.Bob };
        await _world.RestartAsync(people, Stop);
        (await people[0].DeleteAsync(gone, Stop)).Require(200);
        using var again = await OpenAsync(people[1], at);
        var events = await again.TakeAsync(2, Stop);

        Assert.Equal([gone, missed], events.Select(one => one.Post));
        Assert.Equal(["delete", "update"], events.Select(one => one.Name));
    }

    [Fact]
    public async Task Of_more_than_is_sent_again_the_newest_are_and_of_the_rest_it_is_told()
    {
        using var first = await OpenAsync(_world.Bob, null);
        var at = first.At;
        first.Dispose();
        var posted = new List<PostId>();
        for (var i = 0; i < 160; i++)
        {
            posted.Add(await PostAsync($"number {i}"));
        }

        using var again = await OpenAsync(_world.Bob, at);
        var events = await again.TakeAsync(151, Stop);
        Assert.Equal("gap", events[0].Name);
        Assert.Equal("update", events[0].Json.GetProperty("event").GetString());
        Assert.StartsWith(
            at.Split('-')[0] + "-",
            events[0].Json.GetProperty("from").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(posted.Skip(10), events.Skip(1).Select(one => one.Post));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0-9223372036854775807")]
    [InlineData("9223372036854775807-0")]
    [InlineData("9223372036854775807-0-9007199254740991")]
    public async Task An_id_that_this_server_did_not_give_is_answered_with_what_is_not_sent(
        string id
    )
    {
        using var stream = await OpenAsync(_world.Bob, id);
        var gaps = await stream.TakeAsync(3, Stop);
        Assert.Equal(
            ["update", "delete", "notification"],
            gaps.Select(gap => gap.Json.GetProperty("event").GetString())
        );
        Assert.All(
            gaps,
            gap =>
            {
                Assert.Equal("gap", gap.Name);
                Assert.Equal(
                    System.Text.Json.JsonValueKind.Null,
                    gap.Json.GetProperty("from").ValueKind
                );
            }
        );
        var post = await PostAsync("hello");
        Assert.Equal(post, (await stream.TakeAsync(1, Stop))[0].Post);
    }

    /// <summary>The posts that this test made behind those events while it opened streams again.</summary>
    private async Task<IEnumerable<PostId>> PostedSinceAsync(List<SentEvent> events, int place)
    {
        var newest = events[^1].Id.Split('-')[0];
        var since = new PostId(
            long.Parse(newest, System.Globalization.CultureInfo.InvariantCulture)
        );
        var home = await _world.Bob.HomeAsync(new Page(Page.MaxCount, SinceId: since), Stop);
        Assert.Equal(place + 1, home.Count);
        return home.Select(entry => entry.Id).Order();
    }

    private Task<EventStream> OpenAsync(ClassicClient person, string? last) =>
        EventStream.OpenAsync(_world.Server.Http, "user", person.Token, Stop, last);

    private async Task<PostId> PostAsync(string text, Visibility visibility = Visibility.Public) =>
        new((await _world.Alice.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));
}
