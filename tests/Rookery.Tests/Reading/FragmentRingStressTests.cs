using System.Diagnostics;
using Rookery.Reading;
using Xunit;

namespace Rookery.Tests.Reading;

public sealed class FragmentRingStressTests
{
    private const int Ids = 300;
    private const int Longest = 900;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task Copy_that_was_validated_is_intact_while_writers_wrap_the_ring()
    {
        using var ring = Fragments.Ring(1 << 15);
        var since = Stopwatch.StartNew();
        Task<long>[] tasks =
        [
            Start(() => Write(1)),
            Start(() => Write(2)),
            Start(() => Read(3)),
            Start(() => Read(4)),
        ];
        var done = await Task.WhenAll(tasks);
        // 32 kB hold about 60 records, so each writer wrapped it a hundred times at least.
        Assert.All(done[..2], puts => Assert.True(puts > 60 * 100, $"{puts} puts"));
        Assert.All(done[2..], copies => Assert.True(copies > 10_000, $"{copies} copies"));

        long Write(int seed)
        {
            var random = new Random(seed);
            var puts = 0L;
            for (; since.Elapsed < Duration; puts++)
            {
                var id = random.Next(1, Ids);
                Fragments.Put(ring, id, random.Next(16, Longest), random.Next(1 << 20));
                ring.SetCounts(new PostId(id), random.Next(1, 10) * 11_111_111L, 0, 0);
                if (random.Next(16) == 0)
                {
                    ring.Tombstone(new PostId(id), 1 << 19);
                }
            }

            return puts;
        }

        long Read(int seed)
        {
            var random = new Random(seed);
            var copy = new byte[Longest];
            var copies = 0L;
            while (since.Elapsed < Duration)
            {
                if (TryCopy(ring, new PostId(random.Next(1, Ids)), copy, out var header))
                {
                    Assert.True(Fragments.IsIntact(header, copy.AsSpan(0, header.Length)));
                    copies++;
                }
            }

            return copies;
        }
    }

    /// <summary>A thread each: the pool starts only as many at once as there are cores.</summary>
    private static Task<long> Start(Func<long> run) =>
        Task.Factory.StartNew(
            run,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private static unsafe bool TryCopy(
        FragmentRing ring,
        PostId id,
        byte[] copy,
        out FragmentHeader header
    )
    {
        if (!ring.TryRead(id, out var found))
        {
            header = default;
            return false;
        }

        header = found.Header;
        Assert.Equal(id, header.PostId);
        new ReadOnlySpan<byte>(found.Payload, found.Length).CopyTo(copy);
        return ring.StillValid(found);
    }
}
