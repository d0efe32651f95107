using Rookery.Web.Languages;
using Xunit;

namespace Rookery.Tests.Languages;

/// <summary>Numbers and moments as each language writes them, whatever the culture of the thread.</summary>
public sealed class FiguresTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 9, 5, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(999, "999", "999")]
    [InlineData(1_000, "1k", "1k")]
    [InlineData(1_290, "1.2k", "1,2k")]
    [InlineData(12_900, "12k", "12k")]
    [InlineData(999_999, "999k", "999k")]
    [InlineData(3_499_999, "3.4M", "3,4 Mio.")]
    public void Large_numbers_are_short_and_never_rounded_up(
        long count,
        string english,
        string german
    )
    {
        Assert.Equal(english, Words.English.Shortened(count));
        Assert.Equal(german, Words.Find("de")!.Shortened(count));
    }

    [Fact]
    public void Exact_numbers_are_grouped()
    {
        Assert.Equal("1,234,567", Words.English.Exact(1_234_567));
        Assert.Equal("1.234.567", Words.Find("de")!.Exact(1_234_567));
    }

    [Theory]
    [InlineData(0, "now", "jetzt")]
    [InlineData(59 * 60, "59 min", "59 Min.")]
    [InlineData(3 * 3_600, "3 h", "3 Std.")]
    [InlineData(6 * 86_400, "6 d", "6 Tg.")]
    [InlineData(7 * 86_400, "8 Jun", "8. Juni")]
    [InlineData(200 * 86_400, "27 Nov 2025", "27. Nov. 2025")]
    public void How_long_ago_is_told_in_the_readers_words(
        int seconds,
        string english,
        string german
    )
    {
        Assert.Equal(english, Words.English.Ago(Now.AddSeconds(-seconds), Now));
        Assert.Equal(german, Words.Find("de")!.Ago(Now.AddSeconds(-seconds), Now));
    }

    [Fact]
    public void Days_and_moments_are_told_in_the_readers_words()
    {
        Assert.Equal("15 June 2026", Words.English.Day(Now));
        Assert.Equal("15. Juni 2026", Words.Find("de")!.Day(Now));
        Assert.Equal("15 June 2026, 09:05 UTC", Words.English.Moment(Now));
        Assert.Equal("15. Juni 2026, 09:05 UTC", Words.Find("de")!.Moment(Now));
    }

    [Fact]
    public void A_number_chooses_the_form()
    {
        Assert.Equal("{count} follower", Words.English.FollowersOf(1));
        Assert.Equal("{count} followers", Words.English.FollowersOf(0));
        Assert.Equal(", 1 Beitrag", Words.Find("de")!.AndPosts(1));
        Assert.Equal(", 1.000 Beiträge", Words.Find("de")!.AndPosts(1_000));
    }
}
