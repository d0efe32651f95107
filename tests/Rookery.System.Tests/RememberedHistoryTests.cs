using Rookery.SystemTests.Histories;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>Shrunk histories that once failed.</summary>
public sealed class RememberedHistoryTests
{
    [Fact]
    public Task Deleting_a_repost_answers_the_repost_with_its_original() =>
        PlayAsync(
            new(Act.Post, 1, 3, 0, 1),
            new(Act.Repost, 2, 0, 0, 0),
            new(Act.DeletePost, 0, 0, 1, 0)
        );

    [Fact]
    public Task Deleting_all_that_a_head_holds_shows_what_is_older() =>
        PlayAsync(
            new(Act.Flood, 0, 0, 0, 11),
            new(Act.Settle, 0, 0, 0, 0),
            new(Act.Purge, 0, 0, 0, 6)
        );

    [Fact]
    public Task Liking_a_post_by_a_muted_author_answers_the_post() =>
        PlayAsync(
            new(Act.Post, 1, 3, 0, 1),
            new(Act.Mute, 2, 1, 0, 0),
            new(Act.Like, 2, 0, 0, 0),
            new(Act.Repost, 2, 0, 0, 0),
            new(Act.Unlike, 2, 0, 0, 0)
        );

    /// <summary>Read while the pushed timeline is rebuilt, by one who has muted somebody.</summary>
    [Fact]
    public Task A_direct_post_is_on_the_home_timeline_that_is_being_rebuilt() =>
        PlayAsync(
            new(Act.Follow, 1, 4, 0, 0),
            new(Act.Mute, 1, 0, 0, 0),
            new(Act.Post, 4, 1, 0, 7),
            new(Act.Wipe, 0, 0, 0, 0)
        );

    [Fact]
    public Task After_a_wipe_pages_go_on_below_what_a_head_holds() =>
        PlayAsync(
            new(Act.Wipe, 0, 0, 0, 0),
            new(Act.Flood, 0, 0, 0, 11),
            new(Act.ReadPages, 1, 0, 0, 0)
        );

    private static async Task PlayAsync(params Step[] steps)
    {
        var stop = TestContext.Current.CancellationToken;
        await HistoryRun.PlayAsync(steps, Strategy.Merged, stop);
        await HistoryRun.PlayAsync(steps, Strategy.Pushed, stop);
    }
}
