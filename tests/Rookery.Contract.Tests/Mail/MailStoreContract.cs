using Rookery.Accounts;
using Rookery.Mail;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Mail;

/// <summary>What every queue of mails promises.</summary>
public abstract class MailStoreContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private int _orders;

    protected abstract IMailStore Store { get; }

    protected abstract IAccountStore Accounts { get; }

    private protected FakeTime Time { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_due_at_once_and_is_what_was_ordered()
    {
        var order = Order() with
        {
            Parameters = new Dictionary<string, string>
            {
                ["a"] = "'quoted' \U0001F426",
                ["b"] = "",
            },
        };

        Assert.False(await Store.AreDueAsync(Time.GetUtcNow(), Token));
        await Store.AddAsync(order, Token);

        Assert.True(await Store.AreDueAsync(Time.GetUtcNow(), Token));
        var due = Assert.Single(await Store.ClaimAsync(9, Minute, Token));
        Assert.Equal(
            (order.Key, order.Kind, order.Account, 1, ""),
            (due.Key, due.Kind, due.Account, due.Attempt, due.LastError)
        );
        Assert.Equal(order.Parameters, due.Parameters);
        Assert.Equal((Time.GetUtcNow(), Time.GetUtcNow() + Hour), (due.QueuedAt, due.Until));
        Assert.Equal(("'quoted' \U0001F426", "", ""), (due["a"], due["b"], due["c"]));
    }

    [Fact]
    public async Task How_a_mail_is_can_be_asked_for_as_long_as_its_key_is_remembered()
    {
        var order = Order();
        Assert.Null(await Store.StateAsync(order.Key, Token));
        await Store.AddAsync(order, Token);
        Assert.Equal(MailState.Waiting, await Store.StateAsync(order.Key, Token));
        var due = Assert.Single(await Store.ClaimAsync(9, Minute, Token));
        await Store.EndAsync(due, MailState.Dropped, "", Token);
        Assert.Equal(MailState.Dropped, await Store.StateAsync(order.Key, Token));
        var now = Time.GetUtcNow();
        await Store.PruneAsync(now + Minute, now + Minute, 9, Token);
        Assert.Null(await Store.StateAsync(order.Key, Token));
    }

    [Fact]
    public async Task The_same_order_again_is_none_also_when_it_was_sent()
    {
        var order = Order();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.AddAsync(order, Token)));

        var due = Assert.Single(await Store.ClaimAsync(9, Minute, Token));
        await Store.AddAsync(order with { Kind = "other" }, Token);
        await Store.EndAsync(due, MailState.Sent, "", Token);
        await Store.AddAsync(order, Token);

        Time.Advance(Hour);
        Assert.Empty(await Store.ClaimAsync(9, Minute, Token));
        Assert.Equal(0, (await Store.BacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task Of_those_who_claim_at_the_same_time_each_gets_other_mails()
    {
        for (var i = 0; i < 40; i++)
        {
            await Store.AddAsync(Order(), Token);
        }

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Store.ClaimAsync(4, Minute, Token))
        );

        Assert.All(claims, claim => Assert.Equal(4, claim.Count));
        Assert.Equal(
            40,
            claims.SelectMany(claim => claim).Select(mail => mail.Key).Distinct().Count()
        );
        Assert.Empty(await Store.ClaimAsync(4, Minute, Token));
    }

    [Fact]
    public async Task A_claim_that_nobody_ends_lapses_and_who_comes_late_changes_nothing()
    {
        await Store.AddAsync(Order(), Token);
        var first = Assert.Single(await Store.ClaimAsync(1, Minute, Token));

        Time.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.Empty(await Store.ClaimAsync(1, Minute, Token));
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        Assert.Equal((first.Key, 2), (second.Key, second.Attempt));

        await Store.PutOffAsync(first, Hour, "late", Token);
        await Store.EndAsync(first, MailState.GivenUp, "late", Token);
        Time.Advance(Minute);
        var third = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        Assert.Equal((3, ""), (third.Attempt, third.LastError));
        // It is at the reader's, whoever sent it.
        await Store.EndAsync(second, MailState.Sent, "", Token);
        await Store.EndAsync(third, MailState.GivenUp, "late", Token);
        Assert.Equal((0, 0), await CountsAsync());
    }

    [Fact]
    public async Task What_is_put_off_is_due_when_that_is_over_and_not_after_its_time()
    {
        await Store.AddAsync(Order(), Token);
        var due = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        await Store.PutOffAsync(due, Minute * 10, "busy", Token);

        Time.Advance(Minute * 9);
        Assert.False(await Store.AreDueAsync(Time.GetUtcNow(), Token));
        Time.Advance(Minute);
        due = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        Assert.Equal((2, "busy"), (due.Attempt, due.LastError));

        await Store.PutOffAsync(due, Hour * 9, "busy still", Token);
        Time.Advance(Minute * 50);
        due = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        Assert.Equal(due.Until, Time.GetUtcNow());
    }

    [Fact]
    public async Task What_no_server_takes_again_and_again_stands_behind_what_was_not_tried_yet()
    {
        await Store.AddAsync(Order() with { Key = "tried" }, Token);
        var due = Assert.Single(await Store.ClaimAsync(1, Minute, Token));
        await Store.PutOffAsync(due, Minute, "not this one", Token);
        Time.Advance(Minute * 2);
        await Store.AddAsync(Order() with { Key = "new" }, Token);

        Assert.Equal("new", Assert.Single(await Store.ClaimAsync(1, Hour, Token)).Key);
        Assert.Equal("tried", Assert.Single(await Store.ClaimAsync(1, Hour, Token)).Key);
    }

    [Fact]
    public async Task Those_that_wait_longest_are_first()
    {
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var order = Order() with { Key = $"{3 - i}" };
            keys.Add(order.Key);
            await Store.AddAsync(order, Token);
            Time.Advance(Minute);
        }

        foreach (var key in keys)
        {
            Assert.Equal(key, Assert.Single(await Store.ClaimAsync(1, Hour, Token)).Key);
        }
    }

    [Fact]
    public async Task The_queue_says_how_it_is()
    {
        Assert.Equal((0, 0), await CountsAsync());
        await Store.AddAsync(Order(), Token);
        var begun = Time.GetUtcNow();
        Time.Advance(Minute);
        await Store.AddAsync(Order(), Token);
        await Store.AddAsync(Order(), Token);
        await Store.AddAsync(Order(), Token);

        var claimed = await Store.ClaimAsync(3, Minute, Token);
        await Store.PutOffAsync(claimed[0], Minute, "busy", Token);
        await Store.EndAsync(claimed[1], MailState.GivenUp, "no such mailbox", Token);
        await Store.EndAsync(claimed[2], MailState.Dropped, "", Token);

        var queue = await Store.BacklogAsync(Token);
        Assert.Equal(
            (2, 1, "busy", "no such mailbox"),
            (queue.Waiting, queue.GivenUp, queue.LastError, queue.LastRefusal)
        );
        Assert.Contains(queue.OldestFrom, (DateTimeOffset?[])[begun, begun + Minute]);
    }

    [Fact]
    public async Task What_is_over_goes_and_what_was_given_up_later()
    {
        foreach (var state in (MailState[])[MailState.Sent, MailState.Dropped, MailState.GivenUp])
        {
            await Store.AddAsync(Order(), Token);
            await Store.EndAsync(
                Assert.Single(await Store.ClaimAsync(1, Minute, Token)),
                state,
                "",
                Token
            );
        }

        await Store.AddAsync(Order(), Token);
        var now = Time.GetUtcNow();
        Assert.Equal(0, await Store.PruneAsync(now - Minute, now - Hour, 9, Token));
        Time.Advance(Minute);
        Assert.Equal(1, await Store.PruneAsync(now, now - Hour, 1, Token));
        Assert.Equal(1, await Store.PruneAsync(now, now - Hour, 9, Token));
        Assert.Equal((1, 1), await CountsAsync());
        Assert.Equal(1, await Store.PruneAsync(now, now, 9, Token));
        Assert.Equal((1, 0), await CountsAsync());
    }

    [Fact]
    public async Task An_account_says_what_it_wants_and_signs_with_one_secret()
    {
        var (ana, bob) = (await CreateAsync("Ana"), await CreateAsync("Bob"));
        Assert.Null(await Store.ChoicesAsync(ana, Token));

        var signed = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store.SignAsync(ana, Token))
        );
        await Store.WantAsync(ana, "b", false, Token);
        await Store.WantAsync(ana, "a", false, Token);
        await Store.WantAsync(ana, "a", false, Token);
        await Store.WantAsync(bob, "b", false, Token);
        await Store.WantAsync(bob, "b", true, Token);
        await Store.WantAsync(bob, "c", true, Token);

        var choices = (await Store.ChoicesAsync(ana, Token))!;
        Assert.Equal(["a", "b"], choices.Unwanted.Order());
        Assert.Single(
            signed.Append(choices).Select(one => Convert.ToHexString(one.Secret.Span)).Distinct()
        );
        Assert.Equal(32, choices.Secret.Length);
        var bobs = (await Store.ChoicesAsync(bob, Token))!;
        Assert.Empty(bobs.Unwanted);
        Assert.NotEqual(choices.Secret.ToArray(), bobs.Secret.ToArray());
    }

    [Fact]
    public async Task With_an_account_goes_everything_of_its_mails()
    {
        var (ana, bob) = (await CreateAsync("Ana"), await CreateAsync("Bob"));
        foreach (var account in (AccountId[])[ana, bob])
        {
            await Store.AddAsync(Order() with { Account = account }, Token);
            await Store.WantAsync(account, "a", false, Token);
        }

        await Accounts.DeleteAsync(ana, Token);

        Assert.Null(await Store.ChoicesAsync(ana, Token));
        Assert.NotNull(await Store.ChoicesAsync(bob, Token));
        Assert.Equal(bob, Assert.Single(await Store.ClaimAsync(9, Minute, Token)).Account);
    }

    private async Task<(long Waiting, long GivenUp)> CountsAsync()
    {
        var queue = await Store.BacklogAsync(Token);
        return (queue.Waiting, queue.GivenUp);
    }

    private MailOrder Order() =>
        new($"test:{++_orders}", "test", new AccountId(7), new Dictionary<string, string>(), Hour);

    private async Task<AccountId> CreateAsync(string name) =>
        (await Accounts.CreateAsync(DisplayName.Parse(name, "name").Value, Token)).Id;
}
