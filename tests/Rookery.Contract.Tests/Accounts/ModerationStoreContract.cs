using System.Security.Cryptography;
using System.Text;
using Rookery.Accounts;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What every store of moderators' decisions promises.</summary>
public abstract class ModerationStoreContract
{
    private static readonly Decision Operators = new(null, "asked for by mail");

    protected abstract IAccountStore Accounts { get; }

    protected abstract IModerationStore Store { get; }

    protected abstract IReadOnlyList<DomainEvent> Emitted { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspended_account_is_no_account_until_that_is_lifted()
    {
        var (ana, session) = await SignUpAsync("ana");

        var suspended = (await Store.SuspendAsync(ana, Operators, Token)).Value;

        Assert.Empty(await Accounts.CardsAsync(new[] { ana }, Token));
        Assert.Empty(await Accounts.ResolveAsync(["ana"], Token));
        Assert.Null(await Accounts.CredentialsAsync(ana, Token));
        Assert.Null(await Accounts.SessionAsync(session, Token));
        var credentials = (await Accounts.CredentialsAsync("ana", Token))!;
        Assert.True(credentials.IsSuspended);
        Assert.False(await Accounts.OpenSessionAsync(credentials, Hash("new"), null, Token));
        Assert.False(await Accounts.SetPasswordAsync(ana, "other", null, null, Token));
        // Nobody takes its name meanwhile.
        Assert.False((await Accounts.SignUpAsync(New("ana", "another"), Token)).Succeeded);

        var restored = (await Store.RestoreAsync(ana, Operators, Token)).Value;

        Assert.Equal(
            "ana",
            Assert.Single(await Accounts.CardsAsync(new[] { ana }, Token)).Username
        );
        Assert.False((await Accounts.CredentialsAsync("ana", Token))!.IsSuspended);
        Assert.Null(await Accounts.SessionAsync(session, Token));
        Assert.True(await Accounts.OpenSessionAsync(credentials, Hash("new"), null, Token));
        Assert.Equal((true, true), (suspended.IsSuspended, suspended.IsNew));
        Assert.Equal((false, true), (restored.IsSuspended, restored.IsNew));
        Assert.True(restored.Version > suspended.Version);
        Assert.Equal(
            [
                new AccountSuspended(ana, suspended.Version),
                new AccountRestored(ana, restored.Version),
            ],
            Emitted.Where(happened => happened is AccountSuspended or AccountRestored)
        );
        Assert.Contains(new SessionsEnded(ana), Emitted);
    }

    [Fact]
    public async Task What_is_decided_about_no_account_is_written_down_by_who_may_decide_it()
    {
        var (ana, _) = await SignUpAsync("ana");
        await Store.GiveRoleAsync(ana, AccountRole.Moderator, Operators, Token);
        var decision = new Decision(ana, "There are no eggs here.");

        var refused = await Store.RecordAsync(
            ActKind.LetterDiscarded,
            AccountRole.Admin,
            decision,
            "relay 7",
            Token
        );
        await Store.GiveRoleAsync(ana, AccountRole.Admin, Operators, Token);
        var taken = await Store.RecordAsync(
            ActKind.LetterDiscarded,
            AccountRole.Admin,
            decision,
            "relay 7",
            Token
        );

        Assert.Equal(ProblemKind.Forbidden, refused.Problem?.Kind);
        Assert.True(taken.Succeeded);
        var act = (await Store.ActsAsync(null, new ActId(long.MaxValue), 10, Token))[0];
        Assert.Equal(
            (ActKind.LetterDiscarded, ana, null, "relay 7", "There are no eggs here."),
            (act.Kind, act.By!.Value, act.About, act.Detail, act.Reason)
        );
        Assert.Single(
            await Store.ActsAsync(null, new ActId(long.MaxValue), 10, Token),
            one => one.Kind == ActKind.LetterDiscarded
        );
    }

    [Fact]
    public async Task What_is_so_already_changes_nothing_and_is_no_act()
    {
        var (ana, _) = await SignUpAsync("ana");
        Assert.False((await Store.RestoreAsync(ana, Operators, Token)).Value.IsNew);
        var first = (await Store.SuspendAsync(ana, Operators, Token)).Value;
        var again = (await Store.SuspendAsync(ana, Operators, Token)).Value;
        Assert.True((await Store.RestoreAsync(ana, Operators, Token)).Value.IsNew);
        Assert.True((await Store.GiveRoleAsync(ana, AccountRole.Admin, Operators, Token)).Value);
        Assert.False((await Store.GiveRoleAsync(ana, AccountRole.Admin, Operators, Token)).Value);

        Assert.Equal((first.Version, false), (again.Version, again.IsNew));
        Assert.Equal(
            [ActKind.RoleGiven, ActKind.Restored, ActKind.Suspended],
            (await ActsAsync(ana)).Select(act => act.Kind)
        );
    }

    [Fact]
    public async Task Only_a_higher_role_decides_about_an_account_and_nobody_about_their_own()
    {
        var (member, _) = await SignUpAsync("member");
        var (other, _) = await SignUpAsync("other");
        var moderator = await WithRoleAsync("moderator", AccountRole.Moderator);
        var second = await WithRoleAsync("second", AccountRole.Moderator);
        var admin = await WithRoleAsync("admin", AccountRole.Admin);

        foreach (
            var (by, about) in new[]
            {
                (member, other),
                (member, moderator),
                (moderator, moderator),
                (moderator, second),
                (moderator, admin),
                (admin, admin),
            }
        )
        {
            var refused = await Store.SuspendAsync(about, new Decision(by, "no"), Token);
            Assert.Equal(ProblemKind.Forbidden, refused.Problem?.Kind);
        }

        Assert.True((await Store.SuspendAsync(member, new(moderator, "spam"), Token)).Succeeded);
        Assert.True((await Store.SuspendAsync(moderator, new(admin, "theirs"), Token)).Succeeded);
        // Who is suspended decides nothing any more.
        var late = await Store.RestoreAsync(member, new Decision(moderator, "no"), Token);
        Assert.Equal(ProblemKind.Forbidden, late.Problem?.Kind);
        Assert.Equal(AccountRole.Member, await Store.RoleAsync(moderator, Token));
        Assert.Equal([second, admin], (await Store.ModeratorsAsync(Token)).Select(one => one.Id));
        Assert.True((await Store.SuspendAsync(admin, Operators, Token)).Succeeded);
        var act = Assert.Single(await ActsAsync(member));
        Assert.Equal(
            (ActKind.Suspended, (AccountId?)moderator, "spam"),
            (act.Kind, act.By, act.Reason)
        );
    }

    [Fact]
    public async Task A_deleted_account_is_neither_suspended_nor_restored_and_a_suspended_one_can_be_deleted()
    {
        var (ana, _) = await SignUpAsync("ana");
        await Store.SuspendAsync(ana, Operators, Token);
        Assert.Equal(
            AccountState.Suspended,
            Assert.Single(await Store.AccountsAsync(new[] { ana }, Token)).State
        );
        Assert.True((await Accounts.DeleteAsync(ana, Token)).Value);

        Assert.Empty(await Store.AccountsAsync(new[] { ana }, Token));
        Assert.Null(await Store.AccountAsync("ana", Token));
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.SuspendAsync(ana, Operators, Token)).Problem?.Kind
        );
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.RestoreAsync(ana, Operators, Token)).Problem?.Kind
        );
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.GiveRoleAsync(ana, AccountRole.Admin, Operators, Token)).Problem?.Kind
        );
    }

    [Fact]
    public async Task Acts_are_listed_newest_first_page_by_page()
    {
        var (ana, _) = await SignUpAsync("ana");
        var (bob, _) = await SignUpAsync("bob");
        foreach (var (about, reason) in new[] { (ana, "1"), (bob, "2"), (ana, "3"), (bob, "4") })
        {
            var decision = new Decision(null, reason);
            var isNew = reason is "1" or "2";
            await (
                isNew
                    ? Store.SuspendAsync(about, decision, Token)
                    : Store.RestoreAsync(about, decision, Token)
            );
        }

        var all = await Store.ActsAsync(null, new ActId(long.MaxValue), 99, Token);
        var first = await Store.ActsAsync(null, new ActId(long.MaxValue), 2, Token);
        var rest = await Store.ActsAsync(null, first[^1].Id, 99, Token);

        Assert.Equal(["4", "3", "2", "1"], all.Select(act => act.Reason));
        Assert.Equal(["4", "2"], (await ActsAsync(bob)).Select(act => act.Reason));
        Assert.Equal(all, first.Concat(rest));
        Assert.All(all, act => Assert.Equal((null, null), (act.By, act.Report)));
    }

    private async Task<IReadOnlyList<Act>> ActsAsync(AccountId about) =>
        await Store.ActsAsync(about, new ActId(long.MaxValue), 99, Token);

    private async Task<AccountId> WithRoleAsync(string name, AccountRole role)
    {
        var (account, _) = await SignUpAsync(name);
        Assert.True((await Store.GiveRoleAsync(account, role, Operators, Token)).Value);
        return account;
    }

    private async Task<(AccountId Account, TokenHash Session)> SignUpAsync(string name) =>
        ((await Accounts.SignUpAsync(New(name, name), Token)).Value, Hash(name));

    private static NewAccount New(string name, string session) =>
        new(
            Handle.Parse(name, "username").Value,
            DisplayName.Parse(name, "name").Value,
            EmailAddress.Parse($"{name}@example.org", "email").Value,
            "hash",
            Hash(session)
        );

    private static TokenHash Hash(string token) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
