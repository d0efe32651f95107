using Rookery.Accounts;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What every store of accounts' counters promises.</summary>
public abstract class AccountCountStoreContract
{
    private const string Consumer = "account-counts";

    protected abstract IAccountStore Accounts { get; }

    protected abstract IAccountCountStore Counts { get; }

    protected abstract IReadOnlyList<DomainEvent> Emitted { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_counts_once_however_often_and_in_whatever_company_it_comes()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        CountedEvent[] events =
        [
            .. Enumerable.Range(1, 50).Select(i => Follow(i, ana, bob, i % 5 == 0 ? -1 : 1)),
        ];
        var random = new Random(7);
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ => Counts.ApplyAsync(Consumer, random.GetItems(events, 20), Token))
        );
        random.Shuffle(events);
        await Counts.ApplyAsync(Consumer, events, Token);

        Assert.Equal(new AccountCounts(0, 0, 30), await HeldAsync(ana));
        Assert.Equal(new AccountCounts(0, 30, 0), await HeldAsync(bob));
    }

    [Fact]
    public async Task A_minus_that_overtakes_its_plus_comes_out_even_and_is_never_shown()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await Counts.ApplyAsync(Consumer, [Follow(2, ana, bob, -1)], Token);
        Assert.Equal(default, await ShownAsync(bob));

        await Counts.ApplyAsync(Consumer, [Follow(1, ana, bob, 1)], Token);
        Assert.Equal(default, await HeldAsync(bob));
        await Counts.ApplyAsync(Consumer, [Follow(3, ana, bob, 1)], Token);
        Assert.Equal(new AccountCounts(0, 1, 0), await ShownAsync(bob));
    }

    [Fact]
    public async Task Events_of_two_outboxes_are_not_taken_for_each_other()
    {
        var ana = await CreateAsync();
        CountChange[] post = [new(ana, new AccountCounts(1, 0, 0))];
        CountedEvent[] events = [new(1, post), new(1, post, "one"), new(1, post, "another")];
        await Counts.ApplyAsync(Consumer, events, Token);
        await Counts.ApplyAsync(Consumer, events, Token);
        Assert.Equal(3, (await HeldAsync(ana)).Posts);
    }

    [Fact]
    public async Task All_are_counted_together_but_those_who_are_gone()
    {
        var now = TimeProvider.System.GetUtcNow();
        var before = await Counts.TotalsAsync(now.AddDays(-1), Token);
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        CountedEvent[] events =
        [
            new(1, [new(ana, new AccountCounts(3, 0, 0))]),
            new(2, [new(bob, new AccountCounts(4, 0, 0))]),
        ];
        await Counts.ApplyAsync(Consumer, events, Token);
        var both = await Counts.TotalsAsync(now.AddDays(-1), Token);
        Assert.Equal((before.Accounts + 2, before.Posts + 7), (both.Accounts, both.Posts));
        Assert.Equal(before.Lately, both.Lately);

        await Accounts.DeleteAsync(bob, Token);
        var one = await Counts.TotalsAsync(now.AddDays(-1), Token);
        Assert.Equal((before.Accounts + 1, before.Posts + 3), (one.Accounts, one.Posts));
    }

    [Fact]
    public async Task Two_consumers_do_not_take_each_others_events_for_applied()
    {
        var ana = await CreateAsync();
        CountedEvent[] post = [new(1, [new CountChange(ana, new AccountCounts(1, 0, 0))])];
        await Counts.ApplyAsync(Consumer, post, Token);
        await Counts.ApplyAsync("another", post, Token);
        Assert.Equal(2, (await HeldAsync(ana)).Posts);
    }

    [Fact]
    public async Task Deleted_and_unknown_accounts_have_no_counters_while_the_others_of_the_event_do()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await Counts.ApplyAsync(Consumer, [Follow(1, ana, bob, 1)], Token);
        await Accounts.DeleteAsync(bob, Token);
        await Counts.ApplyAsync(
            Consumer,
            [Follow(2, ana, bob, 1), Follow(3, ana, new AccountId(5), 1)],
            Token
        );

        Assert.Equal(3, (await HeldAsync(ana)).Following);
        var held = await Counts.ReadAfterAsync(default, 10, Token);
        Assert.Equal(ana, Assert.Single(held).Account);
    }

    [Fact]
    public async Task A_repair_sets_the_truth_unless_something_was_counted_since()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await Counts.ApplyAsync(Consumer, [Follow(1, ana, bob, 1)], Token);
        var truth = new AccountCounts(7, 8, 9);
        CountDifference[] differences =
        [
            new(ana, new AccountCounts(0, 0, 1), truth),
            new(bob, new AccountCounts(0, 0, 0), truth),
        ];

        Assert.Equal(1, await Counts.RepairAsync(differences, Token));
        Assert.Equal(truth, await HeldAsync(ana));
        Assert.Equal(new AccountCounts(0, 1, 0), await HeldAsync(bob));
    }

    [Fact]
    public async Task What_was_counted_is_announced()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        await Counts.ApplyAsync(Consumer, [Follow(1, ana, bob, 1)], Token);
        await Counts.ApplyAsync(Consumer, [Follow(1, ana, bob, 1)], Token);
        var announced = Assert.Single(Emitted.OfType<AccountsCounted>());
        Assert.Equal([ana, bob], announced.Accounts.Order());
    }

    [Fact]
    public async Task Accounts_without_counters_hold_zeros()
    {
        var (ana, bob) = (await CreateAsync(), await CreateAsync());
        var first = await Counts.ReadAfterAsync(default, 1, Token);
        var second = await Counts.ReadAfterAsync(first[0].Account, 1, Token);
        Assert.Equal(
            [new HeldCounts(ana, default), new HeldCounts(bob, default)],
            first.Concat(second)
        );
        Assert.Empty(await Counts.ReadAfterAsync(bob, 1, Token));
    }

    [Fact]
    public async Task The_most_followed_come_first_and_of_equals_the_older()
    {
        var accounts = new List<AccountId>();
        for (var i = 0; i < 5; i++)
        {
            accounts.Add(await CreateAsync());
        }

        int[] followers = [1, 3, 0, 3, 5];
        var sequence = 0;
        foreach (var (account, count) in accounts.Zip(followers))
        {
            for (var i = 0; i < count; i++)
            {
                await Counts.ApplyAsync(
                    Consumer,
                    [Follow(++sequence, accounts[2], account, 1)],
                    Token
                );
            }
        }

        await Accounts.DeleteAsync(accounts[4], Token);
        Assert.Equal(
            [accounts[1], accounts[3], accounts[0]],
            await Counts.MostFollowedAsync(3, Token)
        );
    }

    private static CountedEvent Follow(long sequence, AccountId one, AccountId other, long by) =>
        new(
            sequence,
            [
                new CountChange(one, new AccountCounts(0, 0, by)),
                new CountChange(other, new AccountCounts(0, by, 0)),
            ]
        );

    private async Task<AccountId> CreateAsync()
    {
        var name = DisplayName.Parse("Person", "name").Value;
        return (await Accounts.CreateAsync(name, Token)).Id;
    }

    private async Task<AccountCounts> HeldAsync(AccountId account) =>
        Assert.Single(await Counts.ReadAsync(new[] { account }, Token)).Counts;

    private async Task<AccountCounts> ShownAsync(AccountId account) =>
        Assert.Single(await Accounts.CardsAsync(new[] { account }, Token)).Counts;
}
