using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Http;
using Rookery.Api.Service;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Search;

public sealed class LocalShardTests : SearchShardContract
{
    private protected override ISearchShard ShardOf(IRunningServer server) =>
        server.Services.GetRequiredService<LocalShard>();
}

public sealed class RemoteShardTests : SearchShardContract, IDisposable
{
    private RemoteShards? _doors;

    private protected override ISearchShard ShardOf(IRunningServer server)
    {
        _doors = DoorsWith(server.Services.GetRequiredService<ServiceKey>());
        return _doors.At(server.Http.BaseAddress!.ToString());
    }

    public void Dispose() => _doors?.Dispose();

    [Fact]
    public async Task One_that_does_not_answer_is_named_with_its_setting()
    {
        using var doors = DoorsWith(new ServiceKey("a key of the product"));
        var nowhere = doors.At($"http://127.0.0.1:{TestKit.Servers.FreePort.Take()}");

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await nowhere.FindAsync(ShardQuestion.Of("word", null, new Page(5)), Stop)
        );
        Assert.Contains("Search:Shards", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await nowhere.HashtagsAsync(new HashtagsQuestion("word", 5), Stop)
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await nowhere.WordsAsync(new WordsQuestion("word", null), Stop)
        );
    }

    private static RemoteShards DoorsWith(ServiceKey key) =>
        new(
            Options.Create(new DoorOptions()),
            key,
            TimeProvider.System,
            NullLogger<RemoteShards>.Instance
        );
}

