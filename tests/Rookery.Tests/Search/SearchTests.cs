using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>Searching as clients do, over the index and the rules of reading.</summary>
public sealed class SearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_just_posted_is_found_and_what_was_just_deleted_is_not()
    {
        await using var world = await World.CreateAsync(Stop);
        for (var round = 0; round < 20; round++)
        {
            var post = await PostAsync(world.Alice, $"kittiwake number{round}");
            Assert.Equal([post], await FindAsync(world.Bob, $"kittiwake number{round}"));
            (await world.Alice.DeleteAsync(post, Stop)).Require(200);
            Assert.Empty(await FindAsync(world.Bob, $"number{round}"));
        }
    }

    [Fact]
    public async Task What_only_some_may_see_is_found_by_whose_it_is_and_whom_it_mentions_and_who_liked_it()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob, carol) = (world.Alice, world.Bob, world.Carol);
        await bob.RelateAsync("follow", alice.Id, Stop);
        await world.SettleAsync(Stop);
        var unlisted = await PostAsync(alice, "guillemot one", Visibility.Unlisted);
        var followers = await PostAsync(alice, "guillemot two", Visibility.Followers);
        var direct = await PostAsync(
            alice,
            $"@{carol.Username} guillemot three",
            Visibility.Direct
        );
        (await bob.MarkAsync("like", followers, Stop)).Require(200);

        Assert.Equal([direct, followers, unlisted], await FindAsync(alice, "guillemot"));
        Assert.Equal([direct], await FindAsync(carol, "guillemot"));
        Assert.Equal([followers], await FindAsync(bob, "guillemot"));
        Assert.Empty(await FindAsync(world.Star, "guillemot"));
        (await bob.RelateAsync("unfollow", alice.Id, Stop)).Require(200);
        Assert.Empty(await FindAsync(bob, "guillemot"));
    }

    [Fact]
    public async Task Who_blocks_or_mutes_somebody_does_not_find_them_and_pages_stay_full()
    {
        await using var world = await World.CreateAsync(Stop);
        var shown = new List<PostId>();
        for (var i = 0; i < 60; i++)
        {
            await PostAsync(world.Carol, $"fulmar {i}");
            if (i % 3 == 0)
            {
                shown.Insert(0, await PostAsync(world.Alice, $"fulmar {i}"));
            }
        }

        (await world.Bob.RelateAsync("block", world.Carol.Id, Stop)).Require(200);
        var found = new List<PostId>();
        for (IReadOnlyList<PostId> page = []; ; )
        {
            page = await FindAsync(
                world.Bob,
                "fulmar&count=7" + (page.Count > 0 ? $"&max_id={page[^1]}" : "")
            );
            found.AddRange(page);
            if (page.Count < 7)
            {
                break;
            }
        }

        Assert.Equal(shown, found);
    }

    [Fact]
    public async Task A_misspelt_word_is_searched_as_it_was_meant_and_a_quoted_one_as_it_stands()
    {
        await using var world = await World.CreateAsync(Stop);
        var posts = new List<PostId>();
        for (var i = 0; i < 5; i++)
        {
            posts.Insert(0, await PostAsync(world.Alice, $"oystercatcher {i}"));
        }

        var (found, instead) = await AskAsync(world.Bob, "oystercacther");
        Assert.Equal(posts, found);
        Assert.Equal("oystercatcher", instead);
        (found, instead) = await AskAsync(world.Bob, "%22oystercacther%22");
        Assert.Empty(found);
        Assert.Null(instead);
    }

    [Fact]
    public async Task Where_nothing_is_found_a_misspelt_word_is_searched_as_one_that_a_single_post_has()
    {
        await using var world = await World.CreateAsync(Stop);
        var kestrel = await PostAsync(world.Alice, "A kestrel hovering over the estuary at dawn");
        var heron = await PostAsync(world.Alice, "A grey heron stood in the estuary in 2018");
        await PostAsync(world.Alice, "a wheatear", Visibility.Followers);

        await AnswersAsync("kestrle", [kestrel], "kestrel");
        await AnswersAsync("estuarry", [heron, kestrel], "estuary");
        await AnswersAsync("kestrle hovring", [kestrel], "kestrel hovering");
        await AnswersAsync("kestrel dwan", [kestrel], "kestrel dawn");
        await AnswersAsync("herron dawn", [], "heron dawn");
        foreach (
            var query in (string[])["%22kestrle%22", "dna", "kessrtle", "wheatera", "kestrle9"]
        )
        {
            await AnswersAsync(query, [], null);
        }

        async Task AnswersAsync(string query, PostId[] expected, string? corrected)
        {
            var (found, instead) = await AskAsync(world.Bob, query);
            Assert.Equal(corrected, instead);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task A_word_that_finds_something_is_never_searched_as_one_that_is_as_seldom()
    {
        await using var world = await World.CreateAsync(Stop);
        await PostAsync(world.Alice, "A kestrel hovering");
        await PostAsync(world.Alice, "Another kestrel");
        var slip = await PostAsync(world.Carol, "A kestrle");

        await IsLeftAsync("kestrle", [slip]);
        Assert.Null(await OfferedForAsync(world.Bob, "kestrle"));
        await IsLeftAsync("kestrle OR hoverring", [slip]);
        // No post has both, though some post has either.
        await IsLeftAsync("kestrle hovering", []);

        (await world.Carol.DeleteAsync(slip, Stop)).Require(200);
        Assert.Equal("kestrel", (await AskAsync(world.Bob, "kestrle")).Instead);

        async Task IsLeftAsync(string query, PostId[] expected)
        {
            var (found, instead) = await AskAsync(world.Bob, query);
            Assert.Null(instead);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task What_somebody_wrote_exactly_so_is_found_however_frequent_a_word_near_it_is()
    {
        await using var world = await World.CreateAsync(Stop);
        for (var i = 0; i < 200; i++)
        {
            await PostAsync(world.Alice, $"money money {i} in 2017");
        }

        var post = await PostAsync(world.Carol, "A monkey stole my banana in 2018");
        await world.SettleAsync(Stop);

        foreach (
            var query in (string[])
                ["monkey", "monkey stole", $"monkey from:{world.Carol.Username}", "2018"]
        )
        {
            var (found, instead) = await AskAsync(world.Bob, query);
            Assert.Equal([post], found);
            Assert.Null(instead);
        }

        Assert.Equal("money stole", await OfferedForAsync(world.Bob, "monkey stole"));
        Assert.Null(await OfferedForAsync(world.Bob, "2018"));
        Assert.Null(await OfferedForAsync(world.Bob, "money"));
        Assert.Equal("money 17", (await AskAsync(world.Bob, "monkey 17")).Instead);
        Assert.Null(await OfferedForAsync(world.Bob, "monkey 17"));
    }

    [Fact]
    public async Task Nothing_is_corrected_to_a_word_of_which_every_post_is_deleted()
    {
        await using var world = await World.CreateAsync(Stop);
        var posts = new List<PostId>();
        for (var i = 0; i < 9; i++)
        {
            posts.Add(await PostAsync(world.Alice, $"ptarmigan {i}"));
        }

        await world.SettleAsync(Stop);
        Assert.Equal("ptarmigan", (await AskAsync(world.Bob, "ptarmigna")).Instead);
        foreach (var post in posts)
        {
            (await world.Alice.DeleteAsync(post, Stop)).Require(200);
        }

        await world.SettleAsync(Stop);
        Assert.Null((await AskAsync(world.Bob, "ptarmigna")).Instead);
    }

    [Fact]
    public async Task A_Korean_word_is_found_with_the_particles_that_hang_on_it()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "대한민국을 사랑합니다 서울에서");
        foreach (var query in (string[])["대한민국", "서울", "사랑", "민국 서울에서"])
        {
            Assert.Equal([post], await FindAsync(world.Bob, Uri.EscapeDataString(query)));
        }

        Assert.Empty(await FindAsync(world.Bob, Uri.EscapeDataString("서에")));
    }

    /// <summary>How often a word occurs among what nobody may see is nobody's business.</summary>
    [Fact]
    public async Task Nothing_is_corrected_to_a_word_that_only_private_posts_have()
    {
        await using var world = await World.CreateAsync(Stop);
        for (var i = 0; i < 9; i++)
        {
            await PostAsync(world.Alice, $"ptarmigan {i}", Visibility.Followers);
        }

        var (found, instead) = await AskAsync(world.Carol, "ptarmigna");
        Assert.Empty(found);
        Assert.Null(instead);
    }

    [Fact]
    public async Task Nothing_is_corrected_to_a_word_of_an_author_whom_strangers_do_not_find_until_they_do_again()
    {
        await using var world = await World.CreateAsync(Stop);
        var posts = new List<PostId>();
        for (var i = 0; i < 9; i++)
        {
            posts.Insert(0, await PostAsync(world.Alice, $"ptarmigan {i} #moorland"));
        }

        var other = await PostAsync(world.Carol, "a #moorland");
        var (found, instead) = await AskAsync(world.Bob, "ptarmigna");
        Assert.Equal((posts.Count, "ptarmigan"), (found.Count, instead));
        Assert.Equal(10, await UsesOfAsync(world.Bob, "moorland"));

        (await world.Alice.EditProfileAsync(new { indexable = false }, Stop)).Require(200);
        await world.SettleAsync(Stop);
        await AssertNothingKnownAsync(world.Bob);
        Assert.Equal(posts, await FindAsync(world.Alice, "ptarmigan"));

        List<ClassicClient> people = [world.Bob, world.Alice];
        await world.RestartAsync(people, Stop);
        await world.SettleAsync(Stop);
        await AssertNothingKnownAsync(people[0]);
        Assert.Equal(posts, await FindAsync(people[1], "ptarmigan"));

        (await people[1].EditProfileAsync(new { indexable = true }, Stop)).Require(200);
        await world.SettleAsync(Stop);
        (found, instead) = await AskAsync(people[0], "ptarmigna");
        Assert.Equal(posts, found);
        Assert.Equal("ptarmigan", instead);
        Assert.Equal(10, await UsesOfAsync(people[0], "moorland"));

        async Task AssertNothingKnownAsync(ClassicClient stranger)
        {
            var (seen, corrected) = await AskAsync(stranger, "ptarmigna");
            Assert.Empty(seen);
            Assert.Null(corrected);
            Assert.Equal([other], await FindAsync(stranger, "moorland"));
            Assert.Equal(1, await UsesOfAsync(stranger, "moorland"));
        }
    }

    [Fact]
    public async Task Operators_say_who_and_where_and_in_which_order()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob) = (world.Alice, world.Bob);
        var first = await PostAsync(alice, "the red grouse sleeps");
        var second = await PostAsync(alice, "a grouse that is red");
        var third = await PostAsync(world.Carol, "red grouse again");
        (await bob.RelateAsync("follow", world.Carol.Id, Stop)).Require(200);
        await bob.RelateAsync("unfollow", alice.Id, Stop);
        (await bob.MarkAsync("like", first, Stop)).Require(200);
        await world.SettleAsync(Stop);

        Assert.Equal([third, first], await FindAsync(bob, "%22red grouse%22"));
        Assert.Equal([second, first], await FindAsync(bob, $"grouse from:{alice.Username}"));
        Assert.Equal([third], await FindAsync(bob, "grouse in:home"));
        Assert.Equal([second], await FindAsync(bob, "grouse -again -sleeps"));
        Assert.Equal([third, first], await FindAsync(bob, "again OR sleeps"));
        Assert.Equal([third, second, first], await FindAsync(bob, "grou*"));
        Assert.Equal(first, (await FindAsync(bob, "grouse sort:top"))[0]);
        Assert.Empty(await FindAsync(bob, "grouse from:nobody_of_that_name"));
    }

    [Fact]
    public async Task A_library_is_what_one_wrote_liked_or_is_mentioned_in_and_public_is_what_everybody_finds()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob) = (world.Alice, world.Bob);
        var other = await PostAsync(alice, "a grouse");
        var liked = await PostAsync(alice, "red grouse");
        var mentioning = await PostAsync(alice, $"grouse for @{bob.Username}");
        var own = await PostAsync(bob, "my grouse");
        var secret = await PostAsync(bob, "secret grouse", Visibility.Direct);
        (await bob.MarkAsync("like", liked, Stop)).Require(200);
        await world.SettleAsync(Stop);

        Assert.Equal([secret, own, mentioning, liked], await FindAsync(bob, "grouse in:library"));
        Assert.Equal([other], await FindAsync(bob, "grouse -in:library"));
        Assert.Equal([own, mentioning, liked, other], await FindAsync(bob, "grouse in:public"));
        Assert.Equal([secret], await FindAsync(bob, "grouse -in:public"));
        Assert.Equal([own, mentioning], await FindAsync(bob, "in:public my OR for"));
    }

    [Fact]
    public async Task What_of_a_query_was_not_done_as_it_was_written_is_said()
    {
        await using var world = await World.CreateAsync(Stop);
        Assert.Null(await RemarksOnAsync(world.Bob, "grouse"));
        Assert.Equal("OperatorAsWords", await RemarksOnAsync(world.Bob, "grouse foo:bar"));
        Assert.Equal(
            "OnlyExclusions, Unclosed",
            await RemarksOnAsync(world.Bob, "grouse OR (-partridge")
        );
    }

    [Fact]
    public async Task After_a_restart_everything_is_found_again()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "a lone whimbrel");
        List<ClassicClient> people = [world.Bob];
        await world.RestartAsync(people, Stop);
        await world.SettleAsync(Stop);
        Assert.Equal([post], await FindAsync(people[0], "whimbrel"));
    }

    [Fact]
    public async Task What_the_index_lacks_is_told_by_verify_and_built_again()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "a stray phalarope");
        await world.SettleAsync(Stop);
        var services = world.Server.Services;
        services.GetRequiredService<SearchIndex>().Now.Remove(post);
        Assert.Empty(await FindAsync(world.Bob, "phalarope"));

        var check = services.GetServices<ICheck>().OfType<CheckSearch>().Single();
        var report = await check.RunAsync(repair: false, Stop);
        Assert.Equal(1, report.Different);
        Assert.Contains($"post {post} is not in the index", report.Differences);
        Assert.Equal(1, (await check.RunAsync(repair: true, Stop)).Repaired);
        Assert.Equal([post], await FindAsync(world.Bob, "phalarope"));
        Assert.Equal(0, (await check.RunAsync(repair: false, Stop)).Different);
    }

    [Fact]
    public async Task What_is_deleted_while_verify_looks_at_it_is_no_difference()
    {
        await using var world = await World.CreateAsync(Stop);
        var post = await PostAsync(world.Alice, "a stray phalarope");
        await world.SettleAsync(Stop);
        var services = world.Server.Services;
        services.GetRequiredService<SearchIndex>().Now.Remove(post);
        var posts = GoneOnceRead.Of(
            services.GetRequiredService<IPosts>(),
            async () => (await world.Alice.DeleteAsync(post, Stop)).Require(200)
        );

        var check = ActivatorUtilities.CreateInstance<CheckSearch>(services, posts);
        Assert.Equal(0, (await check.RunAsync(repair: false, Stop)).Different);
        Assert.True((await world.Alice.DeleteAsync(post, Stop)).Status != 200);
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) =>
        new(
            (await author.PostAsync(text, Stop, visibility: visibility)).Require(201).Id("tweet_id")
        );

    private static async Task<string?> RemarksOnAsync(ClassicClient who, string query) =>
        (await who.SearchAsync(query, Stop))
            .Require(200)
            .Headers.GetValueOrDefault(SearchHeaders.Remarks);

    private static async Task<string?> OfferedForAsync(ClassicClient who, string query) =>
        (await who.SearchAsync(query, Stop))
            .Require(200)
            .Headers.GetValueOrDefault(SearchHeaders.Suggestion)
            is { } offered
            ? Uri.UnescapeDataString(offered)
            : null;

    private static async Task<IReadOnlyList<PostId>> FindAsync(ClassicClient who, string query) =>
        (await AskAsync(who, query)).Found;

    private static async Task<int> UsesOfAsync(ClassicClient who, string hashtag)
    {
        var answer = (await who.SearchNamesAsync("hashtags", hashtag, Stop)).Require(200);
        return Assert.Single(answer.Json.EnumerateArray()).GetProperty("post_count").GetInt32();
    }

    private static async Task<(IReadOnlyList<PostId> Found, string? Instead)> AskAsync(
        ClassicClient who,
        string query
    )
    {
        var answer = (await who.SearchAsync(query, Stop)).Require(200);
        var instead = answer.Headers.GetValueOrDefault(SearchHeaders.Instead);
        return (
            [.. Entry.Many(answer).Select(entry => entry.Id)],
            instead is null ? null : Uri.UnescapeDataString(instead)
        );
    }
}
