using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class RateLimiterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly RateKey Ana = RateKey.OfName("ana");
    private static readonly RateKey Bob = RateKey.OfName("bob");

    private readonly FakeTime _time = new();

    [Fact]
    public void As_many_as_permitted_pass_at_once_and_the_next_is_told_when()
    {
        var limiter = new RateLimiter(_time, 10, Minute);
        Assert.Equal(10, TakeAll(limiter, Ana));
        Assert.False(limiter.TryTake(Ana, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(6), retryAfter);
        Assert.True(limiter.TryTake(Bob, out _));
    }

    [Fact]
    public void A_refusal_costs_nothing()
    {
        var limiter = new RateLimiter(_time, 10, Minute);
        TakeAll(limiter, Ana);
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(limiter.TryTake(Ana, out _));
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(limiter.TryTake(Ana, out _));
    }

    [Fact]
    public void What_is_left_is_told_and_nothing_is_taken_by_asking()
    {
        var limiter = new RateLimiter(_time, 10, Minute);
        Assert.Equal(new RateLeft(10, 10, TimeSpan.Zero), limiter.LeftOf(Ana));
        for (var taken = 1; taken <= 3; taken++)
        {
            Assert.True(limiter.TryTake(Ana, out _));
            var fullIn = taken * TimeSpan.FromSeconds(6);
            Assert.Equal(new RateLeft(10, 10 - taken, fullIn), limiter.LeftOf(Ana));
        }

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(new RateLeft(10, 8, TimeSpan.FromSeconds(11)), limiter.LeftOf(Ana));
        Assert.Equal(8, TakeAll(limiter, Ana));
        Assert.Equal(0, limiter.LeftOf(Ana)?.Remaining);
        Assert.Equal(10, limiter.LeftOf(Bob)?.Remaining);
        Assert.Null(new RateLimiter(_time, 0, Minute).LeftOf(Ana));
    }

    [Fact]
    public void What_turned_out_to_be_much_is_taken_later_and_no_more_than_so_many_windows_give()
    {
        var limiter = new RateLimiter(_time, 10, Minute);
        Assert.True(limiter.TryTake(Ana, out _));
        limiter.Charge(Ana, 4, mostWindows: 3);
        Assert.Equal(new RateLeft(10, 5, TimeSpan.FromSeconds(30)), limiter.LeftOf(Ana));

        limiter.Charge(Ana, 12, mostWindows: 3);
        Assert.False(limiter.TryTake(Ana, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(48), retryAfter);
        Assert.Equal(0, limiter.LeftOf(Ana)?.Remaining);
        Assert.True(limiter.TryTake(Bob, out _));

        limiter.Charge(Ana, int.MaxValue, mostWindows: 3);
        Assert.Equal(3 * Minute, limiter.LeftOf(Ana)?.FullIn);
        // Less than what is owed already gives nothing back.
        limiter.Charge(Ana, 1, mostWindows: 1);
        Assert.Equal(3 * Minute, limiter.LeftOf(Ana)?.FullIn);
        new RateLimiter(_time, 0, Minute).Charge(Ana, 1, mostWindows: 1);
    }

    [Fact]
    public void After_a_window_of_rest_all_permits_are_back_and_no_more()
    {
        var limiter = new RateLimiter(_time, 7, Minute);
        Assert.Equal(7, TakeAll(limiter, Ana));
        _time.Advance(Minute);
        Assert.Equal(7, TakeAll(limiter, Ana));
        _time.Advance(TimeSpan.FromDays(100));
        Assert.Equal(7, TakeAll(limiter, Ana));
    }

    [Fact]
    public void Whoever_waits_as_told_passes_and_a_tick_earlier_does_not()
    {
        var property = Prop.ForAll(
            Gen.Choose(1, 70).ToArbitrary(),
            Gen.Choose(0, 20_000).ListOf().ToArbitrary(),
            (permits, pauses) =>
            {
                var time = new FakeTime();
                var limiter = new RateLimiter(time, permits, Minute);
                return pauses.All(pause =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(pause));
                    TakeAll(limiter, Ana);
                    limiter.TryTake(Ana, out var retryAfter);
                    time.Advance(retryAfter - TimeSpan.FromTicks(1));
                    var tooEarly = limiter.TryTake(Ana, out _);
                    time.Advance(TimeSpan.FromTicks(1));
                    return !tooEarly && limiter.TryTake(Ana, out _);
                });
            }
        );
        property.Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_clock_set_back_or_forward_changes_nothing()
    {
        var limiter = new RateLimiter(_time, 3, Minute);
        TakeAll(limiter, Ana);
        _time.SetWallClock(FakeTime.Start.AddHours(5));
        Assert.False(limiter.TryTake(Ana, out _));
        _time.SetWallClock(FakeTime.Start.AddHours(-5));
        _time.Advance(Minute);
        Assert.Equal(3, TakeAll(limiter, Ana));
    }

    [Fact]
    public void No_permits_mean_no_limit()
    {
        var limiter = new RateLimiter(_time, 0, Minute);
        Assert.True(
            Enumerable
                .Range(0, 10_000)
                .All(_ => limiter.TryTake(Ana, out var wait) && wait == TimeSpan.Zero)
        );
    }

    [Fact]
    public void A_negative_limit_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimiter(_time, -1, Minute));

    [Fact]
    public void A_flood_of_made_up_keys_takes_no_memory_and_frees_nobody()
    {
        var limiter = new RateLimiter(_time, 10, TimeSpan.FromHours(1), keys: 256);
        TakeAll(limiter, Ana);
        ulong network = 0;
        var allocated = LeastAllocated.Of(() =>
        {
            for (var end = network + 20_000; network < end; network++)
            {
                limiter.TryTake(RateKey.OfAddress6(network), out _);
            }
        });
        Assert.Equal(0, allocated);
        Assert.False(limiter.TryTake(Ana, out _));
    }

    [Fact]
    public void A_bucket_that_is_full_again_gives_way_before_one_in_use()
    {
        var limiter = new RateLimiter(_time, 2, Minute, keys: 8);
        for (ulong network = 0; network < 7; network++)
        {
            TakeAll(limiter, RateKey.OfAddress6(network));
        }

        _time.Advance(Minute);
        TakeAll(limiter, Ana);
        for (ulong network = 100; network < 107; network++)
        {
            TakeAll(limiter, RateKey.OfAddress6(network));
        }

        Assert.False(limiter.TryTake(Ana, out _));
    }

    [Fact]
    public async Task Many_threads_together_get_what_is_permitted()
    {
        var limiter = new RateLimiter(_time, 5000, Minute);
        var taken = 0;
        await Parallel.ForAsync(
            0,
            20_000,
            TestContext.Current.CancellationToken,
            (_, _) =>
            {
                if (limiter.TryTake(Ana, out TimeSpan _))
                {
                    Interlocked.Increment(ref taken);
                }

                return ValueTask.CompletedTask;
            }
        );
        Assert.Equal(5000, taken);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%2", "fe80::2%3", true)]
    [InlineData("0.0.0.0", "::", false)]
    public void Addresses_of_one_subscriber_share_a_key(string one, string other, bool same) =>
        Assert.Equal(
            same,
            ClientAddress.KeyOf(IPAddress.Parse(one)) == ClientAddress.KeyOf(IPAddress.Parse(other))
        );

    [Fact]
    public void Keys_of_different_kinds_never_meet()
    {
        RateKey[] keys =
        [
            RateKey.NoAddress,
            ClientAddress.KeyOf(IPAddress.Any),
            ClientAddress.KeyOf(IPAddress.IPv6Any),
            RateKey.OfAccount(new AccountId(0)),
            RateKey.OfName(""),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(RateKey.NoAddress, ClientAddress.KeyOf(null));
    }

    private static int TakeAll(RateLimiter limiter, RateKey key)
    {
        var taken = 0;
        while (limiter.TryTake(key, out _))
        {
            taken++;
        }

        return taken;
    }
}
