using System.Globalization;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>A post with all that stands above and below it.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private World _world = null!;
    private ClassicClient _ana = null!;
    private ClassicClient _bob = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        (_ana, _bob) = (
            await _world.SignUpAsync("ana", Stop),
            await _world.SignUpAsync("bob", Stop)
        );
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Answers_to_answers_stand_below_what_they_answer_and_name_it_where_they_do_not()
    {
        var asked = await PostAsync(_ana, "asked");
        var first = await PostAsync(_bob, "first", asked);
        var second = await PostAsync(_ana, "second", asked);
        var deep = await PostAsync(_ana, "first of first", first);
        await PostAsync(_bob, "second of first", first);
        await PostAsync(_bob, "deeper", deep);
        await PostAsync(_bob, "first of second", second);

        using var reader = await OpenAsync($"/@ana/{asked}");
        Assert.Equal(
            [
                ("asked", 0, false),
                ("first", 0, false),
                ("first of first", 1, false),
                ("deeper", 2, false),
                ("second of first", 1, true),
                ("second", 0, false),
                ("first of second", 1, false),
            ],
            Lines(reader)
        );

        // Of what one does not see, what answers it is left out too.
        (await _bob.RelateAsync("block", _ana.Id, Stop)).Require(200);
        using var bob = new Browser(reader.Address, Stop);
        await bob.OpenAsync("/login");
        await bob.SendAsync("main form", ("username", "bob"), ("password", ClassicClient.Password));
        await bob.OpenAsync($"/@bob/{first}");
        Assert.Equal([("first", 0, true), ("second of first", 0, false)], Lines(bob));
    }

    [Fact]
    public async Task Of_many_answers_the_first_stand_there_and_a_link_leads_to_the_others()
    {
        var asked = await PostAsync(_ana, "asked");
        var answer = await PostAsync(_bob, "answer", asked);
        for (var i = 1; i <= 5; i++)
        {
            await PostAsync(_ana, $"below {i}", answer);
        }

        using var reader = await OpenAsync($"/@ana/{asked}");
        Assert.Equal(["asked", "answer", "below 1", "below 2", "below 3"], reader.Posts());
        await reader.FollowAsync("article a[href$='#answers']");
        Assert.Equal($"/@bob/{answer}#answers", reader.Place);
        Assert.Equal(
            ["asked", "answer", .. Enumerable.Range(1, 5).Select(i => $"below {i}")],
            reader.Posts()
        );
        Assert.NotNull(reader.Page.GetElementById("answers"));
    }

    [Fact]
    public async Task A_long_exchange_is_gone_through_in_both_directions()
    {
        const int count = 50;
        var posts = new List<PostId> { await PostAsync(_ana, "post 1") };
        for (var i = 2; i <= count; i++)
        {
            posts.Add(await PostAsync(i % 2 == 0 ? _bob : _ana, $"post {i}", posts[^1]));
        }

        await _world.SettleAsync(Stop);
        using var reader = await OpenAsync($"/@ana/{posts[0]}");
        var seen = new SortedSet<int>(Numbers(reader));
        while (reader.Page.QuerySelector("article a[href$='#answers']") is not null)
        {
            await reader.FollowAsync("article a[href$='#answers']");
            seen.UnionWith(Numbers(reader));
        }

        Assert.Equal(Enumerable.Range(1, count), seen.ToList());
        await reader.OpenAsync($"/@bob/{posts[^1]}");
        seen = new SortedSet<int>(Numbers(reader));
        while (reader.Page.QuerySelector(".above > p a") is not null)
        {
            await reader.FollowAsync(".above > p a");
            seen.UnionWith(Numbers(reader));
        }

        Assert.Equal(Enumerable.Range(1, count), seen.ToList());
    }

    private static IEnumerable<int> Numbers(Browser reader) =>
        reader
            .Posts()
            .Select(text => int.Parse(text["post ".Length..], CultureInfo.InvariantCulture));

    /// <summary>Each post, how far it is moved in, and whether it names what it answers.</summary>
    private static IEnumerable<(string Text, int Depth, bool IsNamed)> Lines(Browser reader) =>
        reader
            .Page.QuerySelectorAll("article")
            .Select(post =>
                (
                    post.QuerySelector(".text")!.TextContent,
                    Enumerable
                        .Range(0, 4)
                        .Last(depth => depth == 0 || post.ClassList.Contains($"under-{depth}")),
                    post.QuerySelector(".context a[translate=no]") is not null
                )
            );

    private async Task<Browser> OpenAsync(string path) =>
        await new Browser(_world.Server.Http.BaseAddress!, Stop).OpenAsync(path);

    private static async Task<PostId> PostAsync(
        ClassicClient who,
        string text,
        PostId? parent = null
    ) => new((await who.PostAsync(text, Stop, inReplyTo: parent)).Require(201).Id("tweet_id"));
}
