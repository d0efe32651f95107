using System.Diagnostics;
using Rookery.Sharing;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sharing;

/// <summary>Two memcacheds, one of which is killed, stands still, or begins anew: misses, and nobody waits for it again and again.</summary>
public sealed class MemcachedFaultTests : IAsyncLifetime
{
    private const int Keys = 200;

    private readonly MemcachedRig _rig = new();
    private MemcachedServer _well = null!;
    private MemcachedServer _ill = null!;
    private List<SharedKey> _keys = [];
    private int _ofTheIll;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _well = await MemcachedServer.StartAsync(Stop);
        _ill = await MemcachedServer.StartAsync(Stop);
        await _rig.UseAsync(_well, _ill);
        _keys = [.. Enumerable.Range(1, Keys).Select(id => new SharedKey(SharedKind.Post, id))];
        await FillAsync();
        Assert.Equal(Keys, await HitsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _well.DisposeAsync();
        await _ill.DisposeAsync();
    }

    [Fact]
    public async Task Killed_it_is_a_miss_at_once_and_started_again_it_is_filled_again()
    {
        await _ill.KillAsync();
        await ItsShareIsMissedAsync();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Keys - _ofTheIll, await HitsAsync());
        }

        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0, 5_000);

        await _ill.BeginAsync(Stop);
        await Wait.UntilAsync(
            async () =>
            {
                await FillAsync();
                return await HitsAsync() == Keys;
            },
            () => "all are hits again",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );
    }

    [Fact]
    public async Task Standing_still_it_is_waited_for_once_and_not_by_everybody()
    {
        await _ill.StopAsync();
        var began = Stopwatch.GetTimestamp();
        await ItsShareIsMissedAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Keys - _ofTheIll, await HitsAsync());
        }

        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"51 reads in {took.TotalMilliseconds:F0} ms with a patience of {MemcachedRig.Patience} ms"
        );
        // 51 would wait 25 s; it is asked once a second.
        Assert.InRange(took.TotalMilliseconds, 0, 10 * MemcachedRig.Patience);

        await _ill.ContinueAsync();
        await Wait.UntilAsync(
            async () => await HitsAsync() == Keys,
            () => "all are hits again",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );
    }

    [Fact]
    public async Task With_all_of_them_gone_everything_is_a_miss_and_nothing_fails()
    {
        await _ill.KillAsync();
        await _well.KillAsync();
        await Wait.UntilAsync(
            async () => await HitsAsync() == 0,
            () => "nothing is a hit",
            Stop,
            TimeSpan.FromMilliseconds(20)
        );
        Assert.All(await _rig.Cache.GetAsync(_keys, Stop), place => Assert.Equal(default, place));
        await _rig.Cache.FillAsync([new SharedFill(_keys[0], 1, "v"u8.ToArray())], Stop);
    }

    private async Task ItsShareIsMissedAsync()
    {
        await Wait.UntilAsync(
            async () => await HitsAsync() < Keys,
            () => "some are misses",
            Stop,
            TimeSpan.FromMilliseconds(20)
        );
        _ofTheIll = Keys - await HitsAsync();
        Assert.InRange(_ofTheIll, Keys / 5, Keys * 4 / 5);
    }

    private async Task<int> HitsAsync() =>
        (await _rig.Cache.GetAsync(_keys, Stop)).Count(place => place.Value is not null);

    private async Task FillAsync()
    {
        var places = await _rig.Cache.GetAsync(_keys, Stop);
        await _rig.Cache.FillAsync(
            [
                .. _keys
                    .Zip(places)
                    .Where(pair => pair.Second.Lease is not null)
                    .Select(pair => new SharedFill(
                        pair.First,
                        pair.Second.Lease!.Value,
                        "value"u8.ToArray()
                    )),
            ],
            Stop
        );
    }
}
