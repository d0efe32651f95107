using Xunit;

namespace Rookery.Contract.Tests.Limits;

/// <summary>Limits with a clock that a test moves.</summary>
public abstract class LimitsRig : IAsyncDisposable
{
    public abstract IRateLimits Limits { get; }

    public abstract ValueTask PassAsync(TimeSpan time);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What every way to count promises, be it asked at once or behind.</summary>
public abstract class RateLimitsContract : IAsyncLifetime
{
    private static int _names;

    private LimitsRig _rig = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract LimitsRig Open();

    public ValueTask InitializeAsync()
    {
        _rig = Open();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _rig.DisposeAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task As_many_are_granted_at_once_as_the_limit_says(bool atOnce)
    {
        var limit = Limit(5, TimeSpan.FromHours(1), atOnce);
        Assert.Equal(5, await GrantedAsync(limit, Key(), 9));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_left_of_a_limit_can_be_asked(bool atOnce)
    {
        var limit = Limit(5, TimeSpan.FromHours(1), atOnce);
        var key = Key();
        Assert.Equal(new RateLeft(5, 5, TimeSpan.Zero), limit.LeftOf(key));
        await GrantedAsync(limit, key, 3);

        var left = limit.LeftOf(key)!.Value;
        Assert.Equal(5, left.Permits);
        // One less where the store's clock is a moment behind.
        Assert.InRange(left.Remaining, 1, 2);
        Assert.InRange(left.FullIn, TimeSpan.FromMinutes(35), TimeSpan.FromMinutes(37));
        Assert.Null(Limit(0, TimeSpan.FromHours(1), atOnce).LeftOf(key));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_turned_out_to_be_much_is_charged_and_paid_back_in_time(bool atOnce)
    {
        var limit = Limit(5, TimeSpan.FromHours(1), atOnce);
        var key = Key();
        Assert.Equal(1, await GrantedAsync(limit, key, 1));
        await limit.ChargeAsync(key, 2, Stop);
        Assert.Equal(2, await GrantedAsync(limit, key, 9));

        await limit.ChargeAsync(key, 100, Stop);
        await _rig.PassAsync(TimeSpan.FromMinutes(70));
        Assert.Equal(0, await GrantedAsync(limit, key, 9));
        // Two hours' worth are owed at most.
        await _rig.PassAsync(TimeSpan.FromMinutes(51));
        Assert.Equal(5, await GrantedAsync(limit, key, 9));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Who_comes_back_when_told_is_let_in_once(bool atOnce)
    {
        var limit = Limit(5, TimeSpan.FromHours(1), atOnce);
        var key = Key();
        await GrantedAsync(limit, key, 9);
        var wait = (await limit.TakeAsync(key, Stop))!.Value;
        Assert.InRange(wait, TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(12));

        await _rig.PassAsync(wait - TimeSpan.FromMinutes(1));
        Assert.NotNull(await limit.TakeAsync(key, Stop));
        await _rig.PassAsync(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await GrantedAsync(limit, key, 9));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_refused_is_not_counted(bool atOnce)
    {
        var limit = Limit(5, TimeSpan.FromHours(1), atOnce);
        var key = Key();
        await GrantedAsync(limit, key, 100);
        await _rig.PassAsync(TimeSpan.FromMinutes(61));
        Assert.Equal(5, await GrantedAsync(limit, key, 9));
    }

    [Fact]
    public async Task Callers_and_limits_are_counted_each_by_itself()
    {
        var limit = Limit(2, TimeSpan.FromHours(1), atOnce: true);
        var other = Limit(2, TimeSpan.FromHours(1), atOnce: true);
        RateKey[] keys =
        [
            RateKey.NoAddress,
            RateKey.OfAddress4(7),
            RateKey.OfAddress6(7),
            RateKey.OfAccount(new AccountId(7)),
            RateKey.OfName("7"),
            RateKey.OfName("8"),
        ];
        foreach (var key in keys)
        {
            Assert.Equal(2, await GrantedAsync(limit, key, 4));
            Assert.Equal(2, await GrantedAsync(other, key, 4));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Without_permits_there_is_no_limit(bool atOnce)
    {
        var limit = Limit(0, TimeSpan.FromHours(1), atOnce);
        Assert.Equal(500, await GrantedAsync(limit, Key(), 500));
    }

    [Fact]
    public async Task Callers_at_the_same_time_get_no_more_than_one_after_the_other()
    {
        var limit = Limit(20, TimeSpan.FromHours(1), atOnce: true);
        var key = Key();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => limit.TakeAsync(key, Stop).AsTask())
        );
        Assert.Equal(20, answers.Count(wait => wait is null));
    }

    internal static RateTerms Terms(int permits, TimeSpan window, bool atOnce) =>
        new($"test-{Interlocked.Increment(ref _names)}", permits, window, atOnce);

    internal static RateKey Key() => RateKey.OfAccount(Fresh.Account());

    internal static async Task<int> GrantedAsync(IRateLimit limit, RateKey key, int tries)
    {
        var granted = 0;
        for (var i = 0; i < tries; i++)
        {
            granted += await limit.TakeAsync(key, Stop) is null ? 1 : 0;
        }

        return granted;
    }

    private IRateLimit Limit(int permits, TimeSpan window, bool atOnce) =>
        _rig.Limits.Open(Terms(permits, window, atOnce));
}
