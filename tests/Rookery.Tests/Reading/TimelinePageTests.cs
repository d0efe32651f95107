using System.Buffers;
using Rookery.Reading;
using Xunit;

namespace Rookery.Tests.Reading;

public sealed class TimelinePageTests
{
    [Fact]
    public void A_page_that_grew_large_is_not_kept()
    {
        var large = TimelinePage.Rent();
        large.Output.Write(new byte[300 * 1024]);
        large.Dispose();

        var rented = Enumerable.Range(0, 300).Select(_ => TimelinePage.Rent()).ToList();
        Assert.DoesNotContain(large, rented);
        rented.ForEach(page => page.Dispose());
    }

    [Fact]
    public void No_more_pages_are_kept_than_are_in_use_at_once()
    {
        var rented = Enumerable.Range(0, 1_000).Select(_ => TimelinePage.Rent()).ToHashSet();
        foreach (var page in rented)
        {
            page.Dispose();
        }

        var again = Enumerable.Range(0, 1_000).Select(_ => TimelinePage.Rent()).ToList();
        Assert.InRange(again.Count(rented.Contains), 1, 300);
        again.ForEach(page => page.Dispose());
    }
}
