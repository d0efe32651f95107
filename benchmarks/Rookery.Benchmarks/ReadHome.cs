using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rookery.Reading;

namespace Rookery.Benchmarks;

/// <summary>All of a home page but HTTP: skeleton, rendered posts, rules, marks, and the bytes of the answer.</summary>
[MemoryDiagnoser]
public class ReadHome
{
    private HomeWorld _world = null!;
    private TimelinePage _page = null!;

    [Params(200, 1205)]
    public int Followees { get; set; } = 200;

    public static async Task QuickAsync()
    {
        foreach (var followees in new[] { 200, 1205 })
        {
            var benchmark = new ReadHome { Followees = followees };
            await benchmark.SetUpAsync();
            for (var run = 0; run < 3; run++)
            {
                await benchmark.ReportAsync();
            }

            await benchmark.CleanUpAsync();
        }
    }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _world = await HomeWorld.CreateAsync(Followees, postsPerFollowee: 10);
        _page = TimelinePage.Rent();
        await _world.HomeAsync(_page, 20);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _page.Dispose();
        await _world.DisposeAsync();
    }

    [Benchmark]
    public ValueTask<int> Home() => _world.HomeAsync(_page, 20);

    private async Task ReportAsync()
    {
        const int Pages = 100_000;
        var bytes = 0L;
        var cpu = ThreadTime.Now;
        for (var i = 0; i < Pages; i++)
        {
            bytes += await Home();
        }

        var each = (ThreadTime.Now - cpu).TotalMicroseconds / Pages;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Followees} followees: {each:F2} us of processor time per page of {bytes / Pages} B before HTTP, {1e6 / each:N0} pages/s per core"
            )
        );
    }
}
