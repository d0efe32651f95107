using System.Diagnostics;
using Rookery.Reading;
using Rookery.TestKit;
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
            var pipe = new OneBufferPipe(2 * Longest);
            var copies = 0L;
            while (since.Elapsed < Duration)
            {
                var id = new PostId(random.Next(1, Ids));
                if (TryCopy(ring, id, pipe, out var header))
                {
                    Assert.Equal(id, header.PostId);
                    AssertIntact(header, pipe);
                    copies++;
                }
            }

            return copies;
        }
    }

    [Fact]
    public async Task Counter_is_never_half_old_and_half_new()
    {
        using var ring = Fragments.Ring(1 << 15);
        // Of these lengths a copy by overlapping blocks reads the counter in two pieces.
        for (var id = 1; id < 8; id++)
        {
            Fragments.Put(ring, id, 24 + id);
        }

        var since = Stopwatch.StartNew();
        var tasks = new[] { Start(Patch), Start(Read) };
        Assert.All(await Task.WhenAll(tasks), rounds => Assert.True(rounds > 1_000));

        long Patch()
        {
            var rounds = 0L;
            for (; since.Elapsed < Duration; rounds++)
            {
                ring.SetCounts(new PostId(1 + (rounds % 7)), (1 + (rounds % 9)) * 11_111_111, 0, 0);
            }

            return rounds;
        }

        long Read()
        {
            var pipe = new OneBufferPipe(100);
            var rounds = 0L;
            for (; since.Elapsed < Duration; rounds++)
            {
                Assert.True(TryCopy(ring, new PostId(1 + (rounds % 7)), pipe, out var header));
                AssertIntact(header, pipe);
            }

            return rounds;
        }
    }

    private static void AssertIntact(in FragmentHeader header, OneBufferPipe pipe)
    {
        var payload = pipe.Written[1..^1];
        if (payload.Length != header.Length || !Fragments.IsIntact(header, payload))
        {
            Assert.Fail($"{header.PostId}, {payload.Length} bytes: {Convert.ToHexString(payload)}");
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

    private static bool TryCopy(
        FragmentRing ring,
        PostId id,
        OneBufferPipe pipe,
        out FragmentHeader header
    )
    {
        pipe.Clear();
        var found = ring.TryRead(id, out var part);
        header = part.Header;
        return found && new PageWriter(ring).TryWrite(pipe, [part], [ViewerFlags.None]);
    }
}
