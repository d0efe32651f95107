using System.Diagnostics;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>A committer, a loader that also drops, and readers at once. Groups are pairs 2k, 2k + 1 by two authors.</summary>
public sealed class AuthorHeadsStressTests : IDisposable
{
    private const int Authors = 128;
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(2.5);

    private readonly Lock _truthLock = new();
    private readonly List<long>[] _truth =
    [
        .. Enumerable.Range(0, Authors).Select(_ => new List<long>()),
    ];
    private readonly int[] _all = [.. Enumerable.Range(0, Authors)];

    private static readonly MergeRange _firstPage = new(long.MaxValue, 0, false);
    private readonly int[] _few = [.. Enumerable.Range(0, 8)];

    // 96 narrow blocks for 128 authors: loads evict.
    private readonly AuthorHeads _heads = new(16 << 10);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private long _loads;
    private long _reads;

    private bool IsOver => _clock.Elapsed > _duration;

    [Fact]
    public async Task Readers_see_whole_groups_in_order_while_others_write_load_and_drop()
    {
        var pages = await Task.WhenAll(
            Run(Commit),
            Run(Load),
            Run(() => Read(_all)),
            Run(() => Read(_few))
        );
        Assert.True(pages[0] > 1_000 && pages[1] > 100, $"{pages[0]} groups, {pages[1]} loads");
        Assert.True(
            pages[2] + pages[3] > 1_000,
            $"{pages[2]} and {pages[3]} pages with whole pairs"
        );
    }

    public void Dispose() => _heads.Dispose();

    private static Task<long> Run(Func<long> loop) =>
        Task.Factory.StartNew(
            loop,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private long Commit()
    {
        var random = new Random(1);
        var groups = 0L;
        for (var id = 1_000L; !IsOver; id += 2, groups++)
        {
            var (one, other) = Pair(random);
            lock (_truthLock)
            {
                _truth[one].Add(id);
                _truth[other].Add(id + 1);
            }

            if (random.Next(256) == 0)
            {
                LetOthersRun();
            }

            using var group = _heads.Write();
            _heads.Add(other, id + 1);
            Thread.SpinWait(random.Next(50));
            _heads.Add(one, id);
            _heads.AppliedThrough = id + 1;
        }

        return groups;
    }

    /// <summary>On the disk and not told yet: now a load may read half of the group, and a reader see it.</summary>
    private void LetOthersRun()
    {
        var (loads, reads) = (Volatile.Read(ref _loads), Volatile.Read(ref _reads));
        SpinWait.SpinUntil(() =>
            IsOver
            || (Volatile.Read(ref _loads) > loads + 1 && Volatile.Read(ref _reads) > reads + 1)
        );
    }

    /// <summary>Both of the small readers' authors or none, so that they too see pairs.</summary>
    private static (int One, int Other) Pair(Random random)
    {
        var from = random.Next(2) * random.Next(Authors / 8) * 8;
        return (from + random.Next(4), from + 4 + random.Next(4));
    }

    private long Load()
    {
        var random = new Random(2);
        var absent = new int[Authors];
        var ids = new long[20];
        for (; !IsOver; Interlocked.Increment(ref _loads))
        {
            var merged = _heads.Merge(random.Next(8) == 0 ? _all : _few, _firstPage, ids, absent);
            using var load = _heads.BeginLoad(absent.AsSpan(0, merged.Absent));
            foreach (var author in load.Taken)
            {
                load.Complete(author, Rows(author, load.Room), load.Room);
            }

            if (random.Next(4) == 0)
            {
                using var group = _heads.Write();
                _heads.Drop(_few[random.Next(_few.Length)]);
            }
        }

        return _loads;
    }

    private long[] Rows(int author, int count)
    {
        lock (_truthLock)
        {
            // The tail alone: a slow copy would let the group pass by.
            var newest = _truth[author].TakeLast(count).ToArray();
            newest.AsSpan().Reverse();
            return newest;
        }
    }

    private long Read(int[] followees)
    {
        var absent = new int[Authors];
        var ids = new long[30];
        var whole = 0L;
        while (!IsOver)
        {
            var result = _heads.Merge(followees, _firstPage, ids, absent);
            if (result.Absent > 0)
            {
                continue;
            }

            var page = ids.AsSpan(0, result.Count);
            for (var i = 1; i < page.Length; i++)
            {
                Assert.True(page[i - 1] > page[i], "not descending");
            }

            whole += AssertPairs(page);
            Interlocked.Increment(ref _reads);
        }

        return whole;
    }

    private static int AssertPairs(ReadOnlySpan<long> page)
    {
        // The partner of the last may have found no place.
        var i = 0;
        for (; i + 1 < page.Length; i += 2)
        {
            Assert.True(page[i] % 2 == 1 && page[i + 1] == page[i] - 1, $"half a group: {page[i]}");
        }

        return i > 0 ? 1 : 0;
    }
}
