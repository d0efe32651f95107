using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Rookery.Search;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>What one process answers for all shards. The other shard is a server with posts of its own, which are all it has.</summary>
public sealed class SearchOverShardsTests : IAsyncLifetime
{
    private World _other = null!;
    private World _asked = null!;

    private ShardLayout Layout => _asked.Server.Services.GetRequiredService<ShardLayout>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var key = ("Service:Key", (string?)"the same key for both of them");
        var bound = ("Search:PostsPerSearch", (string?)$"{Bound}");
        _other = await World.CreateAsync(Stop, Settings(key, bound));
        _asked = await World.CreateAsync(
            Stop,
            Settings(
                key,
                bound,
                ("Search:Shards", $"http://127.0.0.1:1;{_other.Server.Http.BaseAddress}"),
                ("Search:Shard", "1")
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _asked.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Hashtags_come_from_all_shards_and_their_uses_are_added_up()
    {
        var here = await PostAsync(_asked.Alice, "#puffin", count: 30);
        Assert.InRange(here, 1, 29);
        await PostAsync(_other.Alice, "#Puffin #pufflings", count: 3);
        await PostAsync(_other.Bob, "#puffinbob", count: 20);
        (await _other.Bob.EditProfileAsync(new { indexable = false }, Stop)).Require(200);
        await _other.SettleAsync(Stop);

        var both = await HashtagsAsync("puff");
        Assert.Equal([("puffin", here + 3), ("pufflings", 3)], both.Found);
        Assert.False(both.IsPartial);
        Assert.Equal([("puffin", here + 3)], (await HashtagsAsync("puff&count=1")).Found);
        Assert.Equal([("pufflings", 3)], (await HashtagsAsync("%23Pufflings")).Found);

        await _other.DisposeAsync();
        var rest = await HashtagsAsync("puff");
        Assert.Equal([("puffin", here)], rest.Found);
        Assert.True(rest.IsPartial);
    }

    [Fact]
    public async Task A_word_is_corrected_by_what_all_shards_know()
    {
        await PostAsync(_other.Alice, "oystercatcher", count: 5);
        Assert.Equal("oystercatcher", await InsteadOfAsync("oystercacther"));
        Assert.Null(await InsteadOfAsync("%22oystercacther%22"));

        await PostAsync(_other.Alice, "oystercacther", count: 1);
        Assert.Null(await InsteadOfAsync("oystercacther"));
    }

    [Fact]
    public async Task A_seldom_word_is_proposed_whichever_shard_has_it_where_no_shard_finds_anything()
    {
        await PostAsync(_other.Alice, "kestrel", count: 1);
        Assert.Equal("kestrel", await InsteadOfAsync("kestrle"));
        while (await PostAsync(_asked.Alice, "estuary", count: 1) == 0) { }
        Assert.Equal("estuary", await InsteadOfAsync("estuarry"));
        Assert.Equal("kestrel estuary", await InsteadOfAsync("kestrle%20estuarry"));

        await PostAsync(_other.Alice, "kestrle", count: 1);
        Assert.Null(await InsteadOfAsync("kestrle"));
        await PostAsync(_other.Alice, "hen harrier", count: 1);
        Assert.Null(await InsteadOfAsync("harrrier%20OR%20hen"));
    }

    [Fact]
    public async Task A_word_that_another_shard_knows_is_no_slip()
    {
        Assert.InRange(await PostAsync(_asked.Alice, "whimbrel", count: 24), 4, 24);
        Assert.Equal("whimbrel", await InsteadOfAsync("whimbrey"));

        await PostAsync(_other.Alice, "whimbrey", count: KnownToBeMeant);
        Assert.Null(await InsteadOfAsync("whimbrey"));
    }

    /// <summary>In both directions, and though one shard's texts take several searches to read and the other's hardly any.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_one_shard_may_not_read_on_a_stretch_ends_and_the_next_goes_on(bool up)
    {
        var right = new List<PostId>();
        for (var round = 0; round < 3; round++)
        {
            right.AddRange(await PostsAsync(_other.Alice, "the bird the bird", 1));
            await PostAsync(_other.Alice, "the other bird", Bound + (Bound / 2));
            var here = await PostsAsync(_asked.Alice, "the bird the bird", 4);
            right.AddRange(here.Where(Layout.Owns));
        }

        var services = _asked.Server.Services;
        var query = await services
            .GetRequiredService<PrepareSearch>()
            .LiterallyAsync("\"bird the\"", null, Stop);
        var search = services.GetRequiredService<SearchPosts>();
        var found = new List<PostId>();
        var ended = 0;
        for (PostId? bound = up ? new PostId(1) : null; ; )
        {
            var page = up ? new Page(2, MinId: bound) : new Page(2, MaxId: bound);
            var stretch = await search.LatestAsync(query, page, search.NewBudget(), Stop);
            Assert.False(stretch.IsPartial);
            found.AddRange(stretch.Ids);
            if (stretch.Ids.Count < 2 && stretch.Reached is null)
            {
                break;
            }

            ended += stretch.Reached is null ? 0 : 1;
            var next = stretch.Reached ?? stretch.Ids[up ? 0 : ^1];
            Assert.NotEqual(bound, next);
            bound = next;
        }

        Assert.Equal(right, found.Order());
        Assert.InRange(ended, 2, 12);
    }

    /// <summary>Posts that one search reads through in each of the processes.</summary>
    private const int Bound = 128;

    /// <summary>Posts with a word from which on it is searched as it stands, whatever is near it.</summary>
    private const int KnownToBeMeant = 3;

    private async Task<string?> InsteadOfAsync(string query)
    {
        var answer = (await _asked.Bob.SearchAsync(query, Stop)).Require(200);
        Assert.False(answer.Headers.ContainsKey(SearchHeaders.Partial));
        var instead = answer.Headers.GetValueOrDefault(SearchHeaders.Instead);
        return instead is null ? null : Uri.UnescapeDataString(instead);
    }

    private async Task<(List<(string Name, int Posts)> Found, bool IsPartial)> HashtagsAsync(
        string query
    )
    {
        var answer = (await _asked.Bob.SearchNamesAsync("hashtags", query, Stop)).Require(200);
        return (
            [
                .. answer
                    .Json.EnumerateArray()
                    .Select(one =>
                        (
                            one.GetProperty("hashtag").GetString()!,
                            one.GetProperty("post_count").GetInt32()
                        )
                    ),
            ],
            answer.Headers.ContainsKey(SearchHeaders.Partial)
        );
    }

    /// <summary>Answers how many of them are the asked process's own shard's.</summary>
    private async Task<int> PostAsync(ClassicClient author, string text, int count)
    {
        var posts = await PostsAsync(author, text, count);
        return posts.Count(Layout.Owns);
    }

    private static async Task<List<PostId>> PostsAsync(ClassicClient author, string text, int count)
    {
        var posts = new List<PostId>();
        for (var i = 0; i < count; i++)
        {
            var answer = await author.PostAsync($"{text} {i}", Stop);
            posts.Add(new PostId(answer.Require(201).Id("tweet_id")));
        }

        return posts;
    }

    private static Dictionary<string, string?> Settings(params (string, string?)[] settings) =>
        settings.ToDictionary(one => one.Item1, one => one.Item2);
}
