using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class BoundedCacheTests
{
    [Fact]
    public void It_answers_what_was_put_last_and_nothing_for_others()
    {
        var cache = new BoundedCache<AccountId, string>(64);
        Assert.Null(cache.Find(new AccountId(1)));
        cache.Put(new AccountId(1), "one");
        cache.Put(new AccountId(1), "another");
        Assert.Equal("another", cache.Find(new AccountId(1)));
        Assert.Null(cache.Find(new AccountId(2)));
    }

    [Fact]
    public void What_was_removed_is_not_there_and_the_others_of_its_row_are()
    {
        // One row and another: some of the keys share one.
        var cache = new BoundedCache<AccountId, string>(2);
        var ids = Enumerable.Range(1, 4).Select(id => new AccountId(id)).ToList();
        ids.ForEach(id => cache.Put(id, $"{id}"));
        cache.Remove(ids[1]);
        cache.Remove(new AccountId(77));
        Assert.Null(cache.Find(ids[1]));
        Assert.Equal(3, ids.Count(id => cache.Find(id) == $"{id}"));
        cache.Put(ids[1], "again");
        Assert.Equal("again", cache.Find(ids[1]));
    }

    [Fact]
    public void It_holds_nearly_its_capacity_and_never_more_and_what_it_holds_is_right()
    {
        var cache = new BoundedCache<AccountId, string>(1024);
        for (var id = 1L; id <= 10_000; id++)
        {
            // Ids as accounts have them: milliseconds apart, alike in their lower bits.
            cache.Put(new AccountId(id << 22), $"{id}");
        }

        var held = 0;
        for (var id = 1L; id <= 10_000; id++)
        {
            if (cache.Find(new AccountId(id << 22)) is { } found)
            {
                Assert.Equal($"{id}", found);
                held++;
            }
        }

        Assert.InRange(held, cache.Capacity * 9 / 10, cache.Capacity);
        Assert.NotNull(cache.Find(new AccountId(10_000L << 22)));
    }
}
