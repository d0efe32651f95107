using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Push;

/// <summary>Pushes as clients subscribe to them and push services get them, through the whole of a server.</summary>
public sealed class PushFlowTests : IAsyncLifetime
{
    private const string Path = "/api/v1/push/subscription";

    private static readonly string[] _all = ["mention", "status", "reblog", "follow", "favourite"];

    private readonly PushClient _client = new();
    private PushService _service = null!;
    private World _world = null!;
    private ClassicClient _ana = null!;
    private ClassicClient _bob = null!;
    private Caller _caller = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await PushService.StartAsync(Stop);
        _world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Push:OwnServices"] = _service.Origin,
                ["Push:FirstRetrySeconds"] = "1",
                ["Mail:Site"] = "https://rookery.example",
            }
        );
        _ana = await _world.SignUpAsync("ana", Stop);
        _bob = await _world.SignUpAsync("bob", Stop);
        _caller = new Caller(_world.Server.Http, _ana.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _world.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_is_made_read_changed_and_ended_by_its_token()
    {
        (await AskAsync(HttpMethod.Get)).Require(404);
        (await AskAsync(HttpMethod.Put, new { policy = "all" })).Require(404);
        var made = (await SubscribeAsync("follow_request", "mention")).Require(200).Json;
        Assert.Equal($"{_service.Origin}/ana", made.GetProperty("endpoint").GetString());
        Assert.True(made.GetProperty("standard").GetBoolean());
        Assert.Equal("all", made.GetProperty("policy").GetString());
        Assert.Equal(["follow_request", "mention"], AlertsOf(made));
        Assert.Equal(13, made.GetProperty("alerts").EnumerateObject().Count());
        var instance = await new Caller(_world.Server.Http, null).SendAsync(
            HttpMethod.Get,
            "/api/v2/instance",
            null,
            Stop
        );
        Assert.Equal(
            instance
                .Json.GetProperty("configuration")
                .GetProperty("vapid")
                .GetProperty("public_key")
                .GetString(),
            made.GetProperty("server_key").GetString()
        );
        Assert.Equal(
            made.ToString(),
            (await AskAsync(HttpMethod.Get)).Require(200).Json.ToString()
        );

        var wishes = new
        {
            data = new { alerts = new { poll = true, unknown = true }, policy = "follower" },
        };
        var changed = (await AskAsync(HttpMethod.Put, wishes)).Require(200).Json;
        Assert.Equal(["poll"], AlertsOf(changed));
        Assert.Equal("follower", changed.GetProperty("policy").GetString());
        Assert.Equal(made.GetProperty("id").ToString(), changed.GetProperty("id").ToString());

        // Another's token has none of it.
        var other = new Caller(_world.Server.Http, _bob.Token);
        (await other.SendAsync(HttpMethod.Get, Path, null, Stop)).Require(404);
        (await other.SendAsync(HttpMethod.Delete, Path, null, Stop)).Require(200);
        Assert.Equal("{}", (await AskAsync(HttpMethod.Delete)).Require(200).Json.ToString());
        (await AskAsync(HttpMethod.Delete)).Require(200);
        (await AskAsync(HttpMethod.Get)).Require(404);
    }

    [Fact]
    public async Task Forms_say_the_same_as_JSON()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new FormUrlEncodedContent([
                new("subscription[endpoint]", $"{_service.Origin}/form"),
                new("subscription[keys][p256dh]", _client.P256dh),
                new("subscription[keys][auth]", _client.Auth),
                new("data[alerts][mention]", "true"),
                new("data[alerts][follow]", "false"),
                new("data[policy]", "none"),
            ]),
        };
        request.Headers.Authorization = new("Bearer", _ana.Token);
        using var answer = await _world.Server.Http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode);
        var made = (await AskAsync(HttpMethod.Get)).Require(200).Json;
        Assert.False(made.GetProperty("standard").GetBoolean());
        Assert.Equal("none", made.GetProperty("policy").GetString());
        Assert.Equal(["mention"], AlertsOf(made));
    }

    [Theory]
    [InlineData("subscription[endpoint]", "https://127.0.0.1/x", null, null)]
    [InlineData("subscription[endpoint]", "gopher://x", null, null)]
    [InlineData("subscription[endpoint]", "https://push.example:444/x", null, null)]
    [InlineData("subscription[keys][p256dh]", null, "BAAA", null)]
    [InlineData("subscription[keys][auth]", null, null, "AAAA")]
    public async Task What_is_no_subscription_is_refused_with_the_field_that_is_wrong(
        string field,
        string? endpoint,
        string? key,
        string? auth
    )
    {
        var refused = await AskAsync(
            HttpMethod.Post,
            new
            {
                subscription = new
                {
                    endpoint = endpoint ?? $"{_service.Origin}/x",
                    keys = new { p256dh = key ?? _client.P256dh, auth = auth ?? _client.Auth },
                },
            }
        );
        refused.Require(422);
        Assert.Equal(field, refused.Json.GetProperty("field").GetString());
        (await AskAsync(HttpMethod.Get)).Require(404);
    }

    [Fact]
    public async Task What_others_do_is_pushed_so_that_the_client_alone_reads_it()
    {
        await SubscribeAsync(_all);
        var mine = new PostId((await _ana.PostAsync("mine", Stop)).Require(201).Id("tweet_id"));
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await UntilAsync(1);
        await _bob.MarkAsync("like", mine, Stop);
        await UntilAsync(2);
        await _bob.MarkAsync("repost", mine, Stop);
        await UntilAsync(3);
        await _bob.PostAsync("see @ana, \u00E9 \U0001F426 \"and\" <more>", Stop);
        await UntilAsync(4);
        await _bob.PostAsync("hidden words", Stop, inReplyTo: mine, warning: "A warning");
        await UntilAsync(5);

        var read = _service.Received.Select(_client.Read).ToList();
        Assert.Equal(
            ["follow", "favourite", "reblog", "mention", "mention"],
            read.Select(one => one.GetProperty("notification_type").GetString())
        );
        Assert.Equal(
            [
                "bob follows you",
                "bob likes your post",
                "bob reposted your post",
                "bob mentioned you",
                "bob answered you",
            ],
            read.Select(one => one.GetProperty("title").GetString())
        );
        Assert.Equal(
            ["@bob", "mine", "mine", "see @ana, \u00E9 \U0001F426 \"and\" <more>", "A warning"],
            read.Select(one => one.GetProperty("body").GetString())
        );
        Assert.All(
            read,
            one => Assert.Equal(_ana.Token, one.GetProperty("access_token").GetString())
        );
        var listed = await new NotifiedClient(_world.Server.Http, _ana.Token).ListAsync(Stop);
        Assert.Equal(
            listed.Select(one => one.GetProperty("id").GetString()).Reverse(),
            read.Select(one => $"{one.GetProperty("notification_id").GetInt64()}")
        );
        Assert.All(
            _service.Received,
            push =>
                Assert.DoesNotContain(
                    "bob",
                    System.Text.Encoding.Latin1.GetString(push.Body),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Programs_that_are_no_part_of_this_one_read_it_and_know_whose_it_is()
    {
        await SubscribeAsync(_all);
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await UntilAsync(1);
        await AskAsync(
            HttpMethod.Post,
            _client.Subscription($"{_service.Origin}/ana", isStandard: false, alerts: _all)
        );
        await _bob.PostAsync("see @ana", Stop);
        await UntilAsync(2);

        var read = await OtherReader.ReadAsync(_client, _service.Received, Stop);
        Assert.Equal(
            ["bob follows you", "bob mentioned you"],
            read.Select(one => one.GetProperty("text").GetProperty("title").GetString())
        );
        var key = (await AskAsync(HttpMethod.Get)).Json.GetProperty("server_key").GetString();
        Assert.All(
            read,
            one =>
            {
                Assert.Equal(key, one.GetProperty("key").GetString());
                Assert.Equal(
                    _service.Origin,
                    one.GetProperty("claims").GetProperty("aud").GetString()
                );
            }
        );
        Assert.Equal(
            ["aes128gcm", "aesgcm"],
            _service.Received.Select(push => push.Header("Content-Encoding"))
        );
    }

    [Fact]
    public async Task What_is_gone_or_hidden_when_the_service_is_back_is_not_pushed()
    {
        await SubscribeAsync(_all);
        var cem = await _world.SignUpAsync("cem", Stop);
        await _service.CloseAsync();
        var deleted = new PostId((await _bob.PostAsync("@ana one", Stop)).Id("tweet_id"));
        await cem.PostAsync("@ana two", Stop);
        await _bob.PostAsync("@ana three", Stop);
        await _world.Server.SettleAsync(Stop);
        await _bob.DeleteAsync(deleted, Stop);
        await _ana.RelateAsync("block", cem.Id, Stop);
        await _world.Server.SettleAsync(Stop);
        await _service.OpenAsync(Stop);
        await UntilAsync(1);
        // Whatever came after it would be told behind it.
        await _bob.PostAsync("@ana four", Stop);
        await UntilAsync(2);
        Assert.Equal(
            ["@ana three", "@ana four"],
            _service.Received.Select(push => _client.Read(push).GetProperty("body").GetString())
        );
    }

    [Fact]
    public async Task A_subscription_ends_with_its_token_and_others_of_the_account_stay()
    {
        await SubscribeAsync(_all);
        var phone = await LogInAsync();
        using var second = new PushClient();
        var there = new Caller(_world.Server.Http, phone);
        (
            await there.SendAsync(
                HttpMethod.Post,
                Path,
                second.Subscription($"{_service.Origin}/phone", alerts: _all),
                Stop
            )
        ).Require(200);
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await UntilAsync(2);
        Assert.Equal(
            ["/ana", "/phone"],
            _service.Received.Select(push => push.Path).Order(StringComparer.Ordinal)
        );

        (await AskAsync(HttpMethod.Post, null, "/api/v1/logout")).Require(200);
        await _bob.PostAsync("@ana", Stop);
        await UntilAsync(3);
        Assert.Equal("/phone", _service.Received[^1].Path);
        Assert.Equal(
            phone,
            second.Read(_service.Received[^1]).GetProperty("access_token").GetString()
        );
    }

    [Fact]
    public async Task A_service_that_says_that_there_is_no_such_subscription_ends_it()
    {
        await SubscribeAsync(_all);
        _service.Answer = PushService.Answering(410);
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await Wait.UntilAsync(
            async () => (await AskAsync(HttpMethod.Get)).Status == 404,
            () => "the subscription ends",
            Stop
        );
        Assert.Single(_service.Received);
    }

    [Fact]
    public async Task What_a_service_does_not_take_now_is_sent_again_with_the_same_topic()
    {
        await SubscribeAsync(_all);
        _service.Answer = (push, context) =>
            _service.Received.Count < 3
                ? PushService.Answering(_service.Received.Count == 1 ? 429 : 503)(push, context)
                : PushService.Taking(push, context);
        await _bob.RelateAsync("follow", _ana.Id, Stop);
        await UntilAsync(3);
        Assert.Single(_service.Received.Select(push => push.Header("Topic")).Distinct());
        Assert.Single(
            _service
                .Received.Select(push =>
                    _client.Read(push).GetProperty("notification_id").GetInt64()
                )
                .Distinct()
        );
    }

    private static IEnumerable<string> AlertsOf(JsonElement subscription) =>
        subscription
            .GetProperty("alerts")
            .EnumerateObject()
            .Where(one => one.Value.GetBoolean())
            .Select(one => one.Name)
            .Order(StringComparer.Ordinal);

    private Task<Answer> SubscribeAsync(params string[] alerts) =>
        AskAsync(HttpMethod.Post, _client.Subscription($"{_service.Origin}/ana", alerts: alerts));

    private Task<Answer> AskAsync(HttpMethod method, object? body = null, string path = Path) =>
        _caller.SendAsync(method, path, body, Stop);

    private async Task<string> LogInAsync()
    {
        var answer = await new Caller(_world.Server.Http, null).SendAsync(
            HttpMethod.Post,
            "/api/v1/login",
            new { username = "ana", password = ClassicClient.Password },
            Stop
        );
        return answer.Json.GetProperty("auth_token").GetString()!;
    }

    private Task UntilAsync(int count) =>
        Wait.UntilAsync(
            () => Task.FromResult(_service.Received.Count >= count),
            () => $"{count} pushes come, not {_service.Received.Count}",
            Stop
        );
}
