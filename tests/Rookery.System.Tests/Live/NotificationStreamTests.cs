using System.Globalization;
using System.Text.Json;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Who is told of something is told at once.</summary>
public sealed class NotificationStreamTests : IAsyncLifetime
{
    private World _world = null!;
    private NotifiedClient _alices = null!;
    private PostId _post;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        _alices = new NotifiedClient(_world.Server.Http, _world.Alice.Token);
        _post = await PostAsync(_world.Alice, "by alice");
        // She was told of her followers before.
        await _world.SettleAsync(Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("user")]
    [InlineData("user/notification")]
    public async Task Each_is_sent_as_its_list_has_it_once_and_in_order(string name)
    {
        using var alice = await OpenAsync(_world.Alice, null, name);
        using var bob = await OpenAsync(_world.Bob, null, name);
        var zoe = await _world.SignUpAsync("zoe", Stop);
        (await zoe.RelateAsync("follow", _world.Alice.Id, Stop)).Require(200);
        Assert.Equal(["follow zoe"], await TakeAsync(alice, 1));
        await PostAsync(zoe, "see @alice");
        Assert.Equal(["mention zoe"], await TakeAsync(alice, 1));
        (await zoe.PostAsync("so it is", Stop, inReplyTo: _post)).Require(201);
        Assert.Equal(["mention zoe"], await TakeAsync(alice, 1));
        (await zoe.MarkAsync("like", _post, Stop)).Require(200);
        Assert.Equal(["favourite zoe"], await TakeAsync(alice, 1));
        (await zoe.MarkAsync("repost", _post, Stop)).Require(200);
        Assert.Equal(["reblog zoe"], await TakeAsync(alice, 1));
        await RingAsync(_world.Alice, zoe);
        await PostAsync(zoe, "news");
        Assert.Equal(["status zoe"], await TakeAsync(alice, 1));

        var listed = (await _alices.ListAsync(Stop)).Take(6).Reverse();
        Assert.Equal(listed.Select(WhatItSays), alice.Notified.Select(one => WhatItSays(one.Json)));
        AssertInOrder(alice.Notified);
        await PostAsync(_world.Carol, "see @bob");
        Assert.Equal(["mention carol"], await TakeAsync(bob, 1));
        Assert.Empty((await TextsAsync(alice, name == "user" ? 1 : 0)).Except(["news"]));
    }

    [Fact]
    public async Task Home_has_them_between_its_posts_and_lists_of_posts_have_none()
    {
        using var alice = await OpenAsync(_world.Alice);
        using var everybodys = await EventStream.OpenAsync(
            _world.Server.Http,
            "public",
            _world.Alice.Token,
            Stop
        );
        await PostAsync(_world.Bob, "@alice one");
        var taken = await TakeAsync(alice, 1);
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        taken.AddRange(await TakeAsync(alice, 1));
        await PostAsync(_world.Alice, "two");

        Assert.Equal(["mention bob", "favourite bob"], taken);
        Assert.Equal(["two"], await TextsAsync(alice, 1));
        Assert.Equal(["one", "two"], await TextsAsync(everybodys, 2));
        Assert.Empty(everybodys.Notified);
    }

    [Fact]
    public async Task A_flood_is_told_one_by_one_each_once()
    {
        const int Fans = 60;
        using var alice = await OpenAsync(_world.Alice);
        using var socket = await SocketStream.OpenAsync(
            _world.Server.Http,
            _world.Alice.Token,
            Stop,
            "stream=user"
        );
        await socket.SubscribeAsync("user:notification", Stop);
        var fans = await Task.WhenAll(
            Enumerable.Range(0, Fans).Select(i => _world.SignUpAsync($"fan{i}", Stop))
        );
        await Task.WhenAll(
            fans.Select(async fan =>
            {
                (await fan.MarkAsync("like", _post, Stop)).Require(200);
                // What is taken back and done again was told.
                (await fan.MarkAsync("unlike", _post, Stop)).Require(200);
                (await fan.MarkAsync("like", _post, Stop)).Require(200);
            })
        );
        var sent = await alice.TakeNotifiedAsync(1, Stop);
        await _world.SettleAsync(Stop);
        // Behind all of them.
        await PostAsync(_world.Bob, "@alice the last");
        while (Notified.Of(sent[^1]) != "mention bob")
        {
            sent.AddRange(await alice.TakeNotifiedAsync(1, Stop));
        }

        // One that was taken back before it could be sent is on the list alone.
        var ids = sent.ConvertAll(Notified.IdOf);
        var listed = (await _alices.ListAsync(Stop, "limit=80")).Select(one =>
            one.GetProperty("id").GetString()!
        );
        Assert.Distinct(ids);
        Assert.Subset(listed.ToHashSet(), ids.ToHashSet());
        AssertInOrder(sent);
        var both = await socket.TakeNotifiedAsync(1, Stop);
        while (both.Count(one => Notified.Of(one.Event) == "mention bob") < 2)
        {
            both.AddRange(await socket.TakeNotifiedAsync(1, Stop));
        }

        Assert.All(
            both.GroupBy(message => message.Stream),
            one => Assert.Distinct(one.Select(message => Notified.IdOf(message.Event)))
        );
    }

