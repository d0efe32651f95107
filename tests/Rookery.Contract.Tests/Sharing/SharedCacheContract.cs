using Rookery.Sharing;
using Xunit;

namespace Rookery.Contract.Tests.Sharing;

/// <summary>What every shared cache promises, also one that keeps nothing: what it gives was put there, and it never fails.</summary>
public abstract class SharedCacheContract
{
    private static long s_last = TimeProvider.System.GetTimestamp();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract ISharedCache Cache { get; }

    [Fact]
    public async Task Nothing_stands_where_nothing_was_put()
    {
        var keys = Keys(3);
        var places = await Cache.GetAsync(keys, Stop);
        Assert.Equal(3, places.Count);
        Assert.All(places, place => Assert.Null(place.Value));
    }

    [Fact]
    public async Task What_was_put_without_a_lease_does_not_stand()
    {
        var key = Keys(1)[0];
        await Cache.FillAsync([new SharedFill(key, 1, "never"u8.ToArray())], Stop);
        Assert.Null((await Cache.GetAsync([key], Stop))[0].Value);
    }

    [Fact]
    public async Task Nothing_is_asked_and_nothing_is_put()
    {
        Assert.Empty(await Cache.GetAsync([], Stop));
        await Cache.FillAsync([], Stop);
    }

    /// <summary>Keys that no other test has, of both kinds.</summary>
    private protected static List<SharedKey> Keys(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new SharedKey(
                    i % 2 == 0 ? SharedKind.Post : SharedKind.Card,
                    Interlocked.Increment(ref s_last)
                )),
        ];
}

/// <summary>And what those promise that keep something.</summary>
public abstract class KeepingCacheContract : SharedCacheContract
{
    [Fact]
    public async Task It_says_that_it_keeps_something()
    {
        Assert.True(Cache.Keeps);
        await FilledAsync(Keys(1)[0], "v"u8.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(200_000)]
    public async Task Bytes_stand_as_they_were_put(int size)
    {
        var value = new byte[size];
        new Random(size).NextBytes(value);
        var key = Keys(1)[0];
        await FilledAsync(key, value);
        Assert.Equal(value, (await Cache.GetAsync([key], Stop))[0].Value!.Value.ToArray());
    }

    [Fact]
    public async Task Many_are_read_in_the_order_in_which_they_are_asked_for()
    {
        var keys = Keys(100);
        var leases = await Cache.GetAsync(keys, Stop);
        await Cache.FillAsync(
            [
                .. keys.Select((key, i) => (key, i))
                    .Where(place => place.i % 3 != 0)
                    .Select(place => new SharedFill(
                        place.key,
                        leases[place.i].Lease!.Value,
                        new[] { (byte)place.i }
                    )),
            ],
            Stop
        );
        var places = await Cache.GetAsync(keys, Stop);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? (byte?)null : (byte)i),
            places.Select(place => place.Value?.Span[0])
        );
    }

    [Fact]
    public async Task A_post_and_a_card_of_one_number_are_two_places()
    {
        var id = Keys(1)[0].Id;
        await FilledAsync(new SharedKey(SharedKind.Post, id), "post"u8.ToArray());
        Assert.Null((await Cache.GetAsync([new SharedKey(SharedKind.Card, id)], Stop))[0].Value);
    }

    [Fact]
    public async Task Of_many_who_miss_one_may_fill()
    {
        var key = Keys(1)[0];
        var first = (await Cache.GetAsync([key], Stop))[0];
        var second = (await Cache.GetAsync([key], Stop))[0];
        Assert.NotNull(first.Lease);
        Assert.Null(second.Lease);
    }

    [Fact]
    public async Task Who_looked_before_another_filled_does_not_fill()
    {
        var key = Keys(1)[0];
        await FilledAsync(key, "one"u8.ToArray());
        var seen = (await Cache.GetAsync([key], Stop))[0];
        var other = (await Cache.GetAsync([key], Stop))[0];
        await Cache.FillAsync([new SharedFill(key, other.Lease!.Value, "two"u8.ToArray())], Stop);
        await Cache.FillAsync([new SharedFill(key, seen.Lease!.Value, "old"u8.ToArray())], Stop);
        Assert.Equal("two"u8.ToArray(), (await Cache.GetAsync([key], Stop))[0].Value!.Value);
    }

    private protected async Task FilledAsync(SharedKey key, byte[] value)
    {
        var place = (await Cache.GetAsync([key], Stop))[0];
        await Cache.FillAsync([new SharedFill(key, place.Lease!.Value, value)], Stop);
        Assert.Equal(value, (await Cache.GetAsync([key], Stop))[0].Value!.Value.ToArray());
    }
}
