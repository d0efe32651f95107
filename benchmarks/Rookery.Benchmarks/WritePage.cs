using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rookery.Reading;
using Rookery.TestKit;

namespace Rookery.Benchmarks;

/// <summary>Pages of 20 posts of 400 bytes out of a million: drawn from all (every one a cache miss), or from a thousand.</summary>
[MemoryDiagnoser]
public class WritePage : IDisposable
{
    private const int Posts = 1_000_000;
    private const int HotPosts = 1_000;
    private const int PageSize = 20;

    private readonly FragmentRing _ring = new(
        new ReadingOptions { PostCacheBytes = 512L << 20 },
        TimeProvider.System
    );
    private readonly OneBufferPipe _pipe = new(1 << 15);
    private readonly PostId[] _ids = new PostId[PageSize];
    private readonly FragmentRef[] _parts = new FragmentRef[PageSize];
    private readonly ViewerFlags[] _viewer = new ViewerFlags[PageSize];
    private readonly PageWriter _writer;
    private ulong _random = 1;

    public WritePage() => _writer = new PageWriter(_ring);

    public static void Quick()
    {
        using var benchmark = new WritePage();
        benchmark.Fill();
        for (var run = 0; run < 3; run++)
        {
            Report("uniform", benchmark.Uniform);
            Report("hot", benchmark.Hot);
        }
    }

    [GlobalSetup]
    public void Fill()
    {
        var builder = new FragmentBuilder();
        for (var i = 0; i < Posts; i++)
        {
            builder.Clear();
            builder.Raw("{\"likes\":"u8);
            builder.Likes(i);
            builder.Raw(",\"liked\":"u8);
            builder.Liked();
            builder.Raw(",\"text\":"u8);
            builder.Text(new string('x', 340 + (i % 41)));
            builder.Raw("}"u8);
            _ring.TryPut(builder.Header with { PostId = Id(i) }, builder.Payload);
        }

        if (_ring.Count != Posts)
        {
            throw new InvalidOperationException($"The ring holds {_ring.Count} of {Posts} posts.");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ring.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Uniform() => Page(Posts);

    [Benchmark]
    public int Hot() => Page(HotPosts);

    private int Page(uint among)
    {
        for (var i = 0; i < PageSize; i++)
        {
            _ids[i] = Id((long)(((Next() >> 32) * among) >> 32));
            _viewer[i] = (ViewerFlags)(i & 3);
        }

        _pipe.Clear();
        var found = _ring.Read(_ids, _parts);
        return found == PageSize && _writer.TryWrite(_pipe, _parts, _viewer) ? _pipe.Length : 0;
    }

    private ulong Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return _random;
    }

    private static PostId Id(long i) =>
        new(Snowflake.Compose(i * 37, (int)(i & 1023), writer: 0, sequence: 0) + 1);

    private static void Report(string name, Func<int> page)
    {
        const int Pages = 500_000;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var bytes = 0L;
        var since = Stopwatch.StartNew();
        for (var i = 0; i < Pages; i++)
        {
            bytes += page();
        }

        var rate = Pages / since.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {rate:N0} pages/s of {bytes / Pages} B, {allocated / Pages} B allocated per page, {Environment.WorkingSet >> 20} MB resident"
        );
        Console.WriteLine(line);
    }
}
