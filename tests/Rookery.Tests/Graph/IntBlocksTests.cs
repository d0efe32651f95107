using Rookery.Graph;
using Xunit;

namespace Rookery.Tests.Graph;

public sealed class IntBlocksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_never_overlap_and_all_pages_come_back(int seed)
    {
        const long Bound = 16 * IntBlocks.PageBytes;
        var random = new Random(seed);
        using var blocks = new IntBlocks(Bound);
        var held = new List<(uint Block, int Count, int Mark)>();
        var refused = 0;
        for (var mark = 0; mark < 20_000; mark++)
        {
            var count = (int)Math.Exp(random.NextDouble() * Math.Log(60_000));
            if (random.Next(2) == 0 && blocks.TryTake(count, beyondBound: false, out var block))
            {
                Assert.InRange(blocks.CapacityOf(block), count, int.MaxValue);
                blocks.Ints(block, count).Fill(mark);
                held.Add((block, count, mark));
            }
            else if (held.Count > 0)
            {
                refused++;
                Return(blocks, held, random.Next(held.Count));
            }

            Assert.InRange(blocks.Bytes, 0, Bound);
        }

        Assert.NotEqual(0, refused);
        while (held.Count > 0)
        {
            Return(blocks, held, held.Count - 1);
        }

        Assert.Equal(0, blocks.Bytes);
    }

    [Fact]
    public void The_bound_is_passed_only_when_it_may_be()
    {
        using var blocks = new IntBlocks(IntBlocks.PageBytes);
        blocks.Charge(1);
        Assert.False(blocks.TryTake(1, beyondBound: false, out _));
        Assert.True(blocks.TryTake(1_000_000, beyondBound: true, out var block));
        blocks.Ints(block, 1_000_000).Fill(1);
        blocks.Return(block);
        blocks.Charge(-1);
        Assert.True(blocks.TryTake(1, beyondBound: false, out _));
    }

    private static void Return(
        IntBlocks blocks,
        List<(uint Block, int Count, int Mark)> held,
        int at
    )
    {
        var (block, count, mark) = held[at];
        Assert.False(blocks.Ints(block, count).ContainsAnyExcept(mark));
        blocks.Return(block);
        held[at] = held[^1];
        held.RemoveAt(held.Count - 1);
    }
}
