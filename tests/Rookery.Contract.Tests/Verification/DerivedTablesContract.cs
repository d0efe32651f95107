using Rookery.Posts;
using Rookery.Verification;
using Xunit;

namespace Rookery.Contract.Tests.Verification;

/// <summary>What the comparisons promise, whatever database truth stands in. It may hold other tests' rows.</summary>
public abstract class DerivedTablesContract : IDisposable
{
    private const int All = 100_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly AccountId _ana = Fresh.Account();
    private readonly AccountId _bob = Fresh.Account();
    private readonly AccountId _carol = Fresh.Account();
    private readonly DerivedTablesRig _rig;

    protected DerivedTablesContract() => _rig = Open();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDerivedTables Tables => _rig.Tables;

    protected abstract DerivedTablesRig Open();

    [Theory]
    [InlineData(DerivedTable.Followers)]
    [InlineData(DerivedTable.BlockedBy)]
    [InlineData(DerivedTable.Likers)]
    public async Task A_missing_row_and_a_stray_one_are_found_and_mended(DerivedTable table)
    {
        var row = await WriteAsync(table);
        var missing = new RowDifference(row.First, row.Second, Missing: true);
        var stray = new RowDifference(row.First, _carol.Value, Missing: false);
        Assert.Empty(await DifferencesAsync(table));
        Assert.True(await Tables.CountAsync(table, Token) > 0);

        await _rig.BreakAsync(table, missing);
        await _rig.BreakAsync(table, stray);
        var found = await DifferencesAsync(table);
        Assert.Equal([missing, stray], found.OrderByDescending(one => one.Missing));
        Assert.Single(await Tables.DifferencesAsync(table, 1, Token));

        Assert.Equal(2, await Tables.RepairAsync(table, found, Token));
        Assert.Empty(await DifferencesAsync(table));
        Assert.Equal(0, await Tables.RepairAsync(table, found, Token));
    }

    [Theory]
    [InlineData(DerivedTable.Followers)]
    [InlineData(DerivedTable.BlockedBy)]
    [InlineData(DerivedTable.Likers)]
    public async Task What_is_right_by_the_time_of_its_repair_is_left_alone(DerivedTable table)
    {
        var row = await WriteAsync(table);
        RowDifference[] stale =
        [
            new(row.First, row.Second, Missing: false),
            new(row.First, row.Second, Missing: true),
            new(row.First, _carol.Value, Missing: true),
        ];
        Assert.Equal(0, await Tables.RepairAsync(table, stale, Token));
        Assert.Empty(await DifferencesAsync(table));
    }

    [Fact]
    public async Task Mentions_of_what_does_not_stand_go_and_their_visibility_is_their_posts()
    {
        var standing = await PostAsync(_ana, Visibility.Followers, mentions: [_bob]);
        var deleted = await PostAsync(_ana, mentions: [_bob]);
        await _rig.Posts.DeleteAsync(deleted, _ana, Token);
        Assert.Empty(await DifferencesAsync(DerivedTable.Mentions));

        // The rig stores them as mentions in public posts.
        await _rig.BreakAsync(DerivedTable.Mentions, new(_carol.Value, standing.Value, false));
        await _rig.BreakAsync(DerivedTable.Mentions, new(_carol.Value, deleted.Value, false));
        var found = await DifferencesAsync(DerivedTable.Mentions);
        Assert.Equal(
            [standing.Value, deleted.Value],
            found.Select(difference => difference.Second).Order()
        );
        Assert.Equal(2, await Tables.RepairAsync(DerivedTable.Mentions, found, Token));
        Assert.Empty(await DifferencesAsync(DerivedTable.Mentions));
        PostId[] both = [standing, deleted];
        Assert.Equal([standing], await _rig.Posts.MentioningAsync(_carol, both, Token));
        Assert.Equal([standing], await _rig.Posts.MentioningAsync(_bob, both, Token));
    }

    [Fact]
    public async Task Counters_are_compared_with_a_new_count_and_set_unless_they_moved()
    {
        var post = await PostAsync(_ana);
        var other = await PostAsync(_ana);
        await _rig.Posts.LikeAsync(_bob, post, Token);
        await _rig.Posts.LikeAsync(_carol, post, Token);
        await PostAsync(_bob, parent: post);
        await PostAsync(_bob, original: post);
        await PostAsync(_bob, original: other);
        var wrong = new PostCountDifference(post, default, new PostCounts(2, 1, 1));
        var others = new PostCountDifference(other, default, new PostCounts(0, 1, 0));
        Assert.Equal([wrong, others], await CountsAsync(post, other));
        Assert.Equal([wrong, others], await CountPagesAsync());

        await _rig.HoldCountsAsync(other, new PostCounts(9, 9, 9));
        Assert.Equal(1, await Tables.RepairPostCountsAsync([wrong, others], Token));
        Assert.Equal(
            [others with { Held = new PostCounts(9, 9, 9) }],
            await CountsAsync(post, other)
        );
        var numbers = _rig
            .Announced.OfType<PostsCounted>()
            .SelectMany(told => told.Numbers)
            .Select(number => (number.Post, number.Counts));
        Assert.Equal([(post, wrong.True)], numbers);

        await _rig.Posts.DeleteAsync(post, _ana, Token);
        Assert.Equal([new PostCountDifference(post, wrong.True, default)], await CountsAsync(post));
    }

