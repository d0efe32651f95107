using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class AccountOrdinalsTests
{
    private const int Accounts = 50_000;

    private readonly AccountOrdinals _ordinals = new();

    [Fact]
    public void Ordinals_are_dense_and_lead_back_to_the_account()
    {
        for (var i = 0; i < Accounts; i++)
        {
            Assert.Equal(i, _ordinals.GetOrAdd(Id(i)));
        }

        for (var i = 0; i < Accounts; i++)
        {
            Assert.Equal(i, _ordinals.GetOrAdd(Id(i)));
            Assert.Equal(Id(i), _ordinals.IdOf(i));
        }

        Assert.Equal(Accounts, _ordinals.Count);
        Assert.False(_ordinals.TryGet(Id(Accounts), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ordinals.IdOf(Accounts));
    }

    [Fact]
    public async Task Writers_agree_and_readers_find_what_is_there_while_the_table_grows()
    {
        var token = TestContext.Current.CancellationToken;
        var writers = Enumerable.Range(0, 2).Select(_ => Task.Run(AddAll, token)).ToArray();
        var reader = Task.Run(() => ReadUntil(Task.WhenAll(writers)), token);
        await Task.WhenAll([.. writers, reader]);
        Assert.Equal(Accounts, _ordinals.Count);
        Assert.Equal(
            Accounts,
            Enumerable.Range(0, Accounts).Select(i => _ordinals.GetOrAdd(Id(i))).Distinct().Count()
        );
    }

    private void AddAll()
    {
        for (var i = 0; i < Accounts; i++)
        {
            _ordinals.GetOrAdd(Id(i));
        }
    }

    private void ReadUntil(Task done)
    {
        while (!done.IsCompleted)
        {
            var ordinal = _ordinals.Count - 1;
            if (ordinal >= 0)
            {
                Assert.True(_ordinals.TryGet(_ordinals.IdOf(ordinal), out var found));
                Assert.Equal(ordinal, found);
            }
        }
    }

    private static AccountId Id(int i) => new(Snowflake.Compose(i / 3, i % 7, 1, i % 64));
}
