using System.Text;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Reading;

/// <summary>Posts and pages that the ring cannot keep.</summary>
public sealed class HydratePostsTests : IDisposable
{
    private const long RingBytes = 1 << 15;

    private static readonly AccountId Author = new(7);

    private readonly ScriptedPosts _posts = new();
    private readonly FragmentRing _ring = Fragments.Ring(RingBytes);
    private readonly HydratedPage _page = new();
    private readonly GonePosts _gone = new(TimeProvider.System);
    private readonly HydratePosts _hydrate;

    public HydratePostsTests() =>
        _hydrate = new HydratePosts(
            _ring,
            new AccountOrdinals(),
            new KnownAccounts(Author),
            _posts,
            new RecentCounts(TimeProvider.System),
            _gone,
            OwnMeters.Unheard()
        );

    [Fact]
    public async Task A_post_that_is_too_large_for_the_ring_is_shown_all_the_same()
    {
        Stands(1, "small");
        Stands(2, new string('x', _ring.MaxPayload));
        Stands(3, "", original: 2);

        await HydrateAsync(3, 2, 1);

        Assert.Equal(new string('x', _ring.MaxPayload), Status(_page.Posts[1]));
        Assert.Equal("small", Status(_page.Posts[2]));
        Assert.Equal(2, _page.Originals[0].Id.Value);
        Assert.True(_ring.StillValid(_page.Posts.AsSpan(0, _page.Count)));
    }

    [Fact]
    public async Task A_page_that_is_larger_than_the_ring_is_whole_all_the_same()
    {
        var ids = Enumerable.Range(1, 100).Select(id => (long)id).ToArray();
        foreach (var id in ids)
        {
            Stands(id, $"{id}:{new string('y', 700)}");
        }

        await HydrateAsync(ids);

        Assert.True(_ring.StillValid(_page.Posts.AsSpan(0, _page.Count)));
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.StartsWith($"{ids[i]}:", Status(_page.Posts[i]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_large_post_that_was_deleted_is_shown_no_longer()
    {
        Stands(1, new string('x', _ring.MaxPayload));
        await HydrateAsync(1);
        Assert.True(_page.Posts[0].Exists);

        _posts.Standing.Clear();
        _page.Clear();
        await HydrateAsync(1);

        Assert.False(_page.Posts[0].Exists);
    }

    [Fact]
    public async Task What_truth_does_not_show_is_asked_for_once_until_something_may_be_shown_again()
    {
        _gone.Accepted(new PostId(9));
        await HydrateAsync(1);
        var asked = _posts.PostsAsked;
        await HydrateAsync(1);
        await HydrateAsync(1);
        Assert.Equal(asked, _posts.PostsAsked);
        Assert.False(_page.Posts[0].Exists);

        Stands(1, "again");
        _gone.Forget();
        await HydrateAsync(1);
        Assert.Equal("again", Status(_page.Posts[0]));
    }

    [Fact]
    public async Task Who_asks_for_a_post_before_it_is_there_does_not_hide_it()
    {
        _gone.Accepted(new PostId(6));
        await HydrateAsync(7);
        Assert.False(_page.Posts[0].Exists);

        Stands(7, "new");
        _gone.Accepted(new PostId(7));
        await HydrateAsync(7);

        Assert.Equal("new", Status(_page.Posts[0]));
    }

    [Fact]
    public async Task Without_truth_the_top_is_what_it_was_before_posts_that_nobody_read()
    {
        Stands(1, "one");
        Stands(2, "two");
        await HydrateAsync(2, 1);
        _posts.IsAway = true;
        _page.Set([4, 3, 2, 1]);

        await _hydrate.HydrateTopAsync(_page, TestContext.Current.CancellationToken);

        Assert.False(_page.Posts[0].Exists || _page.Posts[1].Exists);
        Assert.Equal("two", Status(_page.Posts[2]));
        Assert.Equal("one", Status(_page.Posts[3]));
    }

    /// <summary>There would be a gap, or nothing.</summary>
    [Theory]
    [InlineData(new long[] { 3, 2, 1 })]
    [InlineData(new long[] { 6, 5 })]
    public async Task Without_truth_no_other_page_lacks_what_nobody_read(long[] ids)
    {
        Stands(1, "one");
        Stands(3, "three");
        await HydrateAsync(3, 1);
        _posts.IsAway = true;
        _page.Set(ids);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await _hydrate.HydrateTopAsync(_page, TestContext.Current.CancellationToken)
        );
    }

    public void Dispose() => _ring.Dispose();

    private static string Status(in FragmentRef post)
    {
        Assert.True(post.Exists);
        return Encoding.UTF8.GetString(post.Status).Trim('"');
    }

    private void Stands(long id, string text, long original = 0) =>
        _posts.Standing.Add(
            new Post(
                new PostId(id),
                Author,
                original == 0 ? PostKind.Post : PostKind.Repost,
                Visibility.Public,
                text,
                default,
                default,
                new PostId(original),
                original == 0 ? default : Author,
                default
            )
        );

    private async Task HydrateAsync(params long[] ids)
    {
        _page.Set(ids);
        await _hydrate.HydrateAsync(_page, TestContext.Current.CancellationToken);
    }
}
