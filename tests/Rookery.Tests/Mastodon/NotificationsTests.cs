using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>Notifications as Mastodon's clients ask for them: lists, pages, groups, markers.</summary>
public sealed class NotificationsTests : IAsyncLifetime
{
    private const string Lists = "/api/v1/notifications";
    private const string Groups = "/api/v2/notifications";

    private World _world = null!;
    private ClassicClient _me = null!;
    private NotifiedClient _client = null!;
    private PostId _mine;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _me = await _world.SignUpAsync("rhea", Stop);
        _client = new NotifiedClient(_world.Server.Http, _me.Token);
        _mine = new PostId((await _me.PostAsync("mine", Stop)).Require(201).Id("tweet_id"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_list_has_the_types_that_were_asked_for_and_one_accounts_alone()
    {
        var (ana, bob) = (await LikeAsync("ana"), await LikeAsync("bob"));
        await ana.RelateAsync("follow", _me.Id, Stop);
        await bob.PostAsync("@rhea", Stop);
        await _world.SettleAsync(Stop);
        Assert.Equal(["mention", "follow", "favourite", "favourite"], await TypesAsync(""));
        Assert.Equal(["favourite", "favourite"], await TypesAsync("types[]=favourite"));
        Assert.Equal(
            ["mention", "follow"],
            await TypesAsync("types[]=mention&types[]=follow&types[]=poll")
        );
        Assert.Equal(["mention", "follow"], await TypesAsync("exclude_types[]=favourite"));
        Assert.Equal(["mention"], await TypesAsync("types[]=mention&exclude_types=follow"));
        Assert.Empty(await TypesAsync("types[]=poll"));
        Assert.Equal(["follow", "favourite"], await TypesAsync($"account_id={ana.Id}"));
        Assert.Empty(await TypesAsync("account_id=77"));
        Assert.Equal(4, (await TypesAsync("limit=0")).Count);
        Assert.Equal(4, (await TypesAsync("limit=9999&max_id=abc&account_id=")).Count);
    }

    [Theory]
    [InlineData(Lists, "limit=2")]
    [InlineData(Lists, "limit=3&types[]=favourite")]
    [InlineData(Groups, "limit=2&grouped_types[]=follow")]
    public async Task Whoever_follows_the_links_sees_all_of_it_once_both_ways(
        string path,
        string query
    )
    {
        foreach (var name in (string[])["ana", "bob", "cem", "dor", "eve"])
        {
            await (await LikeAsync(name)).RelateAsync("follow", _me.Id, Stop);
        }

        await _world.SettleAsync(Stop);
        var all = await IdsOfAsync(
            $"{path}?{query.Replace("limit", "no", StringComparison.Ordinal)}"
        );
        Assert.True(all.Count >= 5);
        var (down, last) = await WalkAsync($"{path}?{query}", "next");
        Assert.Equal(all, down);
        // Back up from the last page, page by page.
        var (up, _) = await WalkAsync(last, "prev");
        Assert.Equal(all.Order(), up.Order());
    }

    [Fact]
    public async Task One_is_found_and_dismissed_by_its_owner_alone()
    {
        var ana = await LikeAsync("ana");
        await _world.SettleAsync(Stop);
        var id = (await _client.ListAsync(Stop))[0].GetProperty("id").GetString();
        var others = new NotifiedClient(_world.Server.Http, ana.Token);
        (await others.GetAsync($"{Lists}/{id}", Stop)).Require(404);
        (await others.PostAsync($"{Lists}/{id}/dismiss", Stop)).Require(404);
        (await _client.GetAsync($"{Lists}/{id}", Stop)).Require(200);
        (await _client.GetAsync($"{Lists}/4242", Stop)).Require(404);
        (await _client.PostAsync($"{Lists}/{id}/dismiss", Stop)).Require(200);
        (await _client.PostAsync($"{Lists}/{id}/dismiss", Stop)).Require(200);
        (await _client.GetAsync($"{Lists}/{id}", Stop)).Require(404);
        Assert.Empty(await _client.ListAsync(Stop));
        await ana.RelateAsync("follow", _me.Id, Stop);
        await _world.SettleAsync(Stop);
        Assert.Equal(
            "{}",
            (await _client.PostAsync($"{Lists}/clear", Stop)).Require(200).Json.ToString()
        );
        Assert.Empty(await _client.ListAsync(Stop));
        (await new NotifiedClient(_world.Server.Http, "nobody's").GetAsync(Lists, Stop)).Require(
            401
        );
    }

    [Fact]
    public async Task What_is_alike_is_one_group_that_counts_all_and_names_the_last()
    {
        var names = Enumerable.Range(0, 10).Select(i => $"fan_{(char)('a' + i)}").ToList();
        foreach (var name in names)
        {
            await LikeAsync(name);
        }

        var bob = await _world.SignUpAsync("bob", Stop);
        await bob.PostAsync("@rhea", Stop);
        await bob.PostAsync("@rhea again", Stop);
        await _world.SettleAsync(Stop);
        var groups = await _client.GroupsAsync(Stop);
        Assert.Equal(["mention", "mention", "favourite"], groups.Select(TypeOf));
        var likes = groups[2];
        Assert.Equal(10, likes.GetProperty("notifications_count").GetInt32());
        Assert.Equal($"{_mine}", likes.GetProperty("status_id").GetString());
        Assert.Equal(8, likes.GetProperty("sample_account_ids").GetArrayLength());
        Assert.StartsWith("ungrouped-", KeyOf(groups[0]), StringComparison.Ordinal);
        Assert.Equal(12, (await _client.GroupsAsync(Stop, "grouped_types[]=none")).Count);

        var key = KeyOf(likes);
        var newest = (await _client.ListAsync(Stop, "types[]=favourite"))[0];
        Assert.Equal(key, KeyOf(newest));
        Assert.Equal(
            newest.GetProperty("id").GetString(),
            $"{likes.GetProperty("most_recent_notification_id").GetInt64()}"
        );
        var one = (await _client.GetAsync($"{Groups}/{key}", Stop)).Require(200).Json;
        Assert.Empty(MastodonShape.WrongWith(one, "GroupedNotifications"));
        var accounts = (await _client.GetAsync($"{Groups}/{key}/accounts?limit=4", Stop)).Require(
            200
        );
        Assert.Equal(
            names.AsEnumerable().Reverse().Take(4),
            accounts.Json.EnumerateArray().Select(who => who.GetProperty("username").GetString())
        );
        Assert.Contains("max_id=", accounts.Headers["Link"], StringComparison.Ordinal);
        (await _client.PostAsync($"{Groups}/{key}/dismiss", Stop)).Require(200);
        Assert.Equal(["mention", "mention"], (await _client.GroupsAsync(Stop)).Select(TypeOf));
        (await _client.GetAsync($"{Groups}/{key}", Stop)).Require(404);
        (await _client.GetAsync($"{Groups}/no-key", Stop)).Require(422);
    }

    [Fact]
    public async Task Of_a_group_whom_one_does_not_see_is_not_counted_and_partial_accounts_are_small()
    {
        var people = new List<ClassicClient>();
        foreach (var name in (string[])["ana", "bob", "cem"])
        {
            people.Add(await LikeAsync(name));
        }

        await _world.SettleAsync(Stop);
        var query = $"{Groups}?expand_accounts=partial_avatars";
        var answer = (await _client.GetAsync(query, Stop)).Require(200).Json;
        Assert.Empty(MastodonShape.WrongWith(answer, "GroupedNotifications"));
        Assert.Equal("cem", Assert.Single(Names(answer, "accounts")));
        Assert.Equal(["bob", "ana"], Names(answer, "partial_accounts", "acct"));

        await _me.RelateAsync("mute", people[2].Id, Stop);
        var group = Assert.Single(await _client.GroupsAsync(Stop));
        Assert.Equal(2, group.GetProperty("notifications_count").GetInt32());
        await _world.SuspendAsync(people[1].Id, Stop);
        group = Assert.Single(await _client.GroupsAsync(Stop));
        Assert.Equal(1, group.GetProperty("notifications_count").GetInt32());
        await _me.DeleteAsync(_mine, Stop);
        Assert.Empty(await _client.GroupsAsync(Stop));
    }

    [Fact]
    public async Task What_is_newer_than_the_marker_is_unread()
    {
        await LikeAsync("ana");
        await LikeAsync("bob");
        await _world.SettleAsync(Stop);
        Assert.Equal(2, await _client.UnreadAsync(Stop));
        Assert.Equal(1, await CountAsync($"{Groups}/unread_count"));
        Assert.Equal(1, await CountAsync($"{Lists}/unread_count?limit=1"));
        Assert.Equal(0, await CountAsync($"{Lists}/unread_count?types[]=follow"));
        var ids = await IdsOfAsync(Lists);
        await MarkAsync(new { notifications = new { last_read_id = $"{ids[1]}" } });
        Assert.Equal(1, await _client.UnreadAsync(Stop));
        await MarkAsync(new { notifications = new { last_read_id = $"{ids[0]}" } });
        Assert.Equal(0, await _client.UnreadAsync(Stop));
        Assert.Equal(0, await CountAsync($"{Groups}/unread_count"));
    }

    [Fact]
    public async Task Markers_are_kept_with_their_versions_whatever_the_body_is()
    {
        Assert.Equal("{}", (await _client.GetAsync("/api/v1/markers", Stop)).Json.ToString());
        var none = await MarkersAsync("timeline[]=home&timeline[]=notifications");
        Assert.Equal(
            "0",
            none.GetProperty("notifications").GetProperty("last_read_id").GetString()
        );
        Assert.False(none.TryGetProperty("home", out _));

        var set = await MarkAsync(
            new { home = new { last_read_id = "12" }, notifications = new { last_read_id = "7" } }
        );
        Assert.Equal(1, set.GetProperty("home").GetProperty("version").GetInt32());
        using var form = new HttpRequestMessage(HttpMethod.Post, "/api/v1/markers")
        {
            Content = new FormUrlEncodedContent([new("home[last_read_id]", "13")]),
        };
        form.Headers.Authorization = new("Bearer", _me.Token);
        using var answer = await _world.Server.Http.SendAsync(form, Stop);
        Assert.Equal(200, (int)answer.StatusCode);
        var both = await MarkersAsync("timeline[]=home&timeline[]=notifications");
        var home = both.GetProperty("home");
        Assert.Empty(MastodonShape.WrongWith(home, "Marker"));
        Assert.Equal(
            ("13", 2),
            (home.GetProperty("last_read_id").GetString(), home.GetProperty("version").GetInt32())
        );
        Assert.Equal(1, both.GetProperty("notifications").GetProperty("version").GetInt32());
        (
            await _client.PostAsync(
                "/api/v1/markers",
                Stop,
                new { home = new { last_read_id = "x" } }
            )
        ).Require(422);
    }

    [Fact]
    public async Task Of_two_who_set_a_marker_at_once_one_is_told_so()
    {
        var race = new RacingStore(_world.Server.Services.GetRequiredService<IReaderStore>());
        var marks = new Dictionary<MarkedTimeline, long> { [MarkedTimeline.Home] = 5 };
        race.Meanwhile = () => new KeepMarkers(race).HandleAsync(_me.Id, marks, Stop);
        var lost = await new KeepMarkers(race).HandleAsync(_me.Id, marks, Stop);
        Assert.Equal(ProblemKind.Conflict, lost.Problem!.Kind);
        Assert.Equal(1, Assert.Single(await race.MarkersAsync(_me.Id, Stop)).Version);
    }

    [Fact]
    public async Task Who_follows_says_whether_to_be_told()
    {
        var bob = await _world.SignUpAsync("bob", Stop);
        Assert.False(await FollowAsync(bob.Id, null));
        Assert.True(await FollowAsync(bob.Id, new { notify = true }));
        Assert.True(await FollowAsync(bob.Id, new { reblogs = true }));
        var relations = (
            await _client.GetAsync($"/api/v1/accounts/relationships?id[]={bob.Id}", Stop)
        ).Require(200);
        Assert.True(relations.Json[0].GetProperty("notifying").GetBoolean());
        Assert.False(await FollowAsync(bob.Id, new { notify = "false" }));
        Assert.True(await FollowAsync(bob.Id, new { notify = true }));
        var ended = await _client.PostAsync($"/api/v1/accounts/{bob.Id}/unfollow", Stop);
        Assert.False(ended.Require(200).Json.GetProperty("notifying").GetBoolean());
        Assert.False(ended.Json.GetProperty("following").GetBoolean());

        (await _client.PostAsync($"/api/v1/accounts/{_me.Id}/follow", Stop)).Require(403);
        (await _client.PostAsync($"/api/v1/accounts/{_me.Id}/unfollow", Stop)).Require(403);
        (await _client.PostAsync("/api/v1/accounts/4242/follow", Stop)).Require(404);
        await bob.RelateAsync("block", _me.Id, Stop);
        (await _client.PostAsync($"/api/v1/accounts/{bob.Id}/follow", Stop)).Require(403);
    }

    private async Task<ClassicClient> LikeAsync(string name)
    {
        var fan = await _world.SignUpAsync(name, Stop);
        (await fan.MarkAsync("like", _mine, Stop)).Require(200);
        return fan;
    }

    private async Task<bool> FollowAsync(AccountId other, object? body)
    {
        var answer = await _client.PostAsync($"/api/v1/accounts/{other}/follow", Stop, body);
        Assert.Empty(MastodonShape.WrongWith(answer.Require(200).Json, "Relationship"));
        Assert.True(answer.Json.GetProperty("following").GetBoolean());
        return answer.Json.GetProperty("notifying").GetBoolean();
    }

    private async Task<List<string>> TypesAsync(string query) =>
        [.. (await _client.ListAsync(Stop, query)).Select(TypeOf)];

    private async Task<int> CountAsync(string path) =>
        (await _client.GetAsync(path, Stop)).Require(200).Json.GetProperty("count").GetInt32();

    private async Task<JsonElement> MarkAsync(object body) =>
        (await _client.PostAsync("/api/v1/markers", Stop, body)).Require(200).Json;

    private async Task<JsonElement> MarkersAsync(string query) =>
        (await _client.GetAsync($"/api/v1/markers?{query}", Stop)).Require(200).Json;

    /// <summary>Of notifications, or of the newest of each group.</summary>
    private async Task<List<long>> IdsOfAsync(string path) =>
        IdsIn((await _client.GetAsync(path, Stop)).Require(200).Json);

    private static List<long> IdsIn(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Array
            ? [.. answer.EnumerateArray().Select(one => Answer.IdOf(one.GetProperty("id")))]
            :
            [
                .. answer
                    .GetProperty("notification_groups")
                    .EnumerateArray()
                    .Select(one => one.GetProperty("most_recent_notification_id").GetInt64()),
            ];

    /// <summary>All ids, page by page, and the path of the last page that had any.</summary>
    private async Task<(List<long> Ids, string Last)> WalkAsync(string path, string direction)
    {
        var (all, last) = (new List<long>(), path);
        for (string? next = path; next is not null; )
        {
            var answer = (await _client.GetAsync(next, Stop)).Require(200);
            var ids = IdsIn(answer.Json);
            last = ids.Count > 0 ? next : last;
            all.AddRange(ids);
            next =
                ids.Count > 0
                && answer.Headers.TryGetValue("Link", out var link)
                && LinkOf(direction).Match(link) is { Success: true } found
                    ? new Uri(found.Groups["url"].Value).PathAndQuery
                    : null;
        }

        return (all, last);
    }

    private static Regex LinkOf(string direction) => new($"<(?<url>[^>]*)>; rel=\"{direction}\"");

    private static List<string> Names(JsonElement answer, string list, string name = "username") =>
        [
            .. answer
                .GetProperty(list)
                .EnumerateArray()
                .Select(one => one.GetProperty(name).GetString()!),
        ];

    private static string TypeOf(JsonElement one) => one.GetProperty("type").GetString()!;

    private static string KeyOf(JsonElement one) => one.GetProperty("group_key").GetString()!;

    /// <summary>Something happens between its first reading and the first writing.</summary>
    private sealed class RacingStore(IReaderStore inner) : IReaderStore
    {
        public Func<Task>? Meanwhile { get; set; }

        public async ValueTask<IReadOnlyList<Marker>> MarkersAsync(
            AccountId account,
            CancellationToken token
        )
        {
            var known = await inner.MarkersAsync(account, token);
            var meanwhile = Meanwhile;
            Meanwhile = null;
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            return known;
        }

        public Task<IReadOnlyList<Marker>?> MarkAsync(
            AccountId account,
            IReadOnlyList<Marker> known,
            CancellationToken token
        ) => inner.MarkAsync(account, known, token);

        public ValueTask<IReadOnlyList<NotificationChoice>> ChoicesAsync(
            AccountId account,
            CancellationToken token
        ) => throw new NotSupportedException();

        public Task ChooseAsync(
            AccountId account,
            IReadOnlyList<NotificationChoice> choices,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<AccountId, ReaderHours>> HoursAsync(
            ReadOnlyMemory<AccountId> readers,
            CancellationToken token
        ) => throw new NotSupportedException();

        public Task KeepHoursAsync(AccountId account, ReaderHours hours, CancellationToken token) =>
            throw new NotSupportedException();

        public Task RemoveAsync(AccountId account, CancellationToken token) =>
            throw new NotSupportedException();
    }
}
