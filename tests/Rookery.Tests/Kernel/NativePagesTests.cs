using Xunit;

namespace Rookery.Tests.Kernel;

public sealed unsafe class NativePagesTests
{
    private const long Bytes = 64 << 20;

    /// <summary>The system gives the addresses of what was given back to who asks next.</summary>
    [Fact]
    public void Given_back_twice_what_stands_there_by_now_stays()
    {
        var first = new NativePages(Bytes);
        var others = new List<NativePages>();
        first.Dispose();
        for (var i = 0; i < 8; i++)
        {
            others.Add(new NativePages(Bytes));
        }

        first.Dispose();

        foreach (var other in others)
        {
            other.Start[Bytes - 1] = 7;
            Assert.Equal(7, other.Start[Bytes - 1]);
            other.Dispose();
        }
    }
}
