using Rookery.Accounts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class AccountsDoorTests : IDisposable
{
    private readonly Held _held;
    private readonly AccountsWorld _world;

    public AccountsDoorTests() => _world = SessionsTests.WithHeldStore(out _held);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IAccounts Door => _world.Get<IAccounts>();

    [Fact]
    public async Task A_card_is_read_once_and_again_when_it_changed()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        await CardAsync(ana);
        await CardAsync(ana);
        Assert.Equal(1, _held.Reads);

        await _world.Get<EditProfile>().HandleAsync(new ProfileEdit(ana, "Anahí", null), Token);
        Assert.Equal("Anahí", (await CardAsync(ana))!.DisplayName);
        await CountPostAsync(1, ana);
        Assert.Equal(1, (await CardAsync(ana))!.Counts.Posts);
        Assert.Equal(3, _held.Reads);
    }

    [Fact]
    public async Task All_missing_cards_of_a_page_are_one_read()
    {
        var ids = new List<AccountId>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((await _world.Get<CreateAccount>().HandleAsync("Ali", Token)).Value.Id);
        }

        await CardAsync(ids[3]);
        var page = await Door.CardsAsync(ids.Concat(ids).ToArray(), Token);
        Assert.Equal(ids.Order(), page.Select(card => card.Id).Order());
        Assert.Equal(2, _held.Reads);
    }

    [Fact]
    public async Task A_card_read_while_its_profile_was_edited_is_not_kept()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        var reached = _held.HoldNextRead();
        var load = CardAsync(ana);
        await reached;
        await _world.Get<EditProfile>().HandleAsync(new ProfileEdit(ana, "Anahí", null), Token);
        _held.LetGo();
        Assert.Equal("ana", (await load)!.DisplayName);

        Assert.Equal("Anahí", (await CardAsync(ana))!.DisplayName);
    }

    [Fact]
    public async Task The_profile_version_changes_with_the_profile_and_not_with_counters()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        var bob = (await _world.SignUpAsync("bob")).Account;
        var ordinals = _world.Get<AccountOrdinals>();
        var (one, other) = (ordinals.GetOrAdd(ana), ordinals.GetOrAdd(bob));
        var before = (Door.ProfileVersion(one), Door.ProfileVersion(other));

        await CountPostAsync(1, ana);
        Assert.Equal(before, (Door.ProfileVersion(one), Door.ProfileVersion(other)));
        await _world.Get<EditProfile>().HandleAsync(new ProfileEdit(ana, null, "Waders"), Token);
        var edited = Door.ProfileVersion(one);
        Assert.NotEqual(before.Item1, edited);
        await _world.Get<DeleteAccount>().HandleAsync(ana, Token);
        Assert.NotEqual(edited, Door.ProfileVersion(one));
        Assert.Equal(before.Item2, Door.ProfileVersion(other));
        _world.Get<AccountCards>().Forget();
        Assert.NotEqual(before.Item2, Door.ProfileVersion(other));
    }

    [Fact]
    public async Task A_deleted_account_does_not_exist_at_the_door()
    {
        var ana = await _world.SignUpAsync("ana");
        await CardAsync(ana.Account);
        await Door.AuthenticateAsync(ana.AuthToken, Token);
        await _world.Get<DeleteAccount>().HandleAsync(ana.Account, Token);

        Assert.Null(await CardAsync(ana.Account));
        Assert.Null(await Door.AuthenticateAsync(ana.AuthToken, Token));
        Assert.Empty(await Door.ResolveAsync(["ana"], Token));
    }

    [Fact]
    public async Task That_an_account_exists_is_not_read_again_for_what_was_counted()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        var nobody = new AccountId(77);
        Assert.Equal([nobody], await Door.UnknownAsync(new[] { ana, nobody }, Token));
        await CountPostAsync(1, ana);
        Assert.Empty(await Door.UnknownAsync(new[] { ana }, Token));
        Assert.Empty((await LocksAsync(ana)).Locked);
        Assert.Equal(1, _held.Reads);

        await _world.Get<DeleteAccount>().HandleAsync(ana, Token);
        Assert.Equal([ana], await Door.UnknownAsync(new[] { ana }, Token));
    }

    [Fact]
    public async Task That_an_account_is_locked_is_known_from_its_card_until_the_owner_changes_it()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        await CardAsync(ana);
        await LockAsync(true);
        Assert.Equal([ana], (await LocksAsync(ana)).Locked);
        var reads = _held.Reads;
        await CountPostAsync(1, ana);
        Assert.Equal([ana], (await LocksAsync(ana)).Locked);
        Assert.Equal(reads, _held.Reads);
        await LockAsync(false);
        Assert.Empty((await LocksAsync(ana)).Locked);

        async Task LockAsync(bool isLocked) =>
            Assert.True(
                (
                    await _world
                        .Get<EditProfile>()
                        .HandleAsync(
                            new ProfileEdit(ana, null, null) { IsLocked = isLocked },
                            Token
                        )
                ).Succeeded
            );
    }

    private ValueTask<AccountLocks> LocksAsync(AccountId account) =>
        Door.LocksAsync(new[] { account }, Token);

    [Fact]
    public async Task Ids_of_nobody_get_no_ordinal()
    {
        Assert.Null(await CardAsync(new AccountId(77)));
        Assert.False(_world.Get<AccountOrdinals>().TryGet(new AccountId(77), out _));
    }

    [Fact]
    public async Task An_account_is_found_by_id_and_by_its_username_in_any_case()
    {
        var find = _world.Get<FindAccount>();
        var ana = await _world.SignUpAsync("Ana_B");
        Assert.Equal("Ana_B", (await find.ByIdAsync(ana.Account, "user_id", Token)).Value.Username);
        Assert.Equal(
            ana.Account,
            (await find.ByUsernameAsync("aNA_b", "username", Token)).Value.Id
        );
        foreach (var nobody in new[] { "ana", "", "it's not a name", new string('x', 1 << 20) })
        {
            var problem = (await find.ByUsernameAsync(nobody, "username", Token)).Problem!;
            Assert.Equal((ProblemKind.NotFound, "username"), (problem.Kind, problem.Field));
        }

        var byId = (await find.ByIdAsync(new AccountId(7), "user_id", Token)).Problem!;
        Assert.Equal((ProblemKind.NotFound, "user_id"), (byId.Kind, byId.Field));
    }

    public void Dispose() => _world.Dispose();

    private async Task<AccountCard?> CardAsync(AccountId id) =>
        (await Door.CardsAsync(new[] { id }, Token)).SingleOrDefault();

    private Task CountPostAsync(long sequence, AccountId author) =>
        _world
            .Get<IAccountCountStore>()
            .ApplyAsync(
                "account-counts",
                [new CountedEvent(sequence, [new CountChange(author, new AccountCounts(1, 0, 0))])],
                Token
            );
}