/// <summary>What a shard of the search index promises, wherever it is.</summary>
public abstract class SearchShardContract : IAsyncLifetime
{
    private World _world = null!;
    private ISearchShard _shard = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        _shard = ShardOf(_world.Server);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _world.DisposeAsync();
    }

    private protected abstract ISearchShard ShardOf(IRunningServer server);

    [Fact]
    public async Task Every_stretch_of_what_it_finds_comes_newest_first_from_the_end_that_is_asked_for()
    {
        var posts = new List<PostId>();
        for (var i = 0; i < 12; i++)
        {
            posts.Insert(0, await PostAsync($"dotterel {i}"));
        }

        await AnswersAsync(posts[..5], new Page(5));
        await AnswersAsync(posts[5..10], new Page(5, MaxId: posts[4]));
        await AnswersAsync(posts[..3], new Page(5, SinceId: posts[3]));
        await AnswersAsync(posts[6..11], new Page(5, MinId: posts[11]));
        await AnswersAsync(posts[7..], new Page(5, MinId: default(PostId)));
        await AnswersAsync(posts[4..8], new Page(5, MaxId: posts[3], SinceId: posts[8]));
        await AnswersAsync(posts, new Page(ShardQuestion.MostPosts));
    }

    [Fact]
    public async Task Who_asks_finds_what_is_its_own_and_nobody_else_does()
    {
        var guarded = await PostAsync("a shy dotterel", Visibility.Followers);

        await AnswersAsync([guarded], new Page(5), _world.Alice.Id);
        await AnswersAsync([], new Page(5), _world.Bob.Id);
        await AnswersAsync([], new Page(5));
    }

    [Fact]
    public async Task What_is_asked_is_searched_as_it_stands()
    {
        for (var i = 0; i < 6; i++)
        {
            await PostAsync($"dotterel {i}");
        }

        var found = await _shard.FindAsync(ShardQuestion.Of("doterel", null, new Page(5)), Stop);
        Assert.Empty(found.Ids);
        Assert.True(found.IsWhole);
    }

    [Fact]
    public async Task Where_it_may_not_read_on_it_says_how_far_it_came_and_goes_on_from_there()
    {
        var oldest = await PostAsync("one dotterel one dotterel");
        for (var i = 0; i < 200; i++)
        {
            await PostAsync("one more dotterel");
        }

        var question = ShardQuestion.Of("\"dotterel one\"", null, new Page(5)) with
        {
            MayRead = 64,
        };
        var first = await _shard.FindAsync(question, Stop);
        Assert.Empty(first.Ids);
        Assert.InRange(first.Read, 64, 192);
        var (last, asked) = (first, 0);
        while (last.ReachedId is { } reached)
        {
            Assert.InRange(asked++, 0, 10);
            last = await _shard.FindAsync(question with { BelowId = reached }, Stop);
        }

        Assert.Equal([oldest], last.Ids);
    }

    [Fact]
    public async Task Hashtags_that_begin_so_come_with_their_uses_and_none_of_which_nobody_finds_a_post()
    {
        await PostAsync("#Dotterel one");
        await PostAsync("#dottérel two #Dotterels");
        await PostAsync("#dotterelsecret", Visibility.Followers);
        (await _world.Bob.PostAsync("#dotterelbob", Stop)).Require(201);
        (await _world.Bob.EditProfileAsync(new { indexable = false }, Stop)).Require(200);
        await _world.SettleAsync(Stop);

        var (one, many) = (
            new FoundHashtag("dotterel", 2, "dottérel"),
            new FoundHashtag("dotterels", 1, "dotterels")
        );
        await AnswersAsync([one, many], "#dott", 5);
        await AnswersAsync([one], "dott", 1);
        await AnswersAsync([many], "dotterels", HashtagsQuestion.Most);
        await AnswersAsync([], "...", 5);

        async Task AnswersAsync(FoundHashtag[] expected, string query, int count)
        {
            var found = await _shard.HashtagsAsync(new HashtagsQuestion(query, count), Stop);
            Assert.Equal(expected, found.Hashtags);
            Assert.True(found.IsWhole);
        }
    }

    [Fact]
    public async Task The_hashtag_itself_comes_first_however_many_others_are_used_more()
    {
        for (var of = 0; of < HashtagsQuestion.Most; of += 20)
        {
            var tags = string.Join(' ', Enumerable.Range(of, 20).Select(i => $"#dott{i}"));
            await PostAsync(tags);
            await PostAsync(tags);
        }

        await PostAsync("#dott");
        var found = await _shard.HashtagsAsync(new HashtagsQuestion("dott", 2), Stop);
        Assert.Equal(new FoundHashtag("dott", 1, "dott"), found.Hashtags[0]);
        Assert.Equal(2, found.Hashtags[1].Posts);
    }

    [Fact]
    public async Task A_word_that_hardly_any_public_post_has_comes_with_what_is_near_it()
    {
        for (var i = 0; i < 6; i++)
        {
            await PostAsync($"dotterel {i}");
            await PostAsync("doterell", Visibility.Followers);
        }

        var slips = await WordsAsync("doterel from:nobody -doterela \"doterelb\" dotterel");
        Assert.Equal(
            [("doterel", 0L), ("dotterel", 6)],
            slips.Words.Select(one => (one.Word, one.Posts))
        );
        Assert.Equal(["dotterel"], slips.Words[0].Near.Select(near => near.Word));
        Assert.InRange(slips.Words[0].Near[0].Posts, 4, 6);
        Assert.Empty(slips.Words[1].Near);
        Assert.True(slips is { IsWhole: true, Finds: false });
    }

    [Fact]
    public async Task Whether_the_query_finds_something_is_said_and_of_what_not_everybody_finds_to_who_does_alone()
    {
        await PostAsync("doterel", Visibility.Followers);
        await PostAsync("godwitt here");

        Assert.True((await WordsAsync("godwitt")).Finds);
        Assert.False((await WordsAsync("godwitt there")).Finds);

        Assert.True((await WordsAsync("doterel", _world.Alice.Id)).Finds);
        Assert.False((await WordsAsync("dotterel", _world.Alice.Id)).Finds);
        Assert.False((await WordsAsync("doterel", _world.Bob.Id)).Finds);
        Assert.False((await WordsAsync("doterel")).Finds);
    }

    private async Task<WordsAnswer> WordsAsync(string query, AccountId? searcher = null) =>
        await _shard.WordsAsync(new WordsQuestion(query, searcher), Stop);

    private async Task AnswersAsync(
        IReadOnlyList<PostId> expected,
        Page page,
        AccountId? searcher = null
    )
    {
        var found = await _shard.FindAsync(ShardQuestion.Of("dotterel", searcher, page), Stop);
        Assert.Equal(expected, found.Ids);
        Assert.Null(found.ReachedId);
    }

    private async Task<PostId> PostAsync(string text, Visibility visibility = Visibility.Public) =>
        new(
            (await _world.Alice.PostAsync(text, Stop, visibility: visibility))
                .Require(201)
                .Id("tweet_id")
        );
}
