using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Posts;

/// <summary>Lists of which a viewer may see a part: they hold that part, and are read without passing over the rest.</summary>
public sealed class GuardedListsTests
{
    private static readonly Page All = new(200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_timeline_shows_each_viewer_what_it_may_see_and_nothing_else()
    {
        await using var world = await World.CreateAsync(Token);
        var (alice, bob, star) = (world.Alice, world.Bob, world.Star);
        Visibility[] kinds =
        [
            Visibility.Public,
            Visibility.Unlisted,
            Visibility.Followers,
            Visibility.Direct,
        ];
        var plain = new List<PostId>();
        var named = new List<PostId>();
        foreach (var kind in kinds)
        {
            plain.Add(await IdAsync(alice.PostAsync($"{kind}", Token, kind)));
            named.Add(await IdAsync(alice.PostAsync($"{kind} @star @bob", Token, kind)));
        }

        var everything = plain.Concat(named).Order().ToList();
        Assert.Equal(everything, await SeenAsync(alice, alice));
        Assert.Equal([.. plain.Take(3).Concat(named).Order()], await SeenAsync(bob, alice));
        Assert.Equal([.. plain.Take(2).Concat(named).Order()], await SeenAsync(star, alice));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_list_with_what_mentions_the_viewer_pages_both_ways(int count)
    {
        await using var world = await World.CreateAsync(Token);
        var (alice, star) = (world.Alice, world.Star);
        var seen = new List<PostId>();
        for (var i = 0; i < 4; i++)
        {
            await alice.PostAsync("for others", Token, Visibility.Followers);
            seen.Add(await IdAsync(alice.PostAsync("for star: @star", Token, Visibility.Direct)));
            seen.Add(await IdAsync(alice.PostAsync("for all", Token)));
        }

        var down = new List<PostId>();
        for (PostId? below = null; ; below = down[^1])
        {
            var page = await star.UserTimelineAsync(alice.Id, new Page(count, below), Token);
            if (page.Count == 0)
            {
                break;
            }

            down.AddRange(page.Select(entry => entry.Id));
        }

        var up = new List<PostId>();
        for (var above = new PostId(1); ; above = up[^1])
        {
            var page = await star.UserTimelineAsync(alice.Id, new Page(count, MinId: above), Token);
            if (page.Count == 0)
            {
                break;
            }

            up.AddRange(page.Select(entry => entry.Id).Reverse());
        }

        Assert.Equal(Enumerable.Reverse(seen), down);
        Assert.Equal(seen, up);
    }

    [Fact]
    public async Task A_deleted_post_is_in_no_list_of_those_it_mentioned()
    {
        await using var world = await World.CreateAsync(Token);
        var post = await IdAsync(world.Alice.PostAsync("@star", Token, Visibility.Direct));
        Assert.Equal([post], await SeenAsync(world.Star, world.Alice));
        (await world.Alice.DeleteAsync(post, Token)).Require(200);
        Assert.Empty(await SeenAsync(world.Star, world.Alice));
    }

    [Theory]
    [InlineData("DirectTo")]
    [InlineData("ByAuthorFor")]
    public void Neither_rows_of_posts_nor_those_of_strangers_are_looked_at(string list)
    {
        using var file = new SqliteFile();
        var isInbox = list == "DirectTo";
        var sql = isInbox ? SqlPostLists.DirectTo : SqlPostLists.ByAuthorFor;
        object[] arguments = isInbox ? [7L, 9L, 1L, "[8]", 20L] : [7L, 9L, 1L, 1L, 8L, 20L];
        var plan = file.Database.Read(session =>
            session.Many(
                $"EXPLAIN QUERY PLAN {sql} DESC LIMIT @count",
                row => row.GetString(3),
                arguments
            )
        );

        Assert.Contains(
            plan,
            step =>
                step.Contains(
                    "mentions USING COVERING INDEX guarded_mentions (account=? AND author=? AND post>? AND post<?)",
                    StringComparison.Ordinal
                )
        );
        // But for the author's own row: whether it is suspended.
        Assert.DoesNotContain(
            plan,
            step =>
                step.Contains("PRIMARY KEY", StringComparison.Ordinal)
                && !step.StartsWith("SEARCH o ", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            plan,
            step =>
                step.StartsWith("SCAN", StringComparison.Ordinal)
                && !step.Contains("json_each", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_list_of_posts_with_media_is_a_range_of_their_own_index(bool isGuarded)
    {
        using var file = new SqliteFile();
        var sql = isGuarded ? SqlPostLists.ByAuthorWithMediaFor : SqlPostLists.ByAuthorWithMedia;
        object[] arguments = isGuarded ? [7L, 9L, 1L, 1L, 8L, 20L] : [7L, 9L, 1L, 1L, 20L];
        var plan = file.Database.Read(session =>
            session.Many(
                $"EXPLAIN QUERY PLAN {sql} DESC LIMIT @count",
                row => row.GetString(3),
                arguments
            )
        );
        Assert.Contains(
            plan,
            step =>
                step.Contains(
                    "INDEX posts_with_media (author=? AND id>? AND id<?)",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    private static async Task<PostId> IdAsync(Task<Answer> posting) =>
        new((await posting).Require(201).Id("tweet_id"));

    private static async Task<List<PostId>> SeenAsync(ClassicClient viewer, ClassicClient author)
    {
        var page = await viewer.UserTimelineAsync(author.Id, All, Token);
        return [.. page.Select(entry => entry.Id).Order()];
    }
}