    [Fact]
    public async Task Hashtags_are_listed_with_their_posts_and_replaced()
    {
        var post = await PostAsync(_ana, hashtags: ["waders", "terns"]);
        var unlisted = await PostAsync(_ana, Visibility.Unlisted, hashtags: ["waders"]);
        var deleted = await PostAsync(_ana, hashtags: ["waders"]);
        await _rig.Posts.DeleteAsync(deleted, _ana, Token);
        await _rig.IndexAsync("stray", deleted);
        await _rig.UnindexAsync("terns", post);

        var indexed = await Tables.IndexedPostsAfterAsync(new(post.Value - 1), 2, Token);
        Assert.Equal([post, unlisted], indexed.Select(one => one.Id));
        Assert.Equal(["waders"], indexed[0].Hashtags);
        Assert.Empty(indexed[1].Hashtags);
        Assert.Equal((Visibility.Public, "A text"), (indexed[0].Visibility, indexed[0].Text));
        var strays = await Tables.StrayHashtagsAsync(All, Token);
        Assert.Equal([("stray", deleted)], strays.Where(one => one.Post == deleted));

        foreach (var one in new[] { post, unlisted, deleted })
        {
            await Tables.ReindexAsync(one, ["terns", "plovers"], Token);
        }

        indexed = await Tables.IndexedPostsAfterAsync(new(post.Value - 1), 9, Token);
        Assert.Equal(["plovers", "terns"], indexed[0].Hashtags.Order());
        Assert.Empty(indexed.Single(one => one.Id == unlisted).Hashtags);
        strays = await Tables.StrayHashtagsAsync(All, Token);
        Assert.DoesNotContain(strays, one => one.Post == deleted || one.Post == unlisted);
    }

    [Fact]
    public async Task A_hashtag_row_of_a_standing_post_that_is_not_public_is_listed_with_it_and_can_be_taken_away()
    {
        var unlisted = await PostAsync(_ana, Visibility.Unlisted);
        await _rig.IndexAsync("waders", unlisted);
        PostId before = new(unlisted.Value - 1);
        var indexed = await Tables.IndexedPostsAfterAsync(before, 1, Token);
        Assert.Equal(["waders"], Assert.Single(indexed).Hashtags);
        await Tables.ReindexAsync(unlisted, [], Token);
        indexed = await Tables.IndexedPostsAfterAsync(before, 1, Token);
        Assert.Empty(Assert.Single(indexed).Hashtags);
    }

    [Fact]
    public async Task Delivery_beyond_the_last_event_is_seen_and_taken_back()
    {
        await PostAsync(_ana);
        var before = Assert.Single(await Tables.DeliveryAsync(Token));
        Assert.Equal(before.LastSequence - before.PublishedThrough, before.Waiting);
        await Tables.RepairDeliveryAsync(Token);
        Assert.Equal(before, Assert.Single(await Tables.DeliveryAsync(Token)));

        await _rig.PlaceDeliveryAsync(before.LastSequence + 5);
        var beyond = Assert.Single(await Tables.DeliveryAsync(Token));
        Assert.Equal(before.LastSequence + 5, beyond.PublishedThrough);
        Assert.Equal(before.LastSequence + 5, beyond.AppliedThrough);
        Assert.Equal(before.LastSequence + 5, beyond.LastMark);
        await Tables.RepairDeliveryAsync(Token);
        var after = Assert.Single(await Tables.DeliveryAsync(Token));
        Assert.Equal((after.LastSequence, 0), (after.PublishedThrough, after.Waiting));
        Assert.Equal(after.LastSequence, after.AppliedThrough);
        Assert.True(after.LastMark <= after.LastSequence);
    }

