using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>Searching for accounts and hashtags as clients do.</summary>
public sealed class SearchNamesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_is_found_by_the_beginning_of_its_handle_and_of_the_words_of_its_name()
    {
        await using var world = await World.CreateAsync(Stop);
        await RenameAsync(world.Bob, "Renée van der Möwe");
        await RenameAsync(world.Carol, "山田 太郎");
        await world.SettleAsync(Stop);

        var bob = world.Bob.Username;
        foreach (
            var query in (string[])
                [
                    bob,
                    bob[..2],
                    $"@{bob}",
                    $"@{bob}@here.example",
                    "renee",
                    "MOW",
                    "renée mö",
                    "van%20der",
                ]
        )
        {
            Assert.Equal(bob, (await UsersAsync(world.Alice, query))[0]);
        }

        foreach (var query in (string[])["山", "山田", "太郎"])
        {
            Assert.Equal([world.Carol.Username], await UsersAsync(world.Alice, query));
        }

        await RenameAsync(world.Bob, "Somebody else");
        await world.SettleAsync(Stop);
        Assert.Empty(await UsersAsync(world.Alice, "renee"));
        Assert.Equal([bob], await UsersAsync(world.Alice, "somebody"));
        Assert.Empty(await UsersAsync(world.Alice, "%23%23"));
    }

    [Fact]
    public async Task Who_is_called_exactly_so_comes_first_then_who_has_most_followers()
    {
        await using var world = await World.CreateAsync(Stop);
        foreach (var one in (ClassicClient[])[world.Alice, world.Bob, world.Star])
        {
            await RenameAsync(one, "Common Name");
        }

        await world.SettleAsync(Stop);

        Assert.Equal(
            [world.Star.Username, world.Alice.Username, world.Bob.Username],
            await UsersAsync(world.Carol, "common")
        );
        Assert.Equal([world.Star.Username], await UsersAsync(world.Carol, "common&count=1"));
        await RenameAsync(world.Alice, world.Bob.Username);
        await world.SettleAsync(Stop);
        Assert.Equal(
            [world.Bob.Username, world.Alice.Username],
            await UsersAsync(world.Carol, world.Bob.Username)
        );
    }

    /// <summary>Else whoever follows it to its timeline finds nothing there.</summary>
    [Fact]
    public async Task A_hashtag_is_spelt_as_its_timeline_has_it()
    {
        await using var world = await World.CreateAsync(Stop);
        await PostAsync(world.Alice, "#Cordoba");
        await PostAsync(world.Alice, "#Zürich, then #CÓRDOBA");
        await PostAsync(world.Alice, "＃東京");
        await world.SettleAsync(Stop);

        Assert.Equal(["córdoba"], await HashtagsAsync(world.Bob, "cord"));
        Assert.Equal(["zürich"], await HashtagsAsync(world.Bob, "ZUR"));
        Assert.Equal(["東京"], await HashtagsAsync(world.Bob, "東"));
    }

    [Fact]
    public async Task Nobody_finds_who_is_gone_or_stands_behind_a_block()
    {
        await using var world = await World.CreateAsync(Stop);
        var bob = world.Bob.Username;
        (await world.Bob.RelateAsync("block", world.Carol.Id, Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Empty(await UsersAsync(world.Carol, bob));
        Assert.Empty(await UsersAsync(world.Bob, world.Carol.Username));
        Assert.Equal([bob], await UsersAsync(world.Alice, bob));

        (await world.Bob.DeleteAccountAsync(Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Empty(await UsersAsync(world.Alice, bob));
    }

    [Fact]
    public async Task A_hashtag_is_found_by_its_beginning_the_most_used_first_while_anybody_may_find_a_post_with_it()
    {
        await using var world = await World.CreateAsync(Stop);
        var only = await PostAsync(world.Alice, "#PuffinWeek");
        await PostAsync(world.Alice, "#puffins one");
        await PostAsync(world.Bob, "#Puffins two #puffling");
        await PostAsync(world.Bob, "#puffinsecret", Visibility.Followers);
        await world.SettleAsync(Stop);

        Assert.Equal(
            ["puffins", "puffling", "puffinweek"],
            await HashtagsAsync(world.Carol, "%23puff")
        );
        Assert.Equal(["puffins"], await HashtagsAsync(world.Carol, "PUFF&count=1"));
        Assert.Equal(["puffling"], await HashtagsAsync(world.Carol, "puffling"));
        Assert.Empty(await HashtagsAsync(world.Carol, "puffinse"));
        (await world.Alice.DeleteAsync(only, Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Empty(await HashtagsAsync(world.Carol, "puffinw"));
        Assert.Empty(await HashtagsAsync(world.Carol, "..."));
    }

    [Fact]
    public async Task Strangers_find_nothing_of_who_does_not_want_to_be_found_and_all_of_it_when_it_does_again()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob, carol) = (world.Alice, world.Bob, world.Carol);
        var before = await PostAsync(alice, "a dunlin #waders");
        (await bob.MarkAsync("like", before, Stop)).Require(200);
        await PostAsync(bob, "a dunlin too");

        (await alice.EditProfileAsync(new { indexable = false }, Stop)).Require(200);
        var since = await PostAsync(alice, $"another dunlin, @{carol.Username}");
        await world.SettleAsync(Stop);

        Assert.Empty(await FindAsync(world.Star, "another OR waders"));
        Assert.Empty(await HashtagsAsync(world.Star, "wad"));
        Assert.Equal([since, before], await FindAsync(alice, $"dunlin from:{alice.Username}"));
        Assert.Equal([before], await FindAsync(bob, $"dunlin from:{alice.Username}"));
        Assert.Equal([since], await FindAsync(carol, $"dunlin from:{alice.Username}"));

        List<ClassicClient> people = [world.Star, alice];
        await world.RestartAsync(people, Stop);
        await world.SettleAsync(Stop);
        Assert.Empty(await FindAsync(people[0], "another OR waders"));
        (await people[1].EditProfileAsync(new { indexable = true }, Stop)).Require(200);
        await world.SettleAsync(Stop);
        Assert.Equal([since, before], await FindAsync(people[0], "another OR waders"));
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) =>
        new(
            (await author.PostAsync(text, Stop, visibility: visibility)).Require(201).Id("tweet_id")
        );

    private static async Task RenameAsync(ClassicClient who, string name) =>
        (await who.EditProfileAsync(new { name }, Stop)).Require(200);

    private static async Task<IReadOnlyList<PostId>> FindAsync(ClassicClient who, string query) =>
        [.. Entry.Many((await who.SearchAsync(query, Stop)).Require(200)).Select(one => one.Id)];

    private static async Task<List<string>> UsersAsync(ClassicClient who, string query) =>
        Names(await who.SearchNamesAsync("users", query, Stop), "username");

    private static async Task<List<string>> HashtagsAsync(ClassicClient who, string query) =>
        Names(await who.SearchNamesAsync("hashtags", query, Stop), "hashtag");

    private static List<string> Names(Answer answer, string field)
    {
        var found = answer.Require(200).Json;
        return [.. found.EnumerateArray().Select(one => one.GetProperty(field).GetString()!)];
    }
}
