using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rookery.Timelines;

namespace Rookery.Benchmarks;

/// <summary>
/// A first home page of 20 merged from the heads of random followees among 200,000 authors with 16 ids each: more than the
/// caches hold. 1,205 is the most-following account of the real graph.
/// </summary>
[MemoryDiagnoser]
public class MergeHeads : IDisposable
{
    private const int Authors = 200_000;
    private const int IdsPerAuthor = 16;
    private const int Viewers = 2_048;
    private const int PageSize = 20;
    private const long HeadBytes = 256 << 20;

    private readonly long[] _ids = new long[PageSize];
    private static readonly MergeRange _all = new(long.MaxValue, 0, false);
    private readonly int[] _absent = new int[1];
    private AuthorHeads _heads = null!;
    private int[] _followees = [];
    private int _viewer;

    [Params(200, 1_205)]
    public int Followees { get; set; } = 200;

    /// <summary>One followee list again and again (its heads stay in the caches) or another viewer every time.</summary>
    [Params(false, true)]
    public bool Warm { get; set; }

    /// <summary>Timelines per second of processor time, without the many rounds of a full benchmark.</summary>
    public static void Quick()
    {
        foreach (var followees in (int[])[200, 1_205])
        foreach (var warm in (bool[])[false, true])
        {
            using var bench = new MergeHeads
            {
                Followees = followees,

                Warm = warm,
            };
            bench.Fill();
            bench.Report();
        }
    }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        _heads = new AuthorHeads(HeadBytes) { AppliedThrough = long.MaxValue };
        var rows = new long[IdsPerAuthor + 1];
        using var load = _heads.BeginLoad([.. Enumerable.Range(0, Authors)]);
        for (var author = 0; author < Authors; author++)
        {
            FillRandomly(rows, random);
            load.Complete(author, rows, rows.Length);
        }

        _followees = new int[Viewers * Followees];
        foreach (ref var followee in _followees.AsSpan())
        {
            followee = random.Next(Authors);
        }
    }

    [Benchmark]
    public int FirstPage()
    {
        _viewer = Warm ? 0 : (_viewer + 1) % Viewers;
        var followees = _followees.AsSpan(_viewer * Followees, Followees);
        return _heads.Merge(followees, _all, _ids, _absent).Count;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _heads.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void FillRandomly(long[] rows, Random random)
    {
        foreach (ref var id in rows.AsSpan())
        {
            id = random.NextInt64(1, 1L << 60);
        }

        rows.AsSpan().Sort((a, b) => b.CompareTo(a));
    }

    private void Report()
    {
        Run(TimeSpan.FromSeconds(0.5));
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            best = Math.Min(best, Run(TimeSpan.FromSeconds(0.7)));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        FirstPage();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var line =
            $"followees {Followees, 5}  warm {Warm, -5}  {best * 1e6, 7:F2} us  {1 / best, 9:N0} timelines/cpu-s  {allocated} B";
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    // By processor time: the machine may be busy with other work.
    private double Run(TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var pages = 0L;
        for (; clock.Elapsed < duration; pages += 64)
        {
            for (var i = 0; i < 64; i++)
            {
                FirstPage();
            }
        }

        return (Environment.CpuUsage.TotalTime - before).TotalSeconds / pages;
    }
}
