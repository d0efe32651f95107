using Microsoft.Extensions.DependencyInjection;
using Rookery.Live;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Who comes back with the id of the last event is sent the notifications that he missed, of which nobody kept anything for his stream.</summary>
public sealed class NotificationReplayTests : IAsyncLifetime
{
    private const int Most = 50;

    private World _world = null!;
    private NotifiedClient _alices = null!;
    private PostId _post;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?> { ["Live:ReplayedPosts"] = $"{Most}" }
        );
        _alices = new NotifiedClient(_world.Server.Http, _world.Alice.Token);
        _post = await PostAsync(_world.Alice, "by alice");
        await _world.SettleAsync(Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("user")]
    [InlineData("user/notification")]
    public async Task What_was_missed_is_sent_once_and_in_order_and_then_what_comes(string name)
    {
        using var first = await OpenAsync(null, name);
        (await _world.Carol.MarkAsync("like", _post, Stop)).Require(200);
        await first.TakeNotifiedAsync(1, Stop);
        var at = first.At;
        first.Dispose();
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        await PostAsync(_world.Bob, "@alice missed");
        await PostAsync(_world.Alice, "missed too");
        await _world.SettleAsync(Stop);

        using var again = await OpenAsync(at, name);
        var sent = await again.TakeNotifiedAsync(2, Stop);
        (await _world.Star.MarkAsync("like", _post, Stop)).Require(200);
        sent.AddRange(await again.TakeNotifiedAsync(1, Stop));
        Assert.Equal(["favourite bob", "mention bob", "favourite star"], sent.Select(Notified.Of));
        Assert.Distinct(sent.ConvertAll(Notified.IdOf));
        Assert.Equal(sent.ConvertAll(Notified.IdOf).Order(), sent.ConvertAll(Notified.IdOf));

        // From each of them on the rest is the same.
        for (var place = 0; place < sent.Count; place++)
        {
            using var from = await OpenAsync(sent[place].Id, name);
            await PostAsync(_world.Carol, "@alice the end");
            var rest = await from.TakeNotifiedAsync(sent.Count - place, Stop);
            Assert.Equal(
                sent.Skip(place + 1).Select(Notified.IdOf),
                rest.Take(sent.Count - place - 1).Select(Notified.IdOf)
            );
            await _world.SettleAsync(Stop);
        }
    }

    [Fact]
    public async Task What_was_muted_dismissed_deleted_taken_back_or_switched_off_meanwhile_is_not_sent()
    {
        using var first = await OpenAsync(null);
        var at = first.At;
        first.Dispose();
        await PostAsync(_world.Star, "@alice by one who is muted then");
        await PostAsync(_world.Bob, "@alice dismissed");
        await _world.SettleAsync(Stop);
        var dismissed = (await _alices.ListAsync(Stop, "limit=1"))[0].GetProperty("id").GetString();
        var deleted = await PostAsync(_world.Bob, "@alice deleted");
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        (await _world.Carol.MarkAsync("repost", _post, Stop)).Require(200);
        await PostAsync(_world.Carol, "@alice this stands");
        await _world.SettleAsync(Stop);
        (await _world.Alice.RelateAsync("mute", _world.Star.Id, Stop)).Require(200);
        (await _alices.PostAsync($"/api/v1/notifications/{dismissed}/dismiss", Stop)).Require(200);
        (await _world.Bob.DeleteAsync(deleted, Stop)).Require(200);
        (await _world.Bob.MarkAsync("unlike", _post, Stop)).Require(200);
        await Notified.SwitchOffAsync(_world, _world.Alice, NotificationKind.Repost, Stop);
        await _world.SettleAsync(Stop);

        using var again = await OpenAsync(at, "user/notification");
        var sent = await again.TakeNotifiedAsync(1, Stop);
        await PostAsync(_world.Bob, "@alice the last");
        sent.AddRange(await again.TakeNotifiedAsync(1, Stop));
        Assert.Equal(["this stands", "the last"], sent.Select(TextOf));
    }

    [Fact]
    public async Task Of_more_than_is_sent_again_the_newest_are_and_of_the_rest_it_is_told()
    {
        using var first = await OpenAsync(null, "user/notification");
        var at = first.At;
        first.Dispose();
        for (var i = 0; i < Most + 10; i++)
        {
            await PostAsync(_world.Bob, $"@alice number {i}");
        }

        await _world.SettleAsync(Stop);
        using var again = await OpenAsync(at, "user/notification");
        var gap = (await again.TakeAsync(1, Stop))[0];
        Assert.Equal(
            ("gap", "notification"),
            (gap.Name, gap.Json.GetProperty("event").GetString())
        );
        Assert.Equal(at.Split('-')[2], gap.Json.GetProperty("from").GetString()!.Split('-')[2]);
        var sent = await again.TakeNotifiedAsync(Most, Stop);
        Assert.Equal(Enumerable.Range(10, Most).Select(i => $"number {i}"), sent.Select(TextOf));
        Assert.Equal(Most, again.Notified.Count);
    }

    [Theory]
    [InlineData(23, 2, 0)]
    [InlineData(25, 0, 1)]
    public async Task They_are_sent_for_a_day_and_then_it_is_told_that_there_were_some(
        int hours,
        int sent,
        int gaps
    )
    {
        var start = await PlaceAsync();
        await PostAsync(_world.Bob, "@alice one");
        await PostAsync(_world.Bob, "@alice two");
        await _world.SettleAsync(Stop);
        var later = new FakeTime();
        later.SetWallClock(start.Notification.CreatedAt.AddHours(hours));
        var (events, told) = await ReplayAsync(start, later);
        Assert.Equal((sent, gaps), (events, told));
    }

    [Fact]
    public async Task Who_missed_none_of_his_is_told_nothing_however_long_he_was_away()
    {
        var start = await PlaceAsync();
        await PostAsync(_world.Alice, "@bob");
        await _world.SettleAsync(Stop);
        var later = new FakeTime();
        later.SetWallClock(start.Notification.CreatedAt.AddDays(3));
        Assert.Equal((0, 0), await ReplayAsync(start, later));
    }

    /// <summary>As an older version gave it, or one whose notifications could not be read.</summary>
    [Fact]
    public async Task An_id_that_names_no_notification_has_its_posts_and_is_told_that_it_names_none()
    {
        using var first = await OpenAsync(null);
        var at = first.At;
        first.Dispose();
        await PostAsync(_world.Bob, "@alice");
        var mine = await PostAsync(_world.Alice, "mine");
        await _world.SettleAsync(Stop);
        using var again = await OpenAsync(string.Join('-', at.Split('-')[..2]));
        var sent = await again.TakeAsync(2, Stop);
        Assert.Equal(["update", "gap"], sent.Select(one => one.Name));
        Assert.Equal(mine, sent[0].Post);
        Assert.Equal("notification", sent[1].Json.GetProperty("event").GetString());
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        Assert.Equal("favourite bob", Notified.Of((await again.TakeNotifiedAsync(1, Stop))[0]));
    }

    private async Task<LivePosition> PlaceAsync()
    {
        using var stream = await OpenAsync(null);
        Assert.True(LivePosition.TryParse(stream.At, out var now));
        return now;
    }

    private async Task<(int Sent, int Gaps)> ReplayAsync(LivePosition since, FakeTime time)
    {
        var parts = _world.Server.Services;
        using var replay = ActivatorUtilities.CreateInstance<Api.Mastodon.ReplayMissed>(
            parts,
            time
        );
        var view = new Api.Mastodon.LiveNotifications(_world.Alice.Id)
        {
            Start = await PlaceAsync(),
        };
        var stream = new LiveStream(view.Viewer, default, view.Start, 1, () => { });
        var pipe = new OneBufferPipe(1 << 18);
        await replay.HandleAsync(
            since,
            stream,
            view,
            new Api.Mastodon.MastodonSite("http://a", "http://a"),
            new Api.Mastodon.EventWriter(pipe, stream),
            Stop
        );
        var text = System.Text.Encoding.UTF8.GetString(pipe.Written);
        return (CountOf("event: notification\n"), CountOf("event: gap\n"));

        int CountOf(string what) => text.Split(what).Length - 1;
    }

    private Task<EventStream> OpenAsync(string? last, string name = "user") =>
        EventStream.OpenAsync(_world.Server.Http, name, _world.Alice.Token, Stop, last);

    private static string TextOf(SentEvent sent) =>
        Streams.TextOf(new SentEvent("", "update", sent.Json.GetProperty("status").GetRawText()));

    private static async Task<PostId> PostAsync(ClassicClient author, string text) =>
        new((await author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));
}
