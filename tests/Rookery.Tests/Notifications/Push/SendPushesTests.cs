using System.Buffers.Text;
using System.Text.Json;
using Rookery.Notifications.Push;
using Xunit;

namespace Rookery.Tests.Notifications.Push;

/// <summary>How long a push is tried, and what becomes of it, by a clock that the test moves.</summary>
public sealed class SendPushesTests : IDisposable
{
    private readonly PushWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notification_is_pushed_once_however_often_it_is_told()
    {
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        await _world.TakeBackAsync(Stop, 7);
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);

        var push = Assert.Single(_world.Pushes);
        Assert.Equal(new Uri("https://push.example/one"), push.Endpoint);
        Assert.Equal(TimeSpan.FromHours(48), push.Lasts);
        var said = _world.Read(push);
        Assert.Equal(_world.Session.Text, said.GetProperty("access_token").GetString());
        Assert.Equal("en", said.GetProperty("preferred_locale").GetString());
        Assert.Equal("follow", said.GetProperty("notification_type").GetString());
        Assert.Equal("u7 follows you", said.GetProperty("title").GetString());
        Assert.Equal("@u7", said.GetProperty("body").GetString());
        Assert.Equal(
            "https://rookery.example/apple-touch-icon.png",
            said.GetProperty("icon").GetString()
        );
        Assert.True(said.GetProperty("notification_id").GetInt64() > 0);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_later_and_later_with_the_same_topic()
    {
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "come again");
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        var waits = new List<double>();
        for (
            var last = _world.Time.GetUtcNow();
            waits.Count < 10;
            _world.Time.Advance(TimeSpan.FromSeconds(1))
        )
        {
            var before = _world.Pushes.Count;
            await _world.RunAsync(Stop);
            if (_world.Pushes.Count > before)
            {
                waits.Add((_world.Time.GetUtcNow() - last).TotalSeconds);
                last = _world.Time.GetUtcNow();
            }
        }

