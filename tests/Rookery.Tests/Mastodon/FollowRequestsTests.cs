using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>Following who wants to be asked first, through the whole of a server.</summary>
public sealed class FollowRequestsTests : IAsyncLifetime
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
        await LockAsync(true);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_follow_of_a_locked_account_waits_for_its_answer()
    {
        var secret = await PostAsync("for followers", Visibility.Followers);
        for (var time = 0; time < 2; time++)
        {
            AssertRelation(await FollowAsync(_bob), "requested");
        }

        AssertRelation(await RelationAsync(_ana, _bob), "requested_by");
        await _world.SettleAsync(Stop);
        Assert.Empty(await HomeAsync(_bob));
        Assert.Equal(
            404,
            (await SendAsync(_bob, "/api/v1/like", new { tweet_id = $"{secret}" })).Status
        );
        Assert.Equal((0L, 0L), await CountsAsync());
        Assert.Equal(["bob"], await AskedAsync());
        Assert.Equal([("follow_request", "bob", 0L)], await ToldAsync(_ana));

        AssertRelation(await AnswerAsync(_bob, "authorize"), "followed_by");
        AssertRelation(await AnswerAsync(_bob, "authorize"), "followed_by");
        AssertRelation(await RelationAsync(_bob, _ana), "following", "showing_reblogs");
        Assert.Equal([secret], await HomeAsync(_bob));
        Assert.Empty(await AskedAsync());
        Assert.Equal([("follow", "bob", 0L)], await ToldAsync(_ana));
        Assert.Equal((1L, 1L), await CountsAsync());
        await VerifyAsync();
    }

    [Fact]
    public async Task Who_is_rejected_or_takes_it_back_waits_no_longer_and_may_ask_again()
    {
        await FollowAsync(_bob);
        AssertRelation(await AnswerAsync(_bob, "reject"));
        AssertRelation(await AnswerAsync(_bob, "reject"));
        Assert.Equal(404, (await SendAsync(_ana, Path(_bob, "authorize"))).Status);
        Assert.Empty(await ToldAsync(_ana));
        AssertRelation(await FollowAsync(_bob), "requested");
        Assert.Single(await ToldAsync(_ana));
        AssertRelation(
            (await SendAsync(_bob, $"/api/v1/accounts/{_ana.Id}/unfollow")).Require(200)
        );
        Assert.Empty(await AskedAsync());
        Assert.Empty(await ToldAsync(_ana));
        Assert.Equal(404, (await SendAsync(_ana, Path(_bob, "authorize"))).Status);
        Assert.Equal(404, (await SendAsync(_ana, "/api/v1/follow_requests/1/reject")).Status);
        await VerifyAsync();
    }

    [Fact]
    public async Task What_stood_before_the_lock_stands_and_a_follower_can_be_removed()
    {
        await LockAsync(false);
        await FollowAsync(_bob);
        await LockAsync(true);
        AssertRelation(await FollowAsync(_bob), "following", "showing_reblogs");
        AssertRelation(
            (await SendAsync(_ana, $"/api/v1/accounts/{_bob.Id}/remove_from_followers")).Require(
                200
            )
        );
        AssertRelation(
            (await SendAsync(_ana, $"/api/v1/accounts/{_bob.Id}/remove_from_followers")).Require(
                200
            )
        );
        Assert.Equal(
            403,
            (await SendAsync(_ana, $"/api/v1/accounts/{_ana.Id}/remove_from_followers")).Status
        );
        AssertRelation(await FollowAsync(_bob), "requested");
    }

    [Fact]
    public async Task Unlocking_lets_in_who_has_asked()
    {
        await FollowAsync(_bob);
        await FollowAsync(_cem, notify: true);
        await LockAsync(false);
        await _world.SettleAsync(Stop);
        AssertRelation(await RelationAsync(_bob, _ana), "following", "showing_reblogs");
        Assert.Empty(await AskedAsync());
        Assert.Equal(
            [("follow", "cem", 0L), ("follow", "bob", 0L)],
            (await ToldAsync(_ana)).OrderByDescending(one => one.By)
        );
        Assert.Equal(
            0,
            (await LockAsync(true)).GetProperty("source").GetProperty(Count).GetInt32()
        );
        await VerifyAsync();
    }

    [Fact]
    public async Task A_bell_that_is_rung_with_the_request_rings_from_the_answer_on()
    {
        AssertRelation(await FollowAsync(_bob, notify: true), "requested", "notifying");
        await PostAsync("before");
        Assert.Empty(await ToldAsync(_bob));
        await AnswerAsync(_bob, "authorize");
        AssertRelation(
            await RelationAsync(_bob, _ana),
            "following",
            "showing_reblogs",
            "notifying"
        );
        await _world.SettleAsync(Stop);
        var post = await PostAsync("after");
        Assert.Equal([("status", "ana", post.Value)], await ToldAsync(_bob));

        await FollowAsync(_cem, notify: true);
        await AnswerAsync(_cem, "reject");
        await _world.SettleAsync(Stop);
        await FollowAsync(_cem);
        await AnswerAsync(_cem, "authorize");
        await PostAsync("later");
        Assert.Empty(await ToldAsync(_cem));
        await VerifyAsync();
    }

    [Fact]
    public async Task A_block_a_deletion_and_a_suspension_end_what_was_asked()
    {
        await FollowAsync(_bob);
        await FollowAsync(_cem);
        await _ana.RelateAsync("block", _bob.Id, Stop);
        Assert.Equal(["cem"], await AskedAsync());
        Assert.Equal(404, (await SendAsync(_ana, Path(_bob, "authorize"))).Status);
        Assert.Equal(403, (await SendAsync(_bob, $"/api/v1/accounts/{_ana.Id}/follow")).Status);
        await _world.SuspendAsync(_cem.Id, Stop);
        Assert.Empty(await AskedAsync());
        Assert.Equal(404, (await SendAsync(_ana, Path(_cem, "authorize"))).Status);
        Assert.Empty(await ToldAsync(_ana));
        Assert.Equal(
            0,
            (await LockAsync(true)).GetProperty("source").GetProperty(Count).GetInt32()
        );

        var dan = await _world.SignUpAsync("dan", Stop);
        await FollowAsync(dan);
        Assert.Equal(
            1,
            (await LockAsync(true)).GetProperty("source").GetProperty(Count).GetInt32()
        );
        (await dan.DeleteAccountAsync(Stop)).Require(200);
        Assert.Empty(await AskedAsync());
        await _world.SettleAsync(Stop);
        Assert.Equal(
            0,
            (await LockAsync(true)).GetProperty("source").GetProperty(Count).GetInt32()
        );
        await VerifyAsync();
    }

    [Fact]
    public async Task The_service_api_and_the_client_api_ask_too()
    {
        (await _world.Server.Service.FollowAsync(_bob.Id, _ana.Id, Stop)).Require(200);
        Assert.Equal(["bob"], await AskedAsync());
        var asked = (await _cem.RelateAsync("follow", _ana.Id, Stop)).Require(200).Json;
        Assert.Equal(
            (false, true),
            (
                asked.GetProperty("following").GetBoolean(),
                asked.GetProperty("requested").GetBoolean()
            )
        );
        Assert.Equal(["cem", "bob"], await AskedAsync());
        (await _world.Server.Service.UnfollowAsync(_bob.Id, _ana.Id, Stop)).Require(200);
        Assert.Equal(["cem"], await AskedAsync());
    }

    [Fact]
    public async Task Requests_are_paged_by_links_and_are_the_callers_alone()
    {
        var names = new List<string>();
        foreach (var name in (string[])["k_a", "k_b", "k_c", "k_d", "k_e"])
        {
            await FollowAsync(await _world.SignUpAsync(name, Stop));
            names.Add(name);
        }

        var seen = new List<string>();
        var path = "/api/v1/follow_requests?limit=2";
        for (var pages = 0; path is not null && pages < 9; pages++)
        {
            var page = (await GetAsync(_ana, path)).Require(200);
            seen.AddRange(Names(page));
            path = page.Headers.TryGetValue("Link", out var link) ? Next(link) : null;
        }

        names.Reverse();
        Assert.Equal(names, seen);
        Assert.Empty(Names((await GetAsync(_bob, "/api/v1/follow_requests")).Require(200)));
        using var response = await _world.Server.Http.GetAsync("/api/v1/follow_requests", Stop);
        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Of_answers_at_once_one_counts()
    {
        for (var time = 0; time < 5; time++)
        {
            var fan = await _world.SignUpAsync($"fan_{(char)('a' + time)}x", Stop);
            await FollowAsync(fan);
            var all = await Task.WhenAll([
                SendAsync(_ana, Path(fan, "authorize")),
                SendAsync(_ana, Path(fan, "authorize")),
                SendAsync(_ana, Path(fan, "reject")),
                SendAsync(fan, $"/api/v1/accounts/{_ana.Id}/unfollow"),
            ]);
            Assert.All(all, one => Assert.True(one.Status is 200 or 404, $"{one.Status}"));
            var relation = await RelationAsync(fan, _ana);
            Assert.False(relation.GetProperty("requested").GetBoolean());
        }

        await _world.SettleAsync(Stop);
        Assert.Empty(await AskedAsync());
        await VerifyAsync();
    }

    [Fact]
    public async Task Whether_an_account_is_locked_takes_no_read_more()
    {
        var ports = new CountedPorts();
        await using var world = await World.EmptyAsync(Stop, ports: ports);
        var service = world.Server.Service;
        var (open, locked) = (
            await world.SignUpAsync("open", Stop),
            await world.SignUpAsync("shut", Stop)
        );
        (await locked.EditProfileAsync(new { locked = true }, Stop)).Require(200);
        var fan = await service.CreateUserAsync("Fan", Stop);
        foreach (var other in new[] { open.Id, locked.Id })
        {
            // Their cards are in memory from now on, and what was counted makes them old.
            (await service.FollowAsync(fan, other, Stop)).Require(200);
            (await service.UnfollowAsync(fan, other, Stop)).Require(200);
        }

        await world.SettleAsync(Stop);
        Assert.Equal(
            [nameof(IGraphStore.CountFolloweesAsync), nameof(IGraphStore.FollowAsync)],
            await CallsAsync(open.Id)
        );
        Assert.Equal(
            [nameof(IGraphStore.CountFolloweesAsync), nameof(IGraphStore.RequestAsync)],
            await CallsAsync(locked.Id)
        );

        async Task<IEnumerable<string>> CallsAsync(AccountId other)
        {
            var before = ports.Calls.Count;
            (await service.FollowAsync(fan, other, Stop)).Require(200);
            // Others count and tell of it behind the answer.
            return ports
                .Calls.Skip(before)
                .Where(call =>
                    call == nameof(IAccountStore.CardsAsync)
                    || (
                        call != nameof(IGraphStore.BetweenAsync)
                        && typeof(IGraphStore).GetMethod(call) is not null
                    )
                );
        }
    }

    private const string Count = "follow_requests_count";

    private static string Path(ClassicClient who, string answer) =>
        $"/api/v1/follow_requests/{who.Id}/{answer}";

    private static string? Next(string link) =>
        link.Split(", ")
            .FirstOrDefault(one => one.EndsWith("rel=\"next\"", StringComparison.Ordinal))
            is { } next
            ? new Uri(next[1..next.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery
            : null;

    /// <summary>Those that are true; all others are false.</summary>
    private static void AssertRelation(JsonElement relation, params string[] expected)
    {
        Assert.Empty(MastodonShape.WrongWith(relation, "Relationship"));
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            relation
                .EnumerateObject()
                .Where(field => field.Value.ValueKind == JsonValueKind.True)
                .Select(field => field.Name)
                .Order(StringComparer.Ordinal)
        );
    }

    private static void AssertRelation(Answer answer, params string[] expected) =>
        AssertRelation(answer.Json, expected);

    private NotifiedClient Client(ClassicClient person) => new(_world.Server.Http, person.Token);

    private Task<Answer> GetAsync(ClassicClient person, string path) =>
        Client(person).GetAsync(path, Stop);

    private Task<Answer> SendAsync(ClassicClient person, string path, object? body = null) =>
        Client(person).PostAsync(path, Stop, body);

    private async Task<JsonElement> FollowAsync(ClassicClient fan, bool? notify = null) =>
        (
            await SendAsync(
                fan,
                $"/api/v1/accounts/{_ana.Id}/follow",
                notify is null ? null : new { notify }
            )
        )
            .Require(200)
            .Json;

    private async Task<JsonElement> AnswerAsync(ClassicClient fan, string answer) =>
        (await SendAsync(_ana, Path(fan, answer))).Require(200).Json;

    private async Task<JsonElement> RelationAsync(ClassicClient viewer, ClassicClient other) =>
        (await GetAsync(viewer, $"/api/v1/accounts/relationships?id[]={other.Id}"))
            .Require(200)
            .Json[0];

    private async Task<IReadOnlyList<string>> AskedAsync() =>
        Names((await GetAsync(_ana, "/api/v1/follow_requests")).Require(200));

    private static IReadOnlyList<string> Names(Answer answer) =>
        [
            .. answer
                .Json.EnumerateArray()
                .Select(account => account.GetProperty("username").GetString()!),
        ];

    /// <summary>The account as its owner sees it.</summary>
    private async Task<JsonElement> LockAsync(bool locked)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Patch,
            "/api/v1/accounts/update_credentials"
        )
        {
            Content = new FormUrlEncodedContent([new("locked", locked ? "true" : "false")]),
        };
        request.Headers.Authorization = new("Bearer", _ana.Token);
        using var response = await _world.Server.Http.SendAsync(request, Stop);
        Assert.True(response.IsSuccessStatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));
        var account = document.RootElement.Clone();
        Assert.Empty(MastodonShape.WrongWith(account, "Account"));
        Assert.Equal(locked, account.GetProperty("locked").GetBoolean());
        return account;
    }

    private async Task<IReadOnlyList<(string Type, string By, long Post)>> ToldAsync(
        ClassicClient person
    )
    {
        await _world.SettleAsync(Stop);
        return await Client(person).ToldAsync(Stop);
    }

    private async Task<PostId> PostAsync(string text, Visibility visibility = Visibility.Public) =>
        new((await _ana.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));

    private static async Task<IReadOnlyList<PostId>> HomeAsync(ClassicClient person) =>
        [.. (await person.HomeAsync(new Page(Page.DefaultCount), Stop)).Select(one => one.Id)];

    private async Task<(long Followers, long Following)> CountsAsync()
    {
        await _world.SettleAsync(Stop);
        return (
            (await GetAsync(_bob, $"/api/v1/accounts/{_ana.Id}"))
                .Require(200)
                .Json.GetProperty("followers_count")
                .GetInt64(),
            (await GetAsync(_ana, $"/api/v1/accounts/{_bob.Id}"))
                .Require(200)
                .Json.GetProperty("following_count")
                .GetInt64()
        );
    }

    private async Task VerifyAsync()
    {
        await _world.SettleAsync(Stop);
        foreach (var check in _world.Server.Services.GetServices<ICheck>())
        {
            var report = await check.RunAsync(repair: false, Stop);
            Assert.True(report.Different == 0, report.ToString());
        }
    }
}
