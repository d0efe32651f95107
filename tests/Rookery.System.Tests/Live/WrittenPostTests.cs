using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api.Mastodon;
using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>A post that waits for its reader is asked about when he takes it: what happened meanwhile counts.</summary>
public sealed class WrittenPostTests : IAsyncLifetime
{
    private World _world = null!;
    private FollowStream? _follow;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await World.CreateAsync(Stop);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(Visibility.Public)]
    [InlineData(Visibility.Followers)]
    public async Task It_is_written_where_nothing_happened(Visibility visibility)
    {
        var post = await PostAsync(visibility);
        var written = await WriteAsync(Home, post);
        Assert.Contains($"data: {{\"id\":\"{post}\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_of_one_that_was_deleted()
    {
        var post = await PostAsync();
        await WriteAsync(Home, post);
        (await _world.Alice.DeleteAsync(post, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, post));
        Assert.Equal("", await WriteAsync(Everybody, post));
    }

    [Theory]
    [InlineData("mute")]
    [InlineData("block")]
    public async Task Nothing_is_written_of_one_whose_author_was_hidden(string act)
    {
        var post = await PostAsync();
        await WriteAsync(Home, post);
        (await _world.Bob.RelateAsync(act, _world.Alice.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, post));
        Assert.Equal("", await WriteAsync(Everybody, post));
    }

    [Fact]
    public async Task Nothing_is_written_of_one_whose_author_has_blocked_the_reader()
    {
        var post = await PostAsync();
        await WriteAsync(Home, post);
        (await _world.Alice.RelateAsync("block", _world.Bob.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, post));
        Assert.Equal("", await WriteAsync(Everybody, post));
    }

    [Fact]
    public async Task Nothing_is_written_on_home_of_one_whose_author_is_no_longer_followed()
    {
        var post = await PostAsync();
        (await _world.Bob.RelateAsync("unfollow", _world.Alice.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, post));
        Assert.NotEqual("", await WriteAsync(Everybody, post));
    }

    [Fact]
    public async Task Nothing_is_written_of_one_whose_author_was_suspended_or_has_left()
    {
        var post = await PostAsync();
        await WriteAsync(Home, post);
        await _world.SuspendAsync(_world.Alice.Id, Stop);
        Assert.Equal("", await WriteAsync(Home, post));
        Assert.Equal("", await WriteAsync(Everybody, post));

        var stars = await PostAsync(_world.Star);
        await WriteAsync(Home, stars);
        (await _world.Star.DeleteAccountAsync(Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, stars));
        Assert.Equal("", await WriteAsync(Everybody, stars));
    }

    [Fact]
    public async Task Nothing_is_written_of_what_passes_on_an_account_that_is_hidden_or_suspended()
    {
        var original = await PostAsync(_world.Carol);
        (await _world.Alice.MarkAsync("repost", original, Stop)).Require(200);
        var repost = (await _world.Bob.HomeAsync(new Page(1), Stop))[0].Id;
        Assert.NotEqual("", await WriteAsync(Home, repost));
        (await _world.Bob.RelateAsync("mute", _world.Carol.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(Home, repost));
        (await _world.Bob.RelateAsync("unmute", _world.Carol.Id, Stop)).Require(200);
        Assert.NotEqual("", await WriteAsync(Home, repost));
        await _world.SuspendAsync(_world.Carol.Id, Stop);
        Assert.Equal("", await WriteAsync(Home, repost));
    }

    [Fact]
    public async Task A_list_of_everybodys_posts_shows_nobody_what_is_for_others()
    {
        var post = await PostAsync(Visibility.Followers);
        Assert.Equal("", await WriteAsync(new LiveList(Read, null, null), post));
        Assert.Equal("", await WriteAsync(new LiveList(Read, null, _world.Star.Id), post));
    }

    private ReadTimeline Read => _world.Server.Services.GetRequiredService<ReadTimeline>();

    private LiveHome Home => new(Read, _world.Bob.Id);

    private LiveList Everybody => new(Read, null, _world.Bob.Id);

    /// <summary>As a stream that was told of it does.</summary>
    private async Task<string> WriteAsync(LiveView view, PostId post)
    {
        var parts = _world.Server.Services;
        // The same for all streams, so what the first has made is what a late one finds.
        _follow ??= ActivatorUtilities.CreateInstance<FollowStream>(
            parts,
            ActivatorUtilities.CreateInstance<SharedStatuses>(parts)
        );
        var pipe = new OneBufferPipe(1 << 16);
        var stream = new LiveStream(view.Viewer, default, default, 1, () => { });
        var told = new LiveEvent(LiveKind.Update, new LivePosition(post, 1)) { Post = post };
        var site = new MastodonSite("http://a", "http://a");
        await _follow.UpdateAsync(told, view, site, new EventWriter(pipe, stream), Stop);
        return Encoding.UTF8.GetString(pipe.Written);
    }

    private Task<PostId> PostAsync(Visibility visibility = Visibility.Public) =>
        PostAsync(_world.Alice, visibility);

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        Visibility visibility = Visibility.Public
    ) => new((await author.PostAsync("hello", Stop, visibility)).Require(201).Id("tweet_id"));
}
