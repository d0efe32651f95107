using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

public sealed class EmptiedHeadTests
{
    private const int Author = 0;
    private const int Room = 16;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_head_whose_ids_were_all_deleted_still_says_that_older_ones_exist(bool fromBelow)
    {
        using var heads = new AuthorHeads(1 << 20);
        using (var load = heads.BeginLoad([Author]))
        {
            load.Complete(
                Author,
                Enumerable.Range(1, Room).Select(id => id + 100L).Reverse().ToArray(),
                Room
            );
        }

        using (heads.Write())
        {
            for (var id = 101; id <= 100 + Room; id++)
            {
                heads.Remove(Author, id);
            }
        }

        var merged = heads.Merge(
            [Author],
            new MergeRange(long.MaxValue, 0, fromBelow),
            new long[20],
            new int[1]
        );
        Assert.Equal(0, merged.Count);
        Assert.Equal(100, merged.Bound);
    }

    [Fact]
    public void A_head_that_was_loaded_empty_is_complete()
    {
        using var heads = new AuthorHeads(1 << 20);
        using (var load = heads.BeginLoad([Author]))
        {
            load.Complete(Author, [], Room);
        }

        var merged = heads.Merge(
            [Author],
            new MergeRange(long.MaxValue, 0, false),
            new long[20],
            new int[1]
        );
        Assert.Equal(new MergeResult(0, 0, -1, 0), merged);
    }
}
