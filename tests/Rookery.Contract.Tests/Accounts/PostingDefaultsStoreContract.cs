using Rookery.Accounts;
using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What every store of posting defaults promises.</summary>
public abstract class PostingDefaultsStoreContract
{
    protected abstract IAccountStore Accounts { get; }

    protected abstract IPostingDefaultsStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_said_anew_stays_and_is_the_accounts_alone()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        Assert.Equal(PostingDefaults.Usual, await Store.FindAsync(ana, Token));

        await AssertChangedAsync(Visibility.Unlisted, null, new(Visibility.Unlisted, false));
        await AssertChangedAsync(null, true, new(Visibility.Unlisted, true));
        await AssertChangedAsync(null, null, new(Visibility.Unlisted, true));
        await AssertChangedAsync(Visibility.Followers, false, new(Visibility.Followers, false));
        Assert.Equal(PostingDefaults.Usual, await Store.FindAsync(bob, Token));

        async Task AssertChangedAsync(
            Visibility? visibility,
            bool? isSensitive,
            PostingDefaults expected
        )
        {
            Assert.Equal(expected, await Store.ChangeAsync(ana, visibility, isSensitive, Token));
            Assert.Equal(expected, await Store.FindAsync(ana, Token));
        }
    }

    [Fact]
    public async Task Nobody_who_is_not_there_has_any()
    {
        var ana = await CreateAsync();
        await Store.ChangeAsync(ana, Visibility.Followers, true, Token);
        await Accounts.DeleteAsync(ana, Token);
        Assert.Equal(PostingDefaults.Usual, await Store.FindAsync(ana, Token));
        Assert.Null(await Store.ChangeAsync(ana, Visibility.Followers, true, Token));
        Assert.Null(await Store.ChangeAsync(new AccountId(1), Visibility.Followers, true, Token));
    }

    private async Task<AccountId> CreateAsync() =>
        (await Accounts.CreateAsync(DisplayName.Parse("Ana", "name").Value, Token)).Id;
}
