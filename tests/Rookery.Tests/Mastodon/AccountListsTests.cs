using System.Text.RegularExpressions;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>An account, what it posts and who is around it, as Mastodon's clients ask for it.</summary>
public sealed partial class AccountListsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_statuses_has_what_was_asked_for_and_the_viewer_may_see()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob) = (world.Alice, world.Bob);
        var plain = await PostAsync(alice, "plain");
        var others = await PostAsync(bob, "another's");
        var toOther = await PostAsync(alice, "to bob", inReplyTo: others);
        var toSelf = await PostAsync(alice, "and #Terns, too", inReplyTo: plain);
        var picture = await MediaClient.UploadAsync(
            world.Server.Http,
            alice.Token,
            SamplePictures.Png(),
            Stop
        );
        var pictured = new PostId(
            (await alice.PostAsync("see", Stop, media: [picture.Id])).Require(201).Id("tweet_id")
        );
        var secret = await PostAsync(alice, "for #terns", visibility: Visibility.Followers);
        (await alice.MarkAsync("repost", others, Stop)).Require(200);
        var reposted = (await ListAsync(world, alice.Token, $"{alice.Id}"))[0];

        var path = $"{alice.Id}";
        Assert.Equal(
            [reposted, secret, pictured, toSelf, toOther, plain],
            await ListAsync(world, bob.Token, path)
        );
        Assert.Equal(
            [reposted, pictured, toSelf, toOther, plain],
            await ListAsync(world, null, path)
        );
        Assert.Equal(
            [reposted, pictured, toSelf, plain],
            await ListAsync(world, null, path, "exclude_replies=1")
        );
        Assert.Equal(
            [pictured, toSelf, plain],
            await ListAsync(world, null, path, "exclude_replies=true&exclude_reblogs=on")
        );
        Assert.Equal([pictured], await ListAsync(world, null, path, "only_media=true"));
        Assert.Equal([toSelf], await ListAsync(world, null, path, "tagged=TERNS"));
        Assert.Equal([secret, toSelf], await ListAsync(world, bob.Token, path, "tagged=%23terns"));
        Assert.Empty(await ListAsync(world, null, path, "tagged=no+such"));
        Assert.Empty(await ListAsync(world, null, path, "pinned=true"));
        Assert.Equal(5, (await ListAsync(world, null, path, "pinned=false&only_media=")).Count);

        (await bob.RelateAsync("block", alice.Id, Stop)).Require(200);
        Assert.Empty(await ListAsync(world, bob.Token, path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("exclude_reblogs=true&exclude_replies=true")]
    [InlineData("only_media=true")]
    public async Task Whoever_follows_the_links_sees_all_of_it_once(string query)
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, root) = (world.Alice, await PostAsync(world.Bob, "root"));
        var (shown, pictured) = (new List<PostId>(), new List<PostId>());
        for (var i = 0; i < 45; i++)
        {
            shown.Insert(0, await PostAsync(alice, $"fulmar {i}"));
            await PostAsync(alice, "again", inReplyTo: root);
        }

        for (var i = 0; i < 3; i++)
        {
            var medium = await MediaClient.UploadAsync(
                world.Server.Http,
                alice.Token,
                SamplePictures.Png(),
                Stop
            );
            var answer = (await alice.PostAsync("see", Stop, media: [medium.Id])).Require(201);
            pictured.Insert(0, new PostId(answer.Id("tweet_id")));
        }

        var all = await WalkAsync(world, $"/api/v1/accounts/{alice.Id}/statuses?limit=7&{query}");
        Assert.Equal(
            query switch
            {
                "" => 93,
                "only_media=true" => 3,
                _ => 48,
            },
            all.Distinct().Count()
        );
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(all.OrderDescending(), all);
        if (query.StartsWith('o'))
        {
            Assert.Equal(pictured, all.Select(id => new PostId(id)));
        }

        if (query.StartsWith('e'))
        {
            Assert.Equal([.. pictured, .. shown], all.Select(id => new PostId(id)));
        }
    }

    [Fact]
    public async Task A_page_that_ends_for_want_of_looking_still_says_where_to_go_on()
    {
        await using var world = await World.CreateAsync(Stop);
        var wanted = await PostAsync(world.Alice, "the first");
        var root = await PostAsync(world.Bob, "root");
        for (var some = 0; some < 17; some++)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 100)
                    .Select(i => PostAsync(world.Alice, $"no {some} {i}", inReplyTo: root))
            );
        }

        var path =
            $"/api/v1/accounts/{world.Alice.Id}/statuses?limit=1&exclude_replies=true&unknown=%22";
        var first = (await AskAsync(world, path)).Require(200);
        Assert.Empty(first.Json.EnumerateArray());
        Assert.DoesNotContain("prev", first.Headers["Link"], StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal([wanted.Value], await WalkAsync(world, path));
    }

    [Fact]
    public async Task A_page_above_another_leads_up_and_down()
    {
        await using var world = await World.CreateAsync(Stop);
        var posts = new List<PostId>();
        for (var i = 0; i < 9; i++)
        {
            posts.Add(await PostAsync(world.Alice, $"{i}"));
        }

        var path = $"/api/v1/accounts/{world.Alice.Id}/statuses?limit=3";
        var above = (await AskAsync(world, $"{path}&min_id={posts[1]}")).Require(200);
        Assert.Equal([posts[4], posts[3], posts[2]], Ids(above).Select(id => new PostId(id)));
        Assert.Contains($"max_id={posts[2]}>; rel=\"next\"", above.Headers["Link"]);
        Assert.Contains($"min_id={posts[4]}>; rel=\"prev\"", above.Headers["Link"]);
        var newest = (await AskAsync(world, $"{path}&since_id={posts[1]}")).Require(200);
        Assert.Equal([posts[8], posts[7], posts[6]], Ids(newest).Select(id => new PostId(id)));
        var last = (await AskAsync(world, $"{path}&max_id={posts[1]}")).Require(200);
        Assert.Equal([posts[0].Value], Ids(last));
        Assert.DoesNotContain("next", last.Headers["Link"], StringComparison.Ordinal);
        var none = (await AskAsync(world, $"{path}&max_id={posts[0]}")).Require(200);
        Assert.False(none.Headers.ContainsKey("Link"));
        // What is no id counts as not given, and a limit that is too large as the most.
        foreach (var lenient in (string[])["max_id=x", "limit=0", "limit=9999", "since_id=-1"])
        {
            (await AskAsync(world, $"{path}&{lenient}")).Require(200);
        }
    }

    [Fact]
    public async Task A_link_has_no_token_in_it()
    {
        await using var world = await World.CreateAsync(Stop);
        await PostAsync(world.Alice, "one");
        var answer = await AskAsync(
            world,
            $"/api/v1/accounts/{world.Alice.Id}/statuses?limit=1&access_token={world.Alice.Token}"
        );
        Assert.DoesNotContain(
            world.Alice.Token,
            answer.Require(200).Headers["Link"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_account_is_found_by_its_id_and_by_every_spelling_of_its_name()
    {
        await using var world = await World.CreateAsync(Stop);
        var host = world.Server.Http.BaseAddress!.Authority;
        var byId = (await AskAsync(world, $"/api/v1/accounts/{world.Alice.Id}")).Require(200);
        Assert.Empty(MastodonShape.WrongWith(byId.Json, "Account"));
        foreach (var name in (string[])["alice", "@Alice", $"alice@{host}", $"@ALICE@{host}"])
        {
            var found = await AskAsync(
                world,
                $"/api/v1/accounts/lookup?acct={Uri.EscapeDataString(name)}"
            );
            Assert.Equal(world.Alice.Id.Value, found.Require(200).Id("id"));
        }

        (await AskAsync(world, "/api/v1/accounts/lookup?acct=alice@elsewhere.example")).Require(
            404
        );
        (await AskAsync(world, "/api/v1/accounts/lookup?acct=nobody")).Require(404);
        (await AskAsync(world, "/api/v1/accounts/lookup")).Require(422);
        (await AskAsync(world, "/api/v1/accounts/4242424242")).Require(404);
        (await AskAsync(world, "/api/v1/accounts/4242424242/statuses")).Require(404);
        (await AskAsync(world, "/api/v1/accounts/abc/statuses")).Require(422);
        await world.SuspendAsync(world.Star.Id, Stop);
        foreach (var list in (string[])["", "/statuses", "/followers", "/following"])
        {
            (await AskAsync(world, $"/api/v1/accounts/{world.Star.Id}{list}")).Require(404);
        }
    }

    [Fact]
    public async Task Followers_and_followees_are_paged_by_links()
    {
        await using var world = await World.CreateAsync(Stop);
        var star = $"/api/v1/accounts/{world.Star.Id}/followers?limit=4";
        var fans = await WalkAsync(world, star, "Account");
        Assert.Equal(World.Fans + 3, fans.Count);
        Assert.Equal(fans.Distinct().OrderDescending(), fans);
        Assert.Equal(
            [world.Star.Id.Value, world.Alice.Id.Value],
            await WalkAsync(world, $"/api/v1/accounts/{world.Bob.Id}/following?limit=1", "Account")
        );
    }

    [Fact]
    public async Task Relationships_are_told_of_those_that_there_are()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob, star) = (world.Alice, world.Bob, world.Star);
        (await bob.RelateAsync("mute", star.Id, Stop)).Require(200);
        var path = "/api/v1/accounts/relationships";
        var query = $"?id[]={alice.Id}&id[]={star.Id}&id[]=4242424242&id[]=x&id[]={alice.Id}";

        var answer = (await AskAsync(world, path + query, bob.Token)).Require(200);
        var relations = answer
            .Json.EnumerateArray()
            .ToDictionary(one => one.GetProperty("id").GetString()!);
        Assert.Equal(2, relations.Count);
        Assert.All(
            relations.Values,
            one => Assert.Empty(MastodonShape.WrongWith(one, "Relationship"))
        );
        Assert.True(relations[$"{alice.Id}"].GetProperty("following").GetBoolean());
        Assert.False(relations[$"{alice.Id}"].GetProperty("muting").GetBoolean());
        Assert.True(relations[$"{star.Id}"].GetProperty("muting").GetBoolean());
        var one = (await AskAsync(world, $"{path}?id={alice.Id}", bob.Token)).Require(200);
        Assert.Equal(1, one.Json.GetArrayLength());
        (await AskAsync(world, path, bob.Token)).Require(200);
        (await AskAsync(world, path)).Require(401);
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public,
        PostId? inReplyTo = null
    ) =>
        new(
            (await author.PostAsync(text, Stop, visibility, inReplyTo)).Require(201).Id("tweet_id")
        );

    private static Task<Answer> AskAsync(World world, string path, string? token = null) =>
        new Caller(world.Server.Http, token).SendAsync(HttpMethod.Get, path, null, Stop);

    private static async Task<List<PostId>> ListAsync(
        World world,
        string? token,
        string account,
        string query = ""
    )
    {
        var path = $"/api/v1/accounts/{account}/statuses?{query}";
        return
        [
            .. Ids((await AskAsync(world, path, token)).Require(200)).Select(id => new PostId(id)),
        ];
    }

    private static List<long> Ids(Answer answer, string entity = "Status")
    {
        var entries = answer.Json.EnumerateArray().ToList();
        Assert.All(entries, one => Assert.Empty(MastodonShape.WrongWith(one, entity)));
        return [.. entries.Select(one => Answer.IdOf(one.GetProperty("id")))];
    }

    /// <summary>From page to page as clients do, until no link leads on.</summary>
    private static async Task<List<long>> WalkAsync(
        World world,
        string? path,
        string entity = "Status"
    )
    {
        var all = new List<long>();
        for (var pages = 0; path is not null; pages++)
        {
            Assert.True(pages < 100);
            var answer = (await AskAsync(world, path)).Require(200);
            all.AddRange(Ids(answer, entity));
            var link = answer.Headers.GetValueOrDefault("Link", "");
            path = Next().Match(link) is { Success: true } next ? next.Groups[1].Value : null;
        }

        return all;
    }

    [GeneratedRegex("<([^>]*)>; rel=\"next\"")]
    private static partial Regex Next();
}
