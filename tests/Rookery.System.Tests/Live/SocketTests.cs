using System.Net.WebSockets;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>Streams over one WebSocket, with the framework's own client.</summary>
public sealed class SocketTests : IAsyncLifetime
{
    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Live:SubscriptionsPerStream"] = "8",
                ["Live:StreamsPerCaller"] = "4",
            }
        );

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/streaming")]
    [InlineData("/api/v1/streaming/")]
    public async Task What_the_address_names_comes_as_Mastodon_sends_it(string path)
    {
        using var bob = new SocketStream();
        await bob.ConnectAsync(
            _world.Server.Http,
            Stop,
            $"access_token={_world.Bob.Token}&stream=user",
            path
        );
        var post = await PostAsync(_world.Alice, "one #two");
        var sent = await bob.TakeAsync(1, Stop);
        (await _world.Alice.DeleteAsync(post, Stop)).Require(200);
        sent.AddRange(await bob.TakeAsync(1, Stop));

        Assert.All(sent, message => Assert.Equal("user", message.Stream));
        Assert.Equal(
            ["stream", "event", "payload"],
            sent[0].Json.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("update", sent[0].Name);
        Assert.Empty(MastodonShape.WrongWith(sent[0].Event.Json, "Status"));
        Assert.True(sent[0].Event.Json.TryGetProperty("favourited", out _));
        Assert.Equal(("delete", post.ToString()), (sent[1].Name, sent[1].Payload));
    }

    [Fact]
    public async Task A_token_comes_by_the_address_by_a_header_or_as_the_protocol_which_is_said_again()
    {
        using var header = await OpenAsync(_world.Bob, "stream=user");
        using var protocol = await SocketStream.OpenAsync(
            _world.Server.Http,
            null,
            Stop,
            "stream=user",
            options => options.AddSubProtocol(_world.Bob.Token)
        );
        using var both = await SocketStream.OpenAsync(
            _world.Server.Http,
            _world.Bob.Token,
            Stop,
            "stream=user",
            options => options.AddSubProtocol("other")
        );
        Assert.Null(header.Protocol);
        Assert.Equal(_world.Bob.Token, protocol.Protocol);
        Assert.Equal("other", both.Protocol);
        var post = await PostAsync(_world.Alice, "hello");

        foreach (var socket in (SocketStream[])[header, protocol, both])
        {
            Assert.Equal(post, (await socket.TakeAsync(1, Stop))[0].Event.Post);
        }
    }

    [Fact]
    public async Task Without_a_token_that_is_valid_there_is_no_socket()
    {
        var service = File.ReadAllText(Path.Combine(_world.Folder, "service.key")).Trim();
        var revoked = (await _world.Bob.LogInAsync(_world.Server.Http, Stop)).Again!;
        (await revoked.LogOutAsync(Stop)).Require(200);
        foreach (var token in (string?[])[null, "wrong", service, revoked.Token, ""])
        {
            await RefuseAsync(401, $"stream=public&access_token={token}");
            await RefuseAsync(
                401,
                "stream=public",
                options => options.SetRequestHeader("Authorization", $"Bearer {token}")
            );
            if (!string.IsNullOrEmpty(token))
            {
                await RefuseAsync(401, "stream=public", options => options.AddSubProtocol(token));
            }
        }
    }

    /// <summary>A page of another site can open sockets that bring the cookie of this one, and read them.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("https://elsewhere.example")]
    public async Task A_cookie_opens_no_socket_whatever_page_asks(string? origin)
    {
        await RefuseAsync(
            401,
            "stream=user",
            options =>
            {
                options.SetRequestHeader("Cookie", $"rookery={_world.Bob.Token}");
                options.SetRequestHeader(
                    "Origin",
                    origin ?? _world.Server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)
                );
            }
        );
        // An app on another site has a token, and no cookie.
        using var app = await SocketStream.OpenAsync(
            _world.Server.Http,
            _world.Bob.Token,
            Stop,
            "stream=user",
            options => options.SetRequestHeader("Origin", origin ?? "null")
        );
        Assert.Equal(WebSocketState.Open, app.State);
    }

    [Fact]
    public async Task One_socket_has_several_lists_and_each_tells_of_a_post_that_it_has()
    {
        using var bob = await OpenAsync(_world.Bob);
        foreach (var stream in (string[])["user", "public", "public:local", "user:notification"])
        {
            await bob.SubscribeAsync(stream, Stop);
        }

        await bob.SubscribeAsync("hashtag", Stop, ""","tag":"Birds" """);
        // What is there already is there once.
        await bob.SubscribeAsync("public", Stop);
        var post = await PostAsync(_world.Alice, "some #birds");
        var sent = await bob.TakeAsync(4, Stop);
        Assert.Equal(
            ["user", "public", "public:local", "hashtag Birds"],
            sent.Select(message => message.Stream)
        );
        Assert.All(sent, message => Assert.Equal(post, message.Event.Post));

        await bob.UnsubscribeAsync("hashtag", Stop, ""","tag":"Birds" """);
        await bob.UnsubscribeAsync("public", Stop);
        await bob.UnsubscribeAsync("never", Stop);
        await PostAsync(_world.Carol, "not followed, #birds");
        (await _world.Alice.DeleteAsync(post, Stop)).Require(200);
        Assert.Equal(
            ["public:local update", "user delete", "public:local delete"],
            (await bob.TakeAsync(3, Stop)).Select(message => $"{message.Stream} {message.Name}")
        );
    }

    [Fact]
    public async Task Nobody_is_sent_what_he_may_not_see_on_any_list()
    {
        using var bob = await OpenAsync(_world.Bob);
        using var carol = await OpenAsync(_world.Carol);
        foreach (var socket in (SocketStream[])[bob, carol])
        {
            await socket.SubscribeAsync("user", Stop);
            await socket.SubscribeAsync("public", Stop);
            await socket.SubscribeAsync("hashtag", Stop, ""","tag":"rooks" """);
        }

        await PostAsync(_world.Alice, "for @carol alone #rooks", Visibility.Direct);
        await PostAsync(_world.Alice, "for followers #rooks", Visibility.Followers);
        await PostAsync(_world.Alice, "unlisted #rooks", Visibility.Unlisted);
        var bobs = await TextsAsync(bob, 2);
        (await _world.Bob.RelateAsync("block", _world.Alice.Id, Stop)).Require(200);
        await PostAsync(_world.Alice, "for all but who blocks #rooks");
        await PostAsync(_world.Star, "the last");

        Assert.Equal(
            [
                "user for followers #rooks",
                "user unlisted #rooks",
                "user the last",
                "public the last",
            ],
            [.. bobs, .. await TextsAsync(bob, 2)]
        );
        Assert.Equal(
            [
                "user for alone #rooks",
                "user for followers #rooks",
                "user unlisted #rooks",
                "user for all but who blocks #rooks",
                "public for all but who blocks #rooks",
                "hashtag rooks for all but who blocks #rooks",
                "user the last",
                "public the last",
            ],
            await TextsAsync(carol, 8)
        );
    }

    [Fact]
    public async Task Lists_of_media_have_posts_with_media_and_those_of_other_servers_none()
    {
        using var bob = await OpenAsync(_world.Bob);
        foreach (
            var stream in (string[])
                ["public:media", "public:local:media", "public:remote", "public:remote:media"]
        )
        {
            await bob.SubscribeAsync(stream, Stop);
        }

        await PostAsync(_world.Alice, "no picture");
        var picture = await MediaClient.UploadAsync(
            _world.Server.Http,
            _world.Alice.Token,
            SamplePictures.Png(),
            Stop
        );
        (await _world.Alice.PostAsync("a picture", Stop, media: [picture.Id])).Require(201);

        Assert.Equal(
            ["public:media a picture", "public:local:media a picture"],
            await TextsAsync(bob, 2)
        );
        await bob.SubscribeAsync("user", Stop);
    }

    [Theory]
    [InlineData("""{"type":"subscribe","stream":"hashtag"}""", "tag is missing")]
    [InlineData("""{"type":"subscribe","stream":"hashtag","tag":"no tag"}""", "A hashtag is")]
    [InlineData("""{"type":"subscribe","stream":"list","list":"12"}""", "no lists")]
    [InlineData("""{"type":"subscribe","stream":"direct"}""", "no conversations")]
    [InlineData("""{"type":"subscribe","stream":"unheard of"}""", "stream must be")]
    [InlineData("""{"type":"subscribe"}""", "stream is missing")]
    [InlineData("""{"type":"subscribe","stream":{"a":1}}""", "stream is missing")]
    [InlineData("""{"type":["subscribe",7],"stream":"user"}""", "type must be")]
    [InlineData("""{"stream":"user"}""", "type must be")]
    [InlineData("""[{"type":"subscribe","stream":"user"}]""", "one JSON object")]
    [InlineData("""{"type":"subscribe","type":"subscribe","stream":"user"}""", "one JSON object")]
    [InlineData("{", "one JSON object")]
    [InlineData("null", "one JSON object")]
    [InlineData("  ", "one JSON object")]
    [InlineData("""{"type":"subscribe","stream":"\ud83d"}""", "one JSON object")]
    public async Task What_is_wrong_is_said_and_the_socket_goes_on(string message, string error)
    {
        using var bob = await OpenAsync(_world.Bob);
        await bob.SayAsync(message, Stop);
        // One without anything is no message.
        await bob.SayAsync("", Stop);
        var answer = (await bob.TakeAsync(1, Stop))[0];
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
        Assert.Equal(400, answer.Json.GetProperty("status").GetInt32());

        await bob.SubscribeAsync("user", Stop);
        await PostAsync(_world.Alice, "hello");
        Assert.Equal(["user hello"], await TextsAsync(bob, 1));
    }

    [Theory]
    [InlineData("stream=hashtag", "tag is missing")]
    [InlineData("stream=list&list=1", "no lists")]
    [InlineData("stream=%ff", null)]
    [InlineData("stream=user&stream=unheard", "stream must be")]
    public async Task What_is_wrong_with_the_address_is_said_on_the_socket(
        string query,
        string? error
    )
    {
        using var bob = await OpenAsync(_world.Bob, query);
        if (error is not null)
        {
            Assert.Contains(
                error,
                (await bob.TakeAsync(1, Stop))[0].Error!,
                StringComparison.Ordinal
            );
        }

        await bob.SubscribeAsync("user", Stop);
    }

    [Fact]
    public async Task A_socket_has_so_many_lists_and_an_account_so_many_streams_of_both_kinds()
    {
        using var bob = await OpenAsync(_world.Bob);
        for (var i = 0; i < 8; i++)
        {
            await bob.SubscribeAsync("hashtag", Stop, $$""","tag":"t{{i}}" """);
        }

        await bob.SayAsync("""{"type":"subscribe","stream":"user"}""", Stop);
        Assert.Contains(
            "8 subscriptions",
            (await bob.TakeAsync(1, Stop))[0].Error,
            StringComparison.Ordinal
        );

        using var second = await OpenAsync(_world.Bob);
        using var third = await EventStream.OpenAsync(
            _world.Server.Http,
            "user",
            _world.Bob.Token,
            Stop
        );
        using var fourth = await OpenAsync(_world.Bob);
        await RefuseAsync(
            429,
            "",
            options => options.SetRequestHeader("Authorization", $"Bearer {_world.Bob.Token}")
        );
        using var carols = await OpenAsync(_world.Carol);
        await second.CloseAsync(Stop);
        await Wait.UntilAsync(
            async () =>
            {
                using var again = new SocketStream();
                again.Options.SetRequestHeader("Authorization", $"Bearer {_world.Bob.Token}");
                try
                {
                    await again.ConnectAsync(_world.Server.Http, Stop);
                    return true;
                }
                catch (WebSocketException)
                {
                    return false;
                }
            },
            () => "the place of a socket that was closed is free",
            Stop
        );
    }

    [Fact]
    public async Task Tokens_that_end_end_their_sockets_within_seconds_and_no_others()
    {
        using var bob = await OpenAsync(_world.Bob, "stream=user");
        using var quiet = await OpenAsync(_world.Carol);
        var again = (await _world.Bob.LogInAsync(_world.Server.Http, Stop)).Again!;
        using var others = await SocketStream.OpenAsync(
            _world.Server.Http,
            null,
            Stop,
            "stream=user",
            options => options.AddSubProtocol(again.Token)
        );
        using var star = await OpenAsync(_world.Star, "stream=user");
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(5));
        (await _world.Bob.LogOutAsync(Stop)).Require(200);
        await _world.SuspendAsync(_world.Carol.Id, Stop);
        (await _world.Star.DeleteAccountAsync(Stop)).Require(200);

        foreach (var ended in (SocketStream[])[bob, quiet, star])
        {
            Assert.Null(await ended.NextAsync(soon.Token));
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, ended.CloseStatus);
            Assert.Equal("token", ended.CloseReason);
        }

        var post = await PostAsync(_world.Alice, "hello");
        Assert.Equal(post, (await others.TakeAsync(1, soon.Token))[0].Event.Post);
    }

    [Fact]
    public async Task Who_names_the_last_event_that_he_has_is_sent_what_came_since_and_then_what_comes()
    {
        using var first = await OpenAsync(_world.Bob, "stream=user&last_event_id=");
        var at = (await first.TakeAsync(1, Stop))[0];
        Assert.Equal("at", at.Name);
        var (seen, gone) = (
            await PostAsync(_world.Alice, "seen"),
            await PostAsync(_world.Alice, "seen and gone")
        );
        var last = (await first.TakeAsync(2, Stop))[1].Id;
        await first.CloseAsync(Stop);
        var missed = await PostAsync(_world.Alice, "missed");
        (await _world.Alice.DeleteAsync(gone, Stop)).Require(200);

        using var again = await OpenAsync(_world.Bob);
        await again.SayAsync(
            $$"""{"type":"subscribe","stream":"user","last_event_id":"{{last}}"}""",
            Stop
        );
        var sent = await again.TakeAsync(4, Stop);
        var live = await PostAsync(_world.Alice, "live");
        sent.AddRange(await again.TakeAsync(1, Stop));
        Assert.Equal(
            ["at", "delete", "update", "at", "update"],
            sent.Select(message => message.Name)
        );
        Assert.Equal(gone, sent[1].Event.Post);
        Assert.Equal(missed, sent[2].Event.Post);
        Assert.Equal(live, sent[4].Event.Post);

        using var from = await OpenAsync(_world.Bob, $"stream=user&last_event_id={at.Id}");
        Assert.Equal(
            [seen, missed, live],
            (await from.TakeAsync(4, Stop)).Skip(1).Select(message => message.Event.Post)
        );
        using var strange = await OpenAsync(_world.Bob, "stream=user&last_event_id=nonsense");
        Assert.Equal(
            ["at", "gap", "gap", "gap", "at"],
            (await strange.TakeAsync(5, Stop)).Select(message => message.Name)
        );
    }

    [Fact]
    public async Task Many_writers_and_each_socket_has_each_post_once_in_order_on_each_list()
    {
        const int Posts = 40;
        var sockets = new List<SocketStream>();
        for (var i = 0; i < 6; i++)
        {
            var person = i % 2 == 0 ? _world.Bob : _world.Carol;
            sockets.Add(await OpenAsync(person, "stream=user"));
            await sockets[i].SubscribeAsync("public", Stop);
        }

        var posted = await Task.WhenAll(
            Enumerable
                .Range(0, Posts)
                .Select(i => PostAsync(i % 2 == 0 ? _world.Alice : _world.Star, $"number {i}"))
        );
        foreach (var socket in sockets)
        {
            var sent = await socket.TakeAsync(2 * Posts, Stop);
            foreach (var stream in (string[])["user", "public"])
            {
                Assert.Equal(
                    posted.Order(),
                    sent.Where(message => message.Stream == stream)
                        .Select(message => message.Event.Post)
                );
            }

            socket.Dispose();
        }
    }

    private Task<SocketStream> OpenAsync(ClassicClient person, string query = "") =>
        SocketStream.OpenAsync(_world.Server.Http, person.Token, Stop, query);

    private async Task RefuseAsync(
        int status,
        string query,
        Action<ClientWebSocketOptions>? say = null
    )
    {
        using var socket = new SocketStream();
        say?.Invoke(socket.Options);
        await Assert.ThrowsAsync<WebSocketException>(() =>
            socket.ConnectAsync(_world.Server.Http, Stop, query)
        );
        Assert.Equal(status, socket.Status);
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) => new((await author.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));

    private static async Task<List<string>> TextsAsync(SocketStream socket, int count) =>
        [
            .. (await socket.TakeAsync(count, Stop)).Select(message =>
                $"{message.Stream} {Streams.TextOf(message.Event)}"
            ),
        ];
}
