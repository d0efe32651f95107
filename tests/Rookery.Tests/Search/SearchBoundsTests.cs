using System.Globalization;
using System.Text.RegularExpressions;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>How much one search looks at, and how one goes on where it may not look further.</summary>
public sealed partial class SearchBoundsTests : IAsyncLifetime
{
    /// <summary>Posts that one search reads through.</summary>
    private const int Bound = 128;

    private World _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?> { ["Search:PostsPerSearch"] = $"{Bound}" }
        );

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_query_that_is_asked_of_the_texts_reads_no_more_of_them_than_it_may()
    {
        var oldest = await PostAsync(_world.Alice, "the bird the bird");
        var others = await PostManyAsync(_world.Alice, "the other bird", 2 * Bound);

        var first = await AskAsync(_world.Bob, "\"bird the\"");
        Assert.Empty(first.Found);
        Assert.True(first.IsPartial);
        // It stops after a batch or two.
        Assert.InRange(
            others.FindIndex(post => post == first.Reached),
            Bound / 2,
            (3 * Bound / 2) + 1
        );
        Assert.Equal([oldest], await WalkAsync(_world.Bob, "\"bird the\"", count: 5, up: false));
        Assert.Equal([oldest], await WalkAsync(_world.Bob, "\"bird the\"", count: 5, up: true));
    }

    [Fact]
    public async Task What_the_index_tells_alone_is_in_one_page_however_little_may_be_read()
    {
        var posts = await PostManyAsync(_world.Alice, "the other bird", Bound);
        var page = await AskAsync(_world.Bob, "bird&count=60");
        Assert.Equal(posts.AsEnumerable().Reverse().Take(60), page.Found);
        Assert.False(page.IsPartial);
        Assert.Null(page.Reached);
    }

    /// <summary>What everybody finds and what only some find end at different places, and nothing between them is passed over.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_have_no_gap_where_one_part_is_read_further_than_the_other(bool up)
    {
        var right = new List<PostId>();
        for (var round = 0; round < 4; round++)
        {
            right.Add(
                await PostAsync(_world.Alice, "the bird the bird", visibility: Visibility.Followers)
            );
            await PostManyAsync(_world.Bob, "the other bird", Bound);
            right.Add(await PostAsync(_world.Bob, "the bird the bird"));
            await PostManyAsync(_world.Bob, "the other bird", Bound / 2);
        }

        Assert.Equal(right, await WalkAsync(_world.Alice, "\"bird the\"", count: 3, up));
    }

    [Fact]
    public async Task Who_muted_whoever_writes_most_of_it_goes_through_it_in_several_pages()
    {
        (await _world.Bob.RelateAsync("mute", _world.Carol.Id, Stop)).Require(200);
        var right = new List<PostId>();
        for (var round = 0; round < 3; round++)
        {
            right.Add(await PostAsync(_world.Alice, "a bird"));
            await PostManyAsync(_world.Carol, "another bird", Bound);
        }

        var first = await AskAsync(_world.Bob, "bird&count=5");
        Assert.True(first.IsPartial);
        Assert.NotNull(first.Reached);
        Assert.Equal(right, await WalkAsync(_world.Bob, "bird", count: 5, up: false));
        Assert.Equal(right, await WalkAsync(_world.Bob, "bird", count: 5, up: true));
    }

    /// <summary>An empty page would say that nothing follows.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_offset_that_is_out_of_reach_is_answered_with_where_to_go_on(bool up)
    {
        var right = new List<PostId>();
        for (var round = 0; round < 4; round++)
        {
            right.Add(await PostAsync(_world.Alice, "the bird the bird"));
            right.Add(await PostAsync(_world.Alice, "the bird the bird"));
            await PostManyAsync(_world.Alice, "the other bird", 2 * Bound);
        }

        await _world.SettleAsync(Stop);
        IEnumerable<PostId> inOrder = up ? right : right.AsEnumerable().Reverse();
        var client = new MastodonClient(_world.Server.Http, _world.Bob.Token);
        for (var offset = 0; offset <= right.Count + 1; offset++)
        {
            var (from, refused) = ($"{(up ? "min_id=1" : "")}&offset={offset}", 0);
            Answer answer;
            while (true)
            {
                var query = $"q=%22bird+the%22&type=statuses&limit=1&{from}";
                answer = await client.AskAsync(query, Stop);
                if (answer.Status == 200)
                {
                    break;
                }

                var error = answer.Require(422).Json;
                Assert.Equal("offset", error.GetProperty("field").GetString());
                from = GoOn()
                    .Match(error.GetProperty("error").GetString()!)
                    .Value.Replace(" and ", "&", StringComparison.Ordinal);
                Assert.InRange(++refused, 1, 50);
            }

            var found = new MastodonFound(answer).Ids;
            var left = inOrder.Skip(offset).Take(1).ToList();
            Assert.True(offset == 0 ? refused == 0 : offset <= 2 || refused > 0, $"{offset}");
            // Without an offset left to pass over, a page may end early, and says so.
            Assert.True(
                found.SequenceEqual(left)
                    || (found.Count == 0 && answer.Headers.ContainsKey("Rookery-Searched-To")),
                $"{offset}: {answer}"
            );
        }
    }

    /// <summary>Page after page as docs/search.md says. Answers everything, the oldest first.</summary>
    private static async Task<IReadOnlyList<PostId>> WalkAsync(
        ClassicClient who,
        string query,
        int count,
        bool up
    )
    {
        var all = new List<PostId>();
        var (field, bound) = up ? ("min_id", (PostId?)new PostId(1)) : ("max_id", null);
        for (var pages = 0; ; pages++)
        {
            Assert.InRange(pages, 0, 200);
            var from = bound is { } id ? $"&{field}={id}" : "";
            var (found, reached, isPartial) = await AskAsync(who, $"{query}&count={count}{from}");
            all.AddRange(found);
            Assert.Equal(reached is not null, isPartial);
            if (found.Count < count && reached is null)
            {
                return [.. all.Order()];
            }

            var next = found.Count == count ? found[up ? 0 : ^1] : reached!.Value;
            Assert.NotEqual(bound, next);
            bound = next;
        }
    }

    private static async Task<Answered> AskAsync(ClassicClient who, string query)
    {
        var escaped = query
            .Replace("\"", "%22", StringComparison.Ordinal)
            .Replace(" ", "%20", StringComparison.Ordinal);
        var answer = (await who.SearchAsync(escaped, Stop)).Require(200);
        return new Answered(
            [.. Entry.Many(answer).Select(entry => entry.Id)],
            answer.Headers.TryGetValue("Rookery-Searched-To", out var reached)
                ? new PostId(long.Parse(reached, CultureInfo.InvariantCulture))
                : null,
            answer.Headers.ContainsKey("Rookery-Partial")
        );
    }

    private static async Task<List<PostId>> PostManyAsync(
        ClassicClient author,
        string text,
        int count
    )
    {
        var posts = new List<PostId>();
        for (var i = 0; i < count; i++)
        {
            posts.Add(await PostAsync(author, text));
        }

        return posts;
    }

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        string text,
        Visibility visibility = Visibility.Public
    ) =>
        new(
            (await author.PostAsync(text, Stop, visibility: visibility)).Require(201).Id("tweet_id")
        );

    [GeneratedRegex("m(ax|in)_id=[0-9]+( and offset=[0-9]+)?")]
    private static partial Regex GoOn();

    /// <param name="Reached">Where to go on; null where the page is full or nothing follows.</param>
    private sealed record Answered(IReadOnlyList<PostId> Found, PostId? Reached, bool IsPartial);
}
