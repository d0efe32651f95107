using Microsoft.Extensions.Options;
using Rookery.Posts;
using Rookery.Reading;
using Xunit;

namespace Rookery.Tests.Reading;

public sealed class ViewerMarksCacheTests
{
    // A sixty-fourth of it holds five or six of those who have all that is held of one.
    private const long Room = 16 << 20;

    private static readonly AccountId Viewer = new(7);
    private static readonly PostId Post = new(42);

    private readonly ScriptedPosts _posts = new();
    private readonly ViewerMarksCache _marks;

    public ViewerMarksCacheTests() =>
        _marks = new ViewerMarksCache(
            _posts,
            Options.Create(new ReadingOptions { MarksCacheBytes = Room })
        );

    [Fact]
    public async Task A_read_that_began_before_a_like_never_hides_it_though_others_began_after()
    {
        var old = HoldNextRead();
        var first = MarkAsync();
        _marks.Liked(Viewer, Post, true);
        var current = HoldNextRead();
        var second = MarkAsync();

        // The read from before the like comes back while the later one is still under way.
        old.SetResult(Liking());
        current.SetResult(Liking(Post));
        _posts.NewestMarks = _ => Task.FromResult(Liking(Post));

        Assert.Equal([ViewerFlags.Liked], await first);
        Assert.Equal([ViewerFlags.Liked], await second);
        Assert.Equal([ViewerFlags.Liked], await MarkAsync());
    }

    [Fact]
    public async Task Readers_of_the_same_moment_need_one_answer()
    {
        var held = HoldNextRead();
        var readers = Enumerable.Range(0, 3).Select(_ => MarkAsync()).ToList();
        held.SetResult(Liking(Post));

        foreach (var flags in await Task.WhenAll(readers))
        {
            Assert.Equal([ViewerFlags.Liked], flags);
        }
    }

    [Fact]
    public async Task What_is_held_stays_within_its_bytes_and_those_who_read_last_stay()
    {
        var all = Enumerable.Range(1, 1_000).Select(id => new PostId(id)).ToList();
        _posts.NewestMarks = _ => Task.FromResult(new NewestMarks(all, all));
        for (var viewer = 1; viewer <= 500; viewer++)
        {
            await MarkAsync(viewer);
            Assert.InRange(_marks.HeldBytes, 1, Room);
        }

        // More was loaded than there is room for.
        Assert.InRange(_marks.HeldBytes, Room / 4, Room);
        Assert.False(TryMark(1));
        Assert.True(TryMark(500));
    }

    [Fact]
    public async Task Marks_set_while_held_count_towards_the_bytes()
    {
        await MarkAsync();
        var before = _marks.HeldBytes;
        for (var post = 1; post <= 500; post++)
        {
            _marks.Liked(Viewer, new PostId(post), true);
        }

        Assert.InRange(_marks.HeldBytes, before + (500 * sizeof(long)), Room);
    }

    private static NewestMarks Liking(params PostId[] posts) => new(posts, []);

    private TaskCompletionSource<NewestMarks> HoldNextRead()
    {
        var held = new TaskCompletionSource<NewestMarks>();
        _posts.NewestMarks = _ => held.Task;
        return held;
    }

    private bool TryMark(long viewer) =>
        _marks.TryMark(new AccountId(viewer), [Entry()], new ViewerFlags[1]);

    private async Task<ViewerFlags[]> MarkAsync(long? viewer = null)
    {
        var flags = new ViewerFlags[1];
        await _marks.MarkAsync(
            viewer is { } other ? new AccountId(other) : Viewer,
            new[] { Entry() },
            flags,
            TestContext.Current.CancellationToken
        );
        return flags;
    }

    private static unsafe FragmentRef Entry() => new(new FragmentHeader { PostId = Post }, null, 0);
}
