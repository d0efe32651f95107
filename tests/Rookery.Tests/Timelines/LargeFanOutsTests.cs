using Microsoft.Extensions.Options;
using Rookery.Posts;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

public sealed class LargeFanOutsTests
{
    private static readonly AccountId Star = new(1);
    private static readonly AccountId Bob = new(2);

    private readonly LargeFanOuts _large = new(
        Options.Create(new TimelinesOptions { LargeFanOutAbove = 10 })
    );

    [Fact]
    public void An_authors_posts_are_large_after_one_that_was()
    {
        Committed[] posts = [Post(1, Star), Post(2, Bob), Post(3, Star)];
        Assert.Empty(_large.Among(posts));
        _large.Done(Star, 11);
        _large.Done(Bob, 10);
        Assert.Equal([1, 3], _large.Among(posts).Select(one => one.Sequence));
        _large.Done(Star, 10);
        Assert.Empty(_large.Among(posts));
    }

    private static Committed Post(long sequence, AccountId author) =>
        new(
            sequence,
            new PostAccepted(
                new PostId(sequence),
                author,
                PostKind.Post,
                Visibility.Public,
                AuthorClass.Pushed,
                default,
                default,
                []
            )
        );
}
