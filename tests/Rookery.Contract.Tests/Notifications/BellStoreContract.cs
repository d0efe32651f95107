using Rookery.Adapters.Sql;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications;

public sealed class SqliteBellStoreTests() : BellStoreContract(new SqliteFile());

public sealed class PostgresBellStoreTests() : BellStoreContract(PostgresDatabase.Create());

/// <summary>What every store of bells promises.</summary>
public abstract class BellStoreContract : IDisposable
{
    private readonly TestDatabase _database;
    private readonly AccountId _author = Fresh.Account();
    private readonly AccountId _other = Fresh.Account();

    private protected BellStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlBellStore(database.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected IBellStore Store { get; }

    [Fact]
    public async Task Who_rang_is_listed_in_chunks_until_he_does_not_want_to_be_told_any_more()
    {
        var readers = Fresh.Accounts(5);
        foreach (var reader in readers)
        {
            await Store.RingAsync(new Bell(_author, reader), 1, Stop);
            await Store.RingAsync(new Bell(_author, reader), 2, Stop);
        }

        Assert.Equal(readers[..2], await Store.RingersAfterAsync(_author, default, 2, Stop));
        Assert.Equal(readers[2..], await Store.RingersAfterAsync(_author, readers[1], 9, Stop));
        await Store.UnringAsync(new Bell(_author, readers[0]), Stop);
        await Store.UnringAsync(new Bell(_author, readers[0]), Stop);
        Assert.Equal(readers[1..], await Store.RingersAfterAsync(_author, default, 9, Stop));
    }

    [Fact]
    public async Task A_bell_ends_with_its_follow_and_not_with_one_that_had_ended_before()
    {
        var reader = Fresh.Account();
        var bell = new Bell(_author, reader);
        await Store.RingAsync(bell, 10, Stop);
        await Store.EndAsync([new EndedBell(bell, 10)], Stop);
        Assert.Contains(_author, await RungAsync(reader));
        await Store.EndAsync([new EndedBell(bell, 11)], Stop);
        Assert.Empty(await RungAsync(reader));
        await Store.EndAsync([new EndedBell(bell, 12)], Stop);
    }

    [Fact]
    public async Task It_is_known_at_whom_a_reader_rang_and_at_whom_anybody_did()
    {
        var reader = Fresh.Account();
        await Store.RingAsync(new Bell(_author, reader), 1, Stop);
        Assert.Equal([_author], await RungAsync(reader));
        Assert.Empty(await RungAsync(_other));
        Assert.Equal(
            [_author],
            await Store.RungAtAsync(new[] { _other, _author, _author, reader }, Stop)
        );
    }

    [Fact]
    public async Task What_an_account_rang_and_what_was_rung_at_it_goes_with_it()
    {
        await Store.RingAsync(new Bell(_author, _other), 1, Stop);
        await Store.RingAsync(new Bell(_other, _author), 1, Stop);
        var reader = Fresh.Account();
        await Store.RingAsync(new Bell(_author, reader), 1, Stop);
        Assert.Equal(1, await Store.RemoveSomeOfAsync(_other, 1, Stop));
        Assert.Equal(1, await Store.RemoveSomeOfAsync(_other, 9, Stop));
        Assert.Equal(0, await Store.RemoveSomeOfAsync(_other, 9, Stop));
        Assert.Equal([reader], await Store.RingersAfterAsync(_author, default, 9, Stop));
    }

    [Fact]
    public async Task All_are_gone_through_once()
    {
        foreach (var reader in Fresh.Accounts(3))
        {
            await Store.RingAsync(new Bell(_author, reader), 1, Stop);
            await Store.RingAsync(new Bell(_other, reader), 1, Stop);
        }

        var (all, last) = (new List<Bell>(), default(Bell));
        while (await Store.AllAfterAsync(last, 2, Stop) is { Count: > 0 } some)
        {
            all.AddRange(some);
            last = some[^1];
        }

        Assert.Equal(6, all.Count(bell => bell.Author == _author || bell.Author == _other));
        Assert.Equal(all.Distinct(), all);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private ValueTask<IReadOnlySet<AccountId>> RungAsync(AccountId reader) =>
        Store.RungAsync(reader, new[] { _author, _other }, Stop);
}
