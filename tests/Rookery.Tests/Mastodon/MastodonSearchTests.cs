using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>Searching as Mastodon's clients do.</summary>
public sealed class MastodonSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_text_finds_accounts_statuses_and_hashtags_also_without_a_token()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "alice in #AliceSprings with @bob");
        await world.SettleAsync(Stop);

        var found = await new MastodonClient(world.Server.Http).SearchAsync("q=alice", Stop);

        Assert.Equal(["alice"], found.Usernames);
        Assert.Equal([post], found.Ids);
        Assert.Equal(["alicesprings"], found.Tags);
        var status = found.Statuses[0];
        Assert.Equal(
            world.Bob.Id,
            new AccountId(Answer.IdOf(status.GetProperty("mentions")[0].GetProperty("id")))
        );
        var origin = world.Server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.Equal($"{origin}/@alice/{post}", status.GetProperty("url").GetString());
        Assert.Contains(
            $"<a href=\"{origin}/tags/alicesprings\"",
            status.GetProperty("content").GetString(),
            StringComparison.Ordinal
        );
        Assert.False(status.TryGetProperty("favourited", out _));
    }

    [Fact]
    public async Task A_type_leaves_the_others_empty_and_is_what_is_counted()
    {
        await using var world = await World.CreateAsync(Stop);
        await PostAsync(world.Alice, "alice in #AliceSprings");
        await world.SettleAsync(Stop);
        var client = As(world, world.Bob);

        foreach (var (type, counts) in Types)
        {
            var found = await client.SearchAsync($"q=alice&type={type}", Stop);
            Assert.Equal(
                counts,
                (found.Accounts.Count, found.Statuses.Count, found.Hashtags.Count)
            );
        }
    }

    private static readonly (string Type, (int, int, int) Counts)[] Types =
    [
        ("accounts", (1, 0, 0)),
        ("statuses", (0, 1, 0)),
        ("hashtags", (0, 0, 1)),
        ("collections", (0, 0, 0)),
        ("", (1, 1, 1)),
    ];

    [Fact]
    public async Task A_token_may_stand_in_the_query_and_a_wrong_one_is_refused()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "guillemot", Visibility.Direct);
        var anybody = new MastodonClient(world.Server.Http);

        var token = Uri.EscapeDataString(world.Alice.Token);
        var found = await anybody.SearchAsync($"q=guillemot&access_token={token}", Stop);
        Assert.Equal([post], found.Ids);
        Assert.True(found.Statuses[0].TryGetProperty("favourited", out _));
        Assert.Empty((await anybody.SearchAsync("q=guillemot", Stop)).Ids);
        foreach (
            var wrong in (string[])["x", "%00", "%EF%BF%BE", "%E2%82%AC", new string('x', 300)]
        )
        {
            (await anybody.AskAsync($"q=x&access_token={wrong}", Stop)).Require(401);
        }
    }

    [Fact]
    public async Task What_only_some_may_see_only_they_find_and_it_is_named_as_clients_know()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob, star) = (world.Alice, world.Bob, world.Star);
        var followers = await PostAsync(alice, "guillemot one", Visibility.Followers);
        (await bob.MarkAsync("like", followers, Stop)).Require(200);

        var found = await As(world, alice).SearchAsync("q=guillemot", Stop);
        Assert.Equal([followers], found.Ids);
        Assert.Equal("private", found.Statuses[0].GetProperty("visibility").GetString());
        found = await As(world, bob).SearchAsync("q=guillemot", Stop);
        Assert.Equal([followers], found.Ids);
        Assert.True(found.Statuses[0].GetProperty("favourited").GetBoolean());
        Assert.Empty((await As(world, star).SearchAsync("q=guillemot", Stop)).Ids);
    }

    [Fact]
    public async Task Who_is_blocked_or_muted_is_not_found_and_pages_have_no_gaps()
    {
        await using var world = await World.CreateAsync(Stop);
        var shown = new List<PostId>();
        for (var i = 0; i < 60; i++)
        {
            await PostAsync(i % 2 == 0 ? world.Carol : world.Star, $"fulmar {i}");
            if (i % 3 == 0)
            {
                shown.Insert(0, await PostAsync(world.Alice, $"fulmar {i}"));
            }
        }

        (await world.Bob.RelateAsync("block", world.Carol.Id, Stop)).Require(200);
        (await world.Bob.RelateAsync("mute", world.Star.Id, Stop)).Require(200);
        var client = As(world, world.Bob);

        Assert.Equal(shown, await WalkAsync(client, page => $"&max_id={page[^1]}", false));
        Assert.Equal(shown, await WalkAsync(client, page => $"&min_id={page[0]}", true));
        var (newest, oldest) = (shown[3], shown[9]);
        var between = await client.SearchAsync($"q=fulmar&max_id={newest}&min_id={oldest}", Stop);
        Assert.Equal(shown[4..9], between.Ids);
        Assert.DoesNotContain(
            "carol",
            (await client.SearchAsync("q=carol&type=accounts", Stop)).Usernames
        );
        Assert.Contains("star", (await client.SearchAsync("q=star&type=accounts", Stop)).Usernames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+sort:top")]
    public async Task An_offset_goes_on_where_a_page_ended(string sort)
    {
        await using var world = await World.CreateAsync(Stop);
        for (var i = 0; i < 47; i++)
        {
            await PostAsync(world.Alice, $"fulmar #tern{i:00}x");
        }

        await world.SettleAsync(Stop);
        var client = As(world, world.Bob);
        var (posts, tags) = (new HashSet<PostId>(), new List<string>());
        for (var offset = 0; offset < 60; offset += 20)
        {
            var query = $"offset={offset}&limit=20&q=fulmar{sort}";
            var found = await client.SearchAsync($"{query}&type=statuses", Stop);
            Assert.Equal(Math.Min(20, 47 - offset), found.Ids.Count);
            posts.UnionWith(found.Ids);
            found = await client.SearchAsync(
                $"{query[..^(6 + sort.Length)]}tern&type=hashtags",
                Stop
            );
            tags.AddRange(found.Tags);
        }

        Assert.Equal(47, posts.Count);
        Assert.Equal(47, tags.Distinct().Count());
        Assert.Equal(47, tags.Count);
        Assert.Empty((await client.SearchAsync("q=fulmar&type=statuses&offset=47", Stop)).Ids);
        Assert.Empty(
            (await client.SearchAsync("q=fulmar&type=statuses&offset=2147483647", Stop)).Ids
        );
        Assert.Empty(
            (await client.SearchAsync("q=tern&type=hashtags&offset=99999999999", Stop)).Tags
        );
        // Without a type it is not read.
        Assert.Equal(20, (await client.SearchAsync("q=fulmar&offset=47", Stop)).Ids.Count);
    }

    [Fact]
    public async Task Accounts_page_by_offset_and_can_be_those_that_one_follows()
    {
        await using var world = await World.CreateAsync(Stop);
        var client = As(world, world.Bob);
        await world.SettleAsync(Stop);

        var fans = new List<string>();
        for (var offset = 0; offset < 20; offset += 5)
        {
            var page = $"q=fan&type=accounts&limit=5&offset={offset}";
            fans.AddRange((await client.SearchAsync(page, Stop)).Usernames);
        }

        Assert.Equal(World.Fans, fans.Count);
        Assert.Equal(World.Fans, fans.Distinct().Count());
        Assert.Empty((await client.SearchAsync("q=fan&following=true", Stop)).Usernames);
        (await world.Bob.RelateAsync("follow", world.Crowd[7], Stop)).Require(200);
        var followed = await client.SearchAsync("q=fan&following=true", Stop);
        Assert.Equal(
            [world.Crowd[7]],
            followed.Accounts.Select(one => new AccountId(Answer.IdOf(one.GetProperty("id"))))
        );
    }

    [Fact]
    public async Task An_account_id_keeps_to_its_statuses()
    {
        await using var world = await World.CreateAsync(Stop);
        var one = await PostAsync(world.Alice, "plover here");
        var two = await PostAsync(world.Alice, "tern there");
        await PostAsync(world.Bob, "plover and tern");
        var client = As(world, world.Carol);

        foreach (
            var (query, found) in new (string, PostId[])[]
            {
                ("plover", [one]),
                ("plover+OR+tern", [two, one]),
                ("-tern", [one]),
                ("%28%28plover", [one]),
                ("from%3Abob+plover", []),
            }
        )
        {
            var page = $"q={query}&type=statuses&account_id={world.Alice.Id}";
            Assert.Equal(found, (await client.SearchAsync(page, Stop)).Ids);
        }

        foreach (var nobody in (string[])["4242424242", "abc", "0", "-1", "99999999999999999999"])
        {
            Assert.Empty((await client.SearchAsync($"q=plover&account_id={nobody}", Stop)).Ids);
        }
    }

    [Fact]
    public async Task An_account_is_found_by_its_name_with_its_server_and_not_with_another()
    {
        await using var world = await World.CreateAsync(Stop);
        await world.SettleAsync(Stop);
        var client = As(world, world.Bob);
        var host = world.Server.Http.BaseAddress!.Authority;
        foreach (var name in (string[])["@alice", $"@alice@{host}", $"alice@{host}", "ALI"])
        {
            var query = $"q={Uri.EscapeDataString(name)}&type=accounts";
            Assert.Equal(["alice"], (await client.SearchAsync(query, Stop)).Usernames);
        }

        Assert.Empty((await client.SearchAsync("q=@alice@elsewhere.example", Stop)).Usernames);
        Assert.Empty((await client.SearchAsync("q=%23alice", Stop)).Usernames);
    }

    [Fact]
    public async Task An_address_of_the_site_is_resolved_to_exactly_what_is_there()
    {
        await using var world = await World.CreateAsync(Stop);
        var open = await PostAsync(world.Alice, "open");
        var secret = await PostAsync(world.Alice, "secret", Visibility.Followers);
        await PostAsync(world.Carol, $"see {world.Server.Http.BaseAddress}@alice/{open}");
        await world.SettleAsync(Stop);
        var client = As(world, world.Star);

        async Task<string> ResolveAsync(MastodonClient by, string path, string more = "")
        {
            var url = Uri.EscapeDataString($"{world.Server.Http.BaseAddress}{path}");
            var found = await by.SearchAsync($"resolve=true&q={url}{more}", Stop);
            Assert.Empty(found.Hashtags);
            return string.Join(' ', [.. found.Usernames, .. found.Ids]);
        }

        Assert.Equal("alice", await ResolveAsync(client, "@alice"));
        Assert.Equal("alice", await ResolveAsync(client, "@Alice/"));
        Assert.Equal($"{open}", await ResolveAsync(client, $"@alice/{open}"));
        Assert.Equal("", await ResolveAsync(client, $"@bob/{open}"));
        Assert.Equal("", await ResolveAsync(client, $"@alice/{secret}"));
        Assert.Equal($"{secret}", await ResolveAsync(As(world, world.Bob), $"@alice/{secret}"));
        Assert.Equal("", await ResolveAsync(client, "@nobody"));
        Assert.Equal("", await ResolveAsync(client, "about"));
        Assert.Equal("", await ResolveAsync(client, "@alice", "&type=statuses"));
        Assert.Equal("", await ResolveAsync(client, "@alice", "&type=accounts&offset=1"));

        // Every address that an answer names leads back to what it was said of.
        var found = await client.SearchAsync("q=alice", Stop);
        var entity = found.Accounts.Single(one =>
            one.GetProperty("username").GetString() == "alice"
        );
        foreach (var name in (string[])["url", "uri"])
        {
            var url = Uri.EscapeDataString(entity.GetProperty(name).GetString()!);
            var there = await client.SearchAsync($"resolve=1&q={url}", Stop);
            Assert.Equal(["alice"], there.Usernames);
        }

        (await world.Star.RelateAsync("block", world.Alice.Id, Stop)).Require(200);
        Assert.Equal("", await ResolveAsync(client, $"@alice/{open}"));
        Assert.Equal("alice", await ResolveAsync(client, "@alice"));
    }

    [Fact]
    public async Task Resolving_and_offsets_need_a_token_and_a_text_is_always_needed()
    {
        await using var world = await World.CreateAsync(Stop);
        var anybody = new MastodonClient(world.Server.Http);
        var client = As(world, world.Bob);

        foreach (var query in (string[])["resolve=true", "offset=1&type=accounts", "offset=x"])
        {
            var refused = (await anybody.AskAsync($"q=alice&{query}", Stop)).Require(401);
            Assert.Contains("token", refused.Json.GetProperty("error").GetString());
            Assert.Equal("*", refused.Headers["Access-Control-Allow-Origin"]);
            (await client.AskAsync($"q=alice&{query}", Stop)).Require(200);
        }

        foreach (
            var query in (string[])
                ["resolve=false", "offset=", "offset=0&type=accounts", "resolve=", "unknown=1"]
        )
        {
            (await anybody.AskAsync($"q=alice&{query}", Stop)).Require(200);
        }

        foreach (var query in (string[])["", "q", "q=", "q=+++", "q=%00", "q=%EF%BF%BE", "q=%C3("])
        {
            var refused = (await client.AskAsync(query, Stop)).Require(422);
            Assert.Equal("q", refused.Json.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_repost_is_shown_with_its_original_and_what_the_viewer_did_to_it()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "fulmar");
        (await world.Bob.MarkAsync("repost", post, Stop)).Require(200);
        await world.SettleAsync(Stop);

        var query = "q=is%3Arepost+from%3Abob";
        var found = await As(world, world.Bob).SearchAsync(query, Stop);
        var status = Assert.Single(found.Statuses);
        var original = status.GetProperty("reblog");
        Assert.Equal($"{post}", original.GetProperty("id").GetString());
        Assert.NotEqual($"{post}", status.GetProperty("id").GetString());
        Assert.True(original.GetProperty("reblogged").GetBoolean());
        Assert.Equal(1, original.GetProperty("reblogs_count").GetInt32());
    }

    [Fact]
    public async Task Nothing_that_is_sent_makes_it_fail()
    {
        await using var world = await World.CreateAsync(Stop);
        await PostAsync(world.Alice, "fulmar");
        var client = As(world, world.Bob);
        foreach (
            var text in (string[])
                [
                    "\uFFFF",
                    "\U0001FFFE",
                    "\u0301",
                    "a" + new string('\u0301', 90),
                    "\u200D\u200C",
                    "#\uFDFA",
                    "@\u3164",
                    "@",
                    "#",
                    "@@",
                    "\"\"\"",
                    "((((((((",
                    "https://",
                    "https://\uE000/@\u0130",
                    "http://[::1",
                    "https://" + new string('@', 400),
                    "a@b@c",
                    new string('"', 500),
                    new string('(', 500),
                    "from:" + new string('x', 400),
                ]
        )
        {
            var query = $"q={Uri.EscapeDataString(text)}";
            foreach (var more in (string[])["", "&resolve=true", $"&account_id={world.Alice.Id}"])
            {
                var answer = await client.AskAsync(query + more, Stop);
                Assert.True(answer.Status is 200 or 422, $"{text}{more}: {answer}");
            }
        }

        foreach (var length in (int[])[501, 10_000])
        {
            var refused = await client.AskAsync($"q={new string('x', length)}", Stop);
            Assert.Equal("q", refused.Require(422).Json.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_page_takes_as_many_calls_for_one_status_as_for_many()
    {
        var ports = new CountedPorts();
        await using var world = await World.CreateAsync(Stop, ports: ports);
        for (var i = 0; i < 40; i++)
        {
            var author = i % 2 == 0 ? world.Alice : world.Carol;
            await PostAsync(author, $"fulmar {i} with @bob @star #tern{i}");
        }

        await world.SettleAsync(Stop);
        var client = As(world, world.Bob);
        var one = await CallsAsync(1);
        Assert.Equal(one, await CallsAsync(40));

        async Task<IEnumerable<string>> CallsAsync(int limit)
        {
            await world.Server.ForgetAsync(Stop);
            await world.SettleAsync(Stop);
            var before = ports.Calls.Count;
            var found = await client.SearchAsync($"q=fulmar&type=statuses&limit={limit}", Stop);
            Assert.Equal(limit, found.Ids.Count);
            return ports.Calls.Skip(before).Order();
        }
    }

    private static async Task<List<PostId>> WalkAsync(
        MastodonClient client,
        Func<IReadOnlyList<PostId>, string> next,
        bool upwards
    )
    {
        var found = new List<PostId>();
        var cursor = upwards ? "&min_id=0" : "";
        while (true)
        {
            var query = $"q=fulmar&limit=7{cursor}";
            var page = (await client.SearchAsync(query, Stop)).Ids;
            found.InsertRange(upwards ? 0 : found.Count, page);
            if (page.Count < 7)
            {
                return found;
            }

            cursor = next(page);
        }
    }

    private static MastodonClient As(World world, ClassicClient who) =>
        new(world.Server.Http, who.Token);

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) => new((await author.PostAsync(text, Stop, visibility)).Require(201).Id("tweet_id"));
}