    [Fact]
    public async Task A_home_timeline_is_what_its_definition_says()
    {
        AccountId[] followed = [_bob, .. Fresh.Accounts(3)];
        var (muted, blocking, closed) = (followed[1], followed[2], followed[3]);
        foreach (var followee in followed)
        {
            await _rig.Graph.FollowAsync(_ana, followee, Token);
        }

        foreach (var author in new[] { _ana, _carol, muted, blocking, closed })
        {
            await PostAsync(author);
        }

        var carols = await PostAsync(_carol);
        var shown = new List<PostId>
        {
            await PostAsync(_bob, Visibility.Followers),
            await PostAsync(_bob, Visibility.Direct, mentions: [_ana]),
            await PostAsync(_bob, original: carols),
            await PostAsync(_bob, parent: carols),
        };
        await PostAsync(_bob, Visibility.Direct, mentions: [_carol]);
        await PostAsync(_bob, original: await PostAsync(muted));
        await _rig.Posts.DeleteAsync(await PostAsync(_bob), _bob, Token);
        var end = Now.ToUnixTimeMilliseconds() + 1;
        await _rig.Graph.MuteAsync(_ana, muted, end, Token);
        await _rig.Graph.BlockAsync(blocking, _ana, Token);
        await _rig.Posts.CloseAuthorAsync(closed, Token);

        shown.Reverse();
        Assert.Equal(shown, await Tables.HomeAsync(_ana, Now, All, Token));
        Assert.Equal(shown[..2], await Tables.HomeAsync(_ana, Now, 2, Token));
        var unmuted = await Tables.HomeAsync(_ana, Now.AddSeconds(1), All, Token);
        Assert.Equal(shown.Count + 3, unmuted.Count);
        Assert.Contains(_ana, await Tables.SampleReadersAsync(All, Token));
        Assert.Single(await Tables.SampleReadersAsync(1, Token));
    }

    [Fact]
    public async Task Posts_are_listed_by_id_and_by_author_above_a_bound()
    {
        var first = await PostAsync(_ana);
        var deleted = await PostAsync(_ana);
        await _rig.Posts.DeleteAsync(deleted, _ana, Token);
        await PostAsync(_ana, Visibility.Direct);
        var last = await PostAsync(_ana, Visibility.Followers);
        var bobs = await PostAsync(_bob);
        var ids = await Tables.PostIdsAfterAsync(new(first.Value - 1), 2, Token);
        Assert.Equal([first, deleted], ids);

        var above = await Tables.PostsAboveAsync([(_ana, default), (_bob, bobs)], Token);
        Assert.Equal([last, first], above[_ana]);
        Assert.Empty(above[_bob]);
        above = await Tables.PostsAboveAsync([(_ana, first), (_bob, first)], Token);
        Assert.Equal([last], above[_ana]);
        Assert.Equal([bobs], above[_bob]);
    }

    [Fact]
    public async Task Whatever_is_held_in_memory_is_forgotten_when_asked()
    {
        await Tables.ForgetHeldAsync(Token);
        Assert.True(_rig.Forgotten > 0);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _rig.Dispose();
    }

    /// <summary>A row of truth by <c>_bob</c>; answers the key of its mirror.</summary>
    private async Task<(long First, long Second)> WriteAsync(DerivedTable table)
    {
        switch (table)
        {
            case DerivedTable.Followers:
                await _rig.Graph.FollowAsync(_bob, _ana, Token);
                return (_ana.Value, _bob.Value);
            case DerivedTable.BlockedBy:
                await _rig.Graph.BlockAsync(_bob, _ana, Token);
                return (_ana.Value, _bob.Value);
            default:
                var post = await PostAsync(_ana);
                await _rig.Posts.LikeAsync(_bob, post, Token);
                return (post.Value, _bob.Value);
        }
    }

    private async Task<IReadOnlyList<RowDifference>> DifferencesAsync(DerivedTable table)
    {
        long[] mine = [_ana.Value, _bob.Value, _carol.Value];
        var all = await Tables.DifferencesAsync(table, All, Token);
        return [.. all.Where(one => mine.Contains(one.First) || mine.Contains(one.Second))];
    }

    private async Task<IEnumerable<PostCountDifference>> CountsAsync(params PostId[] posts) =>
        (await Tables.PostCountsAsync(posts, Token)).OrderBy(difference => difference.Post);

    private async Task<IReadOnlyList<PostCountDifference>> CountPagesAsync()
    {
        var all = new List<PostCountDifference>();
        var mine = await _rig.Posts.ListAsync(
            new PostList.ByAuthor(_ana),
            new Page(Page.MaxCount),
            Token
        );
        for (var after = default(PostId); ; )
        {
            var page = await Tables.PostCountsAfterAsync(after, 1, Token);
            if (page.Compared == 0)
            {
                return all;
            }

            all.AddRange(page.Differences.Where(difference => mine.Contains(difference.Post)));
            after = page.Last;
        }
    }

    private async Task<PostId> PostAsync(
        AccountId author,
        Visibility visibility = Visibility.Public,
        PostId parent = default,
        PostId original = default,
        AccountId[]? mentions = null,
        string[]? hashtags = null
    )
    {
        var kind =
            original != default ? PostKind.Repost
            : parent != default ? PostKind.Reply
            : PostKind.Post;
        var draft = new NewPost(
            author,
            kind,
            visibility,
            "A text",
            parent,
            original,
            mentions ?? [],
            hashtags ?? [],
            null
        );
        return (await _rig.Posts.AcceptAsync(draft, Token)).Value.Post.Id;
    }
}