        // 15 s, twice as long each time, half an hour at most, each within a fifth.
        double[] expected = [0, 15, 30, 60, 120, 240, 480, 960, 1_800, 1_800];
        Assert.All(
            waits.Zip(expected),
            pair => Assert.InRange(pair.First, pair.Second * 0.79, (pair.Second * 1.21) + 1)
        );
        Assert.Single(_world.Pushes.Select(push => push.Topic).Distinct());
        Assert.All(_world.Pushes, push => Assert.Matches("^[A-Za-z0-9_-]{1,32}$", push.Topic));
        var delivery = await DeliveryAsync();
        Assert.Equal(
            (10, "come again", 1),
            (delivery.Failures, delivery.Failure, delivery.Waiting)
        );
        Assert.Null(delivery.SentAt);

        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        _world.Time.Advance(TimeSpan.FromMinutes(40));
        await _world.RunAsync(Stop);
        delivery = await DeliveryAsync();
        Assert.Equal((0, "", 0), (delivery.Failures, delivery.Failure, delivery.Waiting));
        Assert.Equal(_world.Time.GetUtcNow(), delivery.SentAt);
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(600, 600)]
    [InlineData(86_400, 21_600)]
    public async Task A_service_that_asks_for_time_gets_it_within_reason(int asked, int waits)
    {
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "busy", TimeSpan.FromSeconds(asked));
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);
        _world.Time.Advance(TimeSpan.FromSeconds((waits * 0.79) - 1));
        await _world.RunAsync(Stop);
        Assert.Single(_world.Pushes);
        _world.Time.Advance(TimeSpan.FromSeconds((waits * 0.42) + 2));
        await _world.RunAsync(Stop);
        Assert.Equal(2, _world.Pushes.Count);
    }

    [Fact]
    public async Task What_nobody_could_be_told_in_time_is_told_to_nobody()
    {
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "away");
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);
        _world.Time.Advance(TimeSpan.FromHours(47));
        await _world.RaiseAsync(Stop, 8);
        await _world.RunAsync(Stop);
        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        _world.Time.Advance(TimeSpan.FromHours(1));
        var tried = _world.Pushes.Count;
        await _world.RunAsync(Stop);

        var push = Assert.Single(_world.Pushes.Skip(tried));
        Assert.Equal("u8 follows you", _world.Read(push).GetProperty("title").GetString());
        Assert.Equal(0, (await DeliveryAsync()).Waiting);
    }

    [Fact]
    public async Task After_an_outage_one_push_says_how_many_there_are()
    {
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "away");
        await _world.SubscribeAsync(Stop, language: "de");
        await _world.RaiseAsync(Stop, Enumerable.Range(10, 300));
        await _world.RunAsync(Stop);
        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        _world.Time.Advance(TimeSpan.FromHours(2));
        var tried = _world.Pushes.Count;
        await _world.RunAsync(Stop);

        var said = _world.Read(Assert.Single(_world.Pushes.Skip(tried)));
        Assert.Equal("300 neue Mitteilungen", said.GetProperty("title").GetString());
        Assert.Equal("u309, u308, u307, …", said.GetProperty("body").GetString());
        Assert.Equal(0, (await DeliveryAsync()).Waiting);
    }

    [Fact]
    public async Task Few_are_pushed_one_by_one_the_oldest_first()
    {
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 2, 3, 4, 5, 6);
        await _world.RunAsync(Stop);

        Assert.Equal(
            ["u2", "u3", "u4", "u5", "u6"],
            _world.Pushes.Select(push =>
                _world.Read(push).GetProperty("title").GetString()!.Split(' ')[0]
            )
        );
        Assert.Equal(5, _world.Pushes.Select(push => push.Topic).Distinct().Count());
    }

    [Fact]
    public async Task What_was_taken_back_dismissed_or_hidden_meanwhile_is_not_pushed()
    {
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "away");
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 2, 3, 4);
        await _world.RunAsync(Stop);
        await _world.TakeBackAsync(Stop, 2);
        _world.Between = other =>
            new(other, false, FollowedBy: true, false, false, Muting: other.Value == 3);
        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        var tried = _world.Pushes.Count;
        await _world.RunAsync(Stop);
        Assert.Equal(
            "u4 follows you",
            _world.Read(Assert.Single(_world.Pushes.Skip(tried))).GetProperty("title").GetString()
        );

        await _world.RaiseAsync(Stop, 5);
        await _world.DismissAllAsync(Stop);
        await _world.RunAsync(Stop);
        Assert.Equal(tried + 1, _world.Pushes.Count);
        Assert.Equal(0, (await DeliveryAsync()).Waiting);
    }

    [Theory]
    [InlineData("all", "u2,u3,u4")]
    [InlineData("followed", "u3")]
    [InlineData("follower", "u2,u3,u4")]
    [InlineData("none", "")]
    public async Task A_policy_says_of_whose_doings_one_is_told(string policy, string told)
    {
        // Whoever follows is a follower; a mention of a stranger is pushed in the test of the whole.
        _world.Between = other =>
            new(other, Following: other.Value == 3, FollowedBy: true, false, false, false);
        await _world.SubscribeAsync(Stop, Enum.Parse<PushPolicy>(policy, ignoreCase: true));
        await _world.RaiseAsync(Stop, 2, 3, 4);
        await _world.RunAsync(Stop);
        var names = string.Join(
            ',',
            _world.Pushes.Select(push =>
                _world.Read(push).GetProperty("title").GetString()!.Split(' ')[0]
            )
        );
        Assert.Equal(told, names);
    }

    [Fact]
    public async Task Of_what_is_not_chosen_nothing_waits()
    {
        var made = await _world.SubscribeAsync(Stop, alerts: ["mention", "follow_request"]);
        await _world.RaiseAsync(Stop, 7);
        Assert.Empty(await _world.Store.WaitingAsync(made.Id, 10, Stop));
        await _world.RunAsync(Stop);
        Assert.Empty(_world.Pushes);
    }

    [Fact]
    public async Task A_service_that_knows_no_such_subscription_ends_it()
    {
        _world.Answer = _ => new PushOutcome(PushFate.Gone, "410");
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 2, 3);
        await _world.RunAsync(Stop);
        Assert.Single(_world.Pushes);
        Assert.Empty(await _world.Keep.OfAsync(PushWorld.Ana, Stop));
        Assert.Equal(0, (await _world.Store.BacklogAsync(Stop)).Waiting);
    }

    [Fact]
    public async Task A_push_that_is_refused_is_the_only_one_that_nobody_gets()
    {
        _world.Answer = _ => new PushOutcome(
            _world.Pushes.Count == 1 ? PushFate.Refused : PushFate.Sent,
            "The push service answered 413."
        );
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 2, 3);
        await _world.RunAsync(Stop);
        Assert.Equal("The push service answered 413.", (await DeliveryAsync()).Failure);
        _world.Time.Advance(TimeSpan.FromSeconds(19));
        await _world.RunAsync(Stop);
        Assert.Equal(2, _world.Pushes.Count);
        Assert.Equal(("", 0), ((await DeliveryAsync()).Failure, (await DeliveryAsync()).Waiting));
    }

    [Fact]
    public async Task With_its_session_a_subscription_ends_before_anything_is_sent()
    {
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        _world.EndedSessions.Add(_world.Session.Hash);
        await _world.RunAsync(Stop);
        Assert.Empty(_world.Pushes);
        Assert.Empty(await _world.Keep.OfAsync(PushWorld.Ana, Stop));
    }

    [Fact]
    public async Task A_claim_that_nobody_settles_lapses_and_the_same_push_is_sent_again()
    {
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        _world.Answer = _ => throw new InvalidOperationException("as if it were killed here");
        await _world.RunAsync(Stop);
        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        await _world.RunAsync(Stop);
        Assert.Single(_world.Pushes);
        _world.Time.Advance(TimeSpan.FromSeconds(21));
        await _world.RunAsync(Stop);
        Assert.Equal(2, _world.Pushes.Count);
        Assert.Single(_world.Pushes.Select(push => push.Topic).Distinct());
    }

    [Fact]
    public async Task Who_cannot_be_reached_leaves_half_of_the_places_to_others()
    {
        _world.Settings.AtOnce = 4;
        var others = await _world.SubscribeOthersAsync(10, Stop);
        _world.Answer = push => new PushOutcome(
            push.Endpoint.Host.StartsWith("slow", StringComparison.Ordinal)
                ? PushFate.PutOff
                : PushFate.Sent,
            "slow"
        );
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 8);
        var before = _world.Pushes.Count;
        // All that failed are due for longer.
        await _world.Sending.HandleAsync(Stop);
        var sent = _world.Pushes.Skip(before).Select(push => push.Endpoint.Host).ToList();
        Assert.Equal(10, others);
        Assert.Equal(2, sent.Count(host => host.StartsWith("slow", StringComparison.Ordinal)));
        Assert.Contains("push.example", sent);
    }

    [Fact]
    public async Task A_test_is_pushed_at_once_whatever_failed_before()
    {
        Assert.False((await _world.Keep.TestAsync(_world.Session.Text, Stop)).Succeeded);
        _world.Answer = _ => new PushOutcome(PushFate.PutOff, "away");
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 7);
        await _world.RunAsync(Stop);
        _world.Answer = _ => new PushOutcome(PushFate.Sent);
        Assert.True((await _world.Keep.TestAsync(_world.Session.Text, Stop)).Succeeded);
        await _world.RunAsync(Stop);

        Assert.Equal(
            ["follow", "test", "follow"],
            _world.Pushes.Select(push =>
                _world.Read(push).GetProperty("notification_type").GetString()
            )
        );
    }

    [Fact]
    public async Task The_signature_names_the_service_and_is_of_the_key_that_was_subscribed_with()
    {
        await _world.SubscribeAsync(Stop);
        await _world.RaiseAsync(Stop, 2, 3);
        await _world.RunAsync(Stop);
        var keys = new List<string>();
        foreach (var push in _world.Pushes)
        {
            var header = push.Headers.Single(one => one.Key == "Authorization").Value;
            Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
            var parts = header["vapid t=".Length..].Split(", k=");
            keys.Add(parts[1]);
            var claims = JsonDocument
                .Parse(Base64Url.DecodeFromChars(parts[0].Split('.')[1]))
                .RootElement;
            Assert.Equal("https://push.example", claims.GetProperty("aud").GetString());
            Assert.Equal("https://rookery.example/", claims.GetProperty("sub").GetString());
            var lasts =
                claims.GetProperty("exp").GetInt64() - _world.Time.GetUtcNow().ToUnixTimeSeconds();
            Assert.InRange(lasts, 3_600, 86_400);
        }

        Assert.Single(keys.Distinct());
        using var others = new VapidKeys(_world.Store);
        Assert.Equal(keys[0], (await others.GetAsync(Stop)).PublicKey);
        Assert.Equal(65, Base64Url.DecodeFromChars(keys[0]).Length);
    }

    [Theory]
    [InlineData("", "no address")]
    [InlineData("not an address", "no address")]
    [InlineData("/relative", "relative")]
    [InlineData("http://push.example/one", "no TLS")]
    [InlineData("ftp://push.example/one", "another scheme")]
    [InlineData("file:///etc/passwd", "a file")]
    [InlineData("https://push.example:8443/one", "another port")]
    [InlineData("https://user:word@push.example/one", "a user")]
    [InlineData("https://push.example/one#part", "a part")]
    [InlineData("https://localhost/one", "this machine")]
    [InlineData("https://127.0.0.1/one", "this machine")]
    [InlineData("https://127.1/one", "this machine, short")]
    [InlineData("https://2130706433/one", "this machine, as a number")]
    [InlineData("https://0x7f000001/one", "this machine, in hex")]
    [InlineData("https://[::1]/one", "this machine")]
    [InlineData("https://[::ffff:10.0.0.1]/one", "a private network")]
    [InlineData("https://169.254.169.254/latest/meta-data", "a cloud's own")]
    [InlineData("https://[fe80::1]/one", "link-local")]
    public async Task An_endpoint_that_is_none_is_refused_by_name(string endpoint, string what)
    {
        var refused = await _world.Keep.SubscribeAsync(
            Request() with
            {
                Endpoint = endpoint,
            },
            Stop
        );
        Assert.False(refused.Succeeded, what);
        Assert.Equal(KeepSubscriptions.EndpointField, refused.Problem!.Field);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused_by_name()
    {
        string[] keys =
        [
            "",
            "?",
            "AAAA",
            new string('A', 201),
            Base64Url.EncodeToString([4, .. new byte[64]]),
            Base64Url.EncodeToString(_world.Client.Point.AsSpan(0, 64)),
            Base64Url.EncodeToString([.. _world.Client.Point, 1]),
        ];
        foreach (var key in keys)
        {
            var refused = await _world.Keep.SubscribeAsync(Request() with { P256dh = key }, Stop);
            Assert.Equal(KeepSubscriptions.KeyField, refused.Problem?.Field);
        }

        foreach (var auth in (string[])["", "?", "AAAA", new string('A', 100)])
        {
            var refused = await _world.Keep.SubscribeAsync(Request() with { Auth = auth }, Stop);
            Assert.Equal(KeepSubscriptions.AuthField, refused.Problem?.Field);
        }

        Assert.True(
            (
                await _world.Keep.SubscribeAsync(
                    Request() with
                    {
                        P256dh = Convert.ToBase64String(_world.Client.Point),
                    },
                    Stop
                )
            ).Succeeded
        );
    }

    public void Dispose() => _world.Dispose();

    private SubscribeRequest Request() =>
        new(
            PushWorld.Ana,
            _world.Session.Text,
            "https://push.example/one",
            _world.Client.P256dh,
            _world.Client.Auth,
            true,
            new PushWishes(new HashSet<string>(), PushPolicy.All),
            true,
            "en",
            ""
        );

    private async Task<PushDelivery> DeliveryAsync() =>
        Assert.Single(await _world.Keep.OfAsync(PushWorld.Ana, Stop)).Delivery;
}
