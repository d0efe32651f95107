using Rookery.Live;
using Xunit;

namespace Rookery.Tests.Live;

public sealed class LivePositionTests
{
    [Fact]
    public void A_place_is_read_as_it_is_written()
    {
        var place = new LivePosition(new PostId(1_234_567_890_123), 77);
        Assert.Equal("1234567890123-77", place.ToString());
        Assert.True(LivePosition.TryParse("1234567890123-77", out var read));
        Assert.Equal(place, read);

        var whole = place with { Notification = NotificationId.Largest };
        Assert.Equal("1234567890123-77-9007199254740991", whole.ToString());
        Assert.True(LivePosition.TryParse("1234567890123-77-9007199254740991", out read));
        Assert.Equal(whole, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5")]
    [InlineData("5-")]
    [InlineData("-5")]
    [InlineData("5--5")]
    [InlineData("5-5-")]
    [InlineData("5--5-5")]
    [InlineData("5-5-5-5")]
    [InlineData("5-5- 5")]
    [InlineData("5-5-9007199254740992")]
    [InlineData(" 5-5")]
    [InlineData("+5-5")]
    [InlineData("5-99999999999999999999")]
    [InlineData("٥-٥")]
    public void Anything_else_is_none(string? text) =>
        Assert.False(LivePosition.TryParse(text, out _));

    [Fact]
    public void The_later_of_two_places_has_the_later_of_each() =>
        Assert.Equal(
            new LivePosition(new PostId(9), 8, new NotificationId(7)),
            new LivePosition(new PostId(9), 3, new NotificationId(2)).Or(
                new LivePosition(new PostId(4), 8, new NotificationId(7))
            )
        );

    [Theory]
    [InlineData(9, 3, true)]
    [InlineData(9, 2, false)]
    [InlineData(8, 3, false)]
    public void A_place_is_within_another_that_has_all_its_posts_and_deletions(
        long post,
        long sequence,
        bool isWithin
    ) =>
        Assert.Equal(
            isWithin,
            new LivePosition(new PostId(9), 3, NotificationId.Largest).IsWithin(
                new LivePosition(new PostId(post), sequence)
            )
        );
}
