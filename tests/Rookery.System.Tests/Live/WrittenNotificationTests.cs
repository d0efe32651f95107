using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api.Mastodon;
using Rookery.Live;
using Rookery.Notifications;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>A notification that waits for its reader is asked about when he takes it: what happened meanwhile counts.</summary>
public sealed class WrittenNotificationTests : IAsyncLifetime
{
    private World _world = null!;
    private NotifiedClient _alices = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(Stop);
        _alices = new NotifiedClient(_world.Server.Http, _world.Alice.Token);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task It_is_written_into_each_list_that_has_it_where_nothing_happened()
    {
        var (id, _) = await MentionAsync();
        var written = await WriteAsync(id);
        Assert.Equal(2, written.Split("event: notification\n").Length - 1);
        Assert.Contains($"data: {{\"id\":\"{id}\"", written, StringComparison.Ordinal);
        Assert.Contains($"id: 1-1-{id}\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_of_one_that_was_dismissed_or_whose_post_was_deleted()
    {
        var (first, _) = await MentionAsync();
        var (second, post) = await MentionAsync();
        (await _alices.PostAsync($"/api/v1/notifications/{first}/dismiss", Stop)).Require(200);
        Assert.Equal("", await WriteAsync(first));
        Assert.NotEqual("", await WriteAsync(second));
        (await _world.Bob.DeleteAsync(post, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(second));
    }

    [Theory]
    [InlineData("mute")]
    [InlineData("block")]
    public async Task Nothing_is_written_of_what_somebody_did_who_was_hidden(string act)
    {
        var (id, _) = await MentionAsync();
        (await _world.Alice.RelateAsync(act, _world.Bob.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(id));
    }

    [Fact]
    public async Task Nothing_is_written_of_what_somebody_did_who_has_blocked_the_reader_or_was_suspended()
    {
        var (id, _) = await MentionAsync();
        (await _world.Bob.RelateAsync("block", _world.Alice.Id, Stop)).Require(200);
        Assert.Equal("", await WriteAsync(id));
        (await _world.Bob.RelateAsync("unblock", _world.Alice.Id, Stop)).Require(200);
        var (another, _) = await MentionAsync();
        Assert.NotEqual("", await WriteAsync(another));
        await _world.SuspendAsync(_world.Bob.Id, Stop);
        Assert.Equal("", await WriteAsync(another));
    }

    [Fact]
    public async Task Nothing_is_written_of_a_kind_that_was_switched_off_or_of_a_like_that_was_taken_back()
    {
        var mine = new PostId(
            (await _world.Alice.PostAsync("mine", Stop)).Require(201).Id("tweet_id")
        );
        (await _world.Bob.MarkAsync("like", mine, Stop)).Require(200);
        var liked = await NewestAsync();
        Assert.NotEqual("", await WriteAsync(liked));
        await Notified.SwitchOffAsync(_world, _world.Alice, NotificationKind.Like, Stop);
        Assert.Equal("", await WriteAsync(liked));
        await Notified.SwitchOffAsync(_world, _world.Alice, NotificationKind.Follow, Stop);
        Assert.NotEqual("", await WriteAsync(liked));
        (await _world.Bob.MarkAsync("unlike", mine, Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal("", await WriteAsync(liked));
    }

    [Fact]
    public async Task A_list_is_sent_those_behind_its_own_beginning()
    {
        var (first, _) = await MentionAsync();
        var (second, _) = await MentionAsync();
        var late = new LiveNotifications(_world.Alice.Id)
        {
            Start = new LivePosition(new PostId(1), 1, first),
        };
        var written = await WriteAsync(first, second, late);
        Assert.DoesNotContain($"id: 1-1-{first}", written, StringComparison.Ordinal);
        Assert.Contains($"id: 1-1-{second}", written, StringComparison.Ordinal);
    }

    private Task<string> WriteAsync(NotificationId id) =>
        WriteAsync(
            id,
            id,
            new LiveHome(
                _world.Server.Services.GetRequiredService<ReadTimeline>(),
                _world.Alice.Id
            ),
            new LiveNotifications(_world.Alice.Id)
        );

    /// <summary>As a stream that was told of them does.</summary>
    private async Task<string> WriteAsync(
        NotificationId first,
        NotificationId last,
        params LiveView[] views
    )
    {
        var pipe = new OneBufferPipe(1 << 16);
        var stream = new LiveStream(_world.Alice.Id, default, default, 1, () => { });
        var told = new LiveEvent(
            LiveKind.Notified,
            new LivePosition(new PostId(1), 1, last),
            _world.Alice.Id
        )
        {
            First = first,
        };
        await _world
            .Server.Services.GetRequiredService<WriteNotified>()
            .HandleAsync(
                told,
                views,
                stream,
                new MastodonSite("http://a", "http://a"),
                new EventWriter(pipe, stream),
                Stop
            );
        return Encoding.UTF8.GetString(pipe.Written);
    }

    private async Task<(NotificationId Id, PostId Post)> MentionAsync()
    {
        var post = (await _world.Bob.PostAsync("see @alice", Stop)).Require(201).Id("tweet_id");
        return (await NewestAsync(), new PostId(post));
    }

    private async Task<NotificationId> NewestAsync()
    {
        await _world.SettleAsync(Stop);
        return new NotificationId(
            Answer.IdOf((await _alices.ListAsync(Stop, "limit=1"))[0].GetProperty("id"))
        );
    }
}
