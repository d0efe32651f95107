using Rookery.Adapters.InProcess;
using Rookery.Sharing;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sharing;

public sealed class NoSharedCacheTests : SharedCacheContract
{
    private protected override ISharedCache Cache { get; } = new NoSharedCache();

    [Fact]
    public void It_says_that_it_keeps_nothing() => Assert.False(Cache.Keeps);
}

/// <summary>The fake that fast tests use behaves as the real one.</summary>
public sealed class MemorySharedCacheTests : KeepingCacheContract
{
    private protected override ISharedCache Cache { get; } = new MemorySharedCache();
}

public sealed class MemcachedSharedCacheTests : KeepingCacheContract, IAsyncLifetime
{
    private readonly MemcachedRig _rig = new();

    private protected override ISharedCache Cache => _rig.Cache;

    public async ValueTask InitializeAsync()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        await _rig.UseAsync(await servers.MemcachedAsync());
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Two_databases_have_no_place_in_common()
    {
        var key = Keys(1)[0];
        await FilledAsync(key, "mine"u8.ToArray());
        await using var other = new MemcachedRig();
        await other.UseAsync([.. _rig.Servers]);
        Assert.Null((await other.Cache.GetAsync([key], Stop))[0].Value);
        Assert.NotNull((await _rig.Cache.GetAsync([key], Stop))[0].Value);
    }

    [Fact]
    public async Task Two_processes_of_one_database_have_the_same_places()
    {
        var key = Keys(1)[0];
        await FilledAsync(key, "ours"u8.ToArray());
        await using var other = _rig.Another();
        Assert.Equal("ours"u8.ToArray(), (await other.GetAsync([key], Stop))[0].Value!.Value);
    }

    [Fact]
    public async Task With_another_prefix_all_is_new()
    {
        var key = Keys(1)[0];
        await FilledAsync(key, "old"u8.ToArray());
        await using var other = _rig.Another(prefix: "restored");
        Assert.Null((await other.GetAsync([key], Stop))[0].Value);
    }
}

public sealed class TwoMemcachedsTests : KeepingCacheContract, IAsyncLifetime
{
    private readonly MemcachedRig _rig = new();

    private protected override ISharedCache Cache => _rig.Cache;

    public async ValueTask InitializeAsync() =>
        await _rig.UseAsync(
            await MemcachedServer.StartAsync(Stop),
            await MemcachedServer.StartAsync(Stop)
        );

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        foreach (var server in _rig.Servers)
        {
            await server.DisposeAsync();
        }
    }
}