    [Fact]
    public async Task On_a_socket_they_come_as_Mastodon_sends_them_to_each_list_that_has_them()
    {
        using var alice = await SocketStream.OpenAsync(
            _world.Server.Http,
            _world.Alice.Token,
            Stop,
            "stream=user"
        );
        await alice.SubscribeAsync("public", Stop);
        await alice.SubscribeAsync("user:notification", Stop);
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        var sent = await alice.TakeNotifiedAsync(2, Stop);
        Assert.Equal(["user", "user:notification"], sent.Select(one => one.Stream));
        Assert.All(sent, one => Assert.Equal("favourite bob", Notified.Of(one.Event)));
        Assert.Equal(
            ["stream", "event", "payload"],
            sent[0].Json.EnumerateObject().Select(field => field.Name)
        );

        await alice.UnsubscribeAsync("user", Stop);
        (await _world.Carol.MarkAsync("like", _post, Stop)).Require(200);
        Assert.Equal("user:notification", (await alice.TakeNotifiedAsync(1, Stop))[0].Stream);
        await alice.UnsubscribeAsync("user:notification", Stop);
        (await _world.Star.MarkAsync("like", _post, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        await PostAsync(_world.Carol, "the last");
        Assert.Equal("public", (await alice.TakeAsync(1, Stop))[0].Stream);
        Assert.Equal(3, alice.Notified.Count);
    }

    [Fact]
    public async Task Who_is_muted_or_blocked_or_does_what_was_switched_off_is_not_told_of()
    {
        using var alice = await OpenAsync(_world.Alice);
        (await _world.Alice.RelateAsync("mute", _world.Bob.Id, Stop)).Require(200);
        (await _world.Alice.RelateAsync("block", _world.Carol.Id, Stop)).Require(200);
        await Notified.SwitchOffAsync(_world, _world.Alice, NotificationKind.Repost, Stop);
        (await _world.Bob.MarkAsync("like", _post, Stop)).Require(200);
        await _world.Carol.MarkAsync("like", _post, Stop);
        (await _world.Star.MarkAsync("repost", _post, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        (await _world.Star.MarkAsync("like", _post, Stop)).Require(200);

        Assert.Equal(["favourite star"], await TakeAsync(alice, 1));
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_the_stream_of_notifications_too()
    {
        using var stream = await OpenAsync(_world.Alice, null, "user/notification");
        (await _world.Alice.LogOutAsync(Stop)).Require(200);
        Assert.Null(await stream.NextAsync(Stop));
        Assert.Contains(":end token", stream.Comments);
        using var none = await OpenAsync(_world.Alice, null, "user/notification");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, none.Answer.StatusCode);
    }

    /// <summary>All that does not change: counters go on.</summary>
    private static string WhatItSays(JsonElement one) =>
        string.Join(
            ' ',
            one.EnumerateObject()
                .Select(field =>
                    field.Value.ValueKind == JsonValueKind.Object
                        ? $"{field.Name} {field.Value.GetProperty("id")}"
                        : $"{field.Name} {field.Value}"
                )
        );

    private async Task RingAsync(ClassicClient reader, ClassicClient author) =>
        (
            await new NotifiedClient(_world.Server.Http, reader.Token).PostAsync(
                $"/api/v1/accounts/{author.Id}/follow",
                Stop,
                new { notify = true }
            )
        ).Require(200);

    private Task<EventStream> OpenAsync(
        ClassicClient person,
        string? last = null,
        string name = "user"
    ) => EventStream.OpenAsync(_world.Server.Http, name, person.Token, Stop, last);

    private static async Task<List<string>> TakeAsync(EventStream stream, int count) =>
        (await stream.TakeNotifiedAsync(count, Stop)).ConvertAll(Notified.Of);

    private static async Task<PostId> PostAsync(ClassicClient author, string text) =>
        new((await author.PostAsync(text, Stop)).Require(201).Id("tweet_id"));

    private static async Task<List<string>> TextsAsync(EventStream stream, int count) =>
        [.. (await stream.TakeAsync(count, Stop)).Select(Streams.TextOf)];

    private static void AssertInOrder(List<SentEvent> sent)
    {
        var ids = sent.ConvertAll(one =>
            long.Parse(Notified.IdOf(one), CultureInfo.InvariantCulture)
        );
        Assert.Equal(ids.Order(), ids);
        // Where one stands with each is that one.
        Assert.Equal(
            ids.Select(id => id.ToString(CultureInfo.InvariantCulture)),
            sent.Select(one => one.Id.Split('-')[2])
        );
    }
}
