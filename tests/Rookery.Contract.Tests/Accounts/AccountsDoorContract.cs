using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What the door of accounts promises, wherever accounts runs.</summary>
public abstract class AccountsDoorContract : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerInProcess _server = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected IAccounts Door { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerInProcess.StartAsync(_folder.Path, World.FastSettings, Stop);
        Door = DoorOf(_server);
    }

    public async ValueTask DisposeAsync()
    {
        (Door as IDisposable)?.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract IAccounts DoorOf(ServerInProcess server);

    [Fact]
    public async Task Cards_say_what_others_see_and_leave_out_who_does_not_exist()
    {
        var ana = await SignUpAsync("ana");
        var bob = await SignUpAsync("Bob_B");
        (await ana.RelateAsync("follow", bob.Id, Stop)).Require(200);
        (await ana.PostAsync("first", Stop)).Require(201);
        await _server.SettleAsync(Stop);

        var cards = await Door.CardsAsync(new[] { ana.Id, new(77), bob.Id, ana.Id }, Stop);
        Assert.Equal([ana.Id, bob.Id], cards.Select(card => card.Id).Order());
        var card = cards.Single(card => card.Id == ana.Id);
        Assert.Equal(("ana", "ana", ""), (card.Username, card.DisplayName, card.Bio));
        Assert.Equal(new AccountCounts(1, 0, 1), card.Counts);
        Assert.InRange(
            TimeProvider.System.GetUtcNow() - card.CreatedAt,
            TimeSpan.Zero,
            TimeSpan.FromHours(1)
        );
        Assert.Equal("Bob_B", cards.Single(card => card.Id == bob.Id).Username);
    }

    [Fact]
    public async Task All_accounts_are_walked_through_with_whether_strangers_may_find_them()
    {
        var ana = await SignUpAsync("ana");
        var bob = await SignUpAsync("bob");
        var carol = await SignUpAsync("carol");
        (await bob.EditProfileAsync(new { indexable = false }, Stop)).Require(200);
        (await carol.DeleteAccountAsync(Stop)).Require(200);

        var all = await Door.AllAboveAsync(default, Stop);

        Assert.Equal(
            new[] { (ana.Id, true), (bob.Id, false) }.Order(),
            all.Select(card => (card.Id, card.IsIndexable))
        );
        Assert.Equal([all[1]], await Door.AllAboveAsync(all[0].Id, Stop));
        Assert.Empty(await Door.AllAboveAsync(all[1].Id, Stop));
    }

    [Fact]
    public async Task Of_many_accounts_it_names_those_that_do_not_exist()
    {
        var ana = await SignUpAsync("ana");
        var nobody = Enumerable.Range(1, 2_500).Select(i => new AccountId(i)).ToArray();
        Assert.Equal(
            nobody.Order(),
            (await Door.UnknownAsync(nobody.Append(ana.Id).ToArray(), Stop)).Order()
        );
        Assert.Empty(await Door.UnknownAsync(new[] { ana.Id }, Stop));
        Assert.Empty(await Door.UnknownAsync(ReadOnlyMemory<AccountId>.Empty, Stop));
    }

    [Fact]
    public async Task Who_is_locked_is_said_as_acknowledged_before()
    {
        var (ana, bob) = (await SignUpAsync("ana"), await SignUpAsync("bob"));
        AccountId[] all = [ana.Id, new(77), bob.Id];
        for (var time = 0; time < 3; time++)
        {
            (await bob.EditProfileAsync(new { locked = true }, Stop)).Require(200);
            var (unknown, locked) = await Door.LocksAsync(all, Stop);
            Assert.Equal([new(77)], unknown);
            Assert.Equal([bob.Id], locked);
            Assert.True(Assert.Single(await Door.CardsAsync(new[] { bob.Id }, Stop)).IsLocked);
            (await bob.EditProfileAsync(new { locked = false }, Stop)).Require(200);
            Assert.Empty((await Door.LocksAsync(all, Stop)).Locked);
        }

        Assert.Empty((await Door.LocksAsync(ReadOnlyMemory<AccountId>.Empty, Stop)).Unknown);
    }

    [Fact]
    public async Task Usernames_are_found_in_lower_case()
    {
        var bob = await SignUpAsync("Bob_B");
        var found = await Door.ResolveAsync(["bob_b", "nobody"], Stop);
        Assert.Equal(new Dictionary<string, AccountId> { ["bob_b"] = bob.Id }, found);
        Assert.Empty(await Door.ResolveAsync([], Stop));
    }

    [Fact]
    public async Task A_token_is_its_accounts_until_it_is_revoked()
    {
        var ana = await SignUpAsync("ana");
        Assert.Equal(ana.Id, await Door.AuthenticateAsync(ana.Token, Stop));
        Assert.Null(await Door.AuthenticateAsync(ana.Token + "x", Stop));
        Assert.Null(await Door.AuthenticateAsync("", Stop));

        (await ana.LogOutAsync(Stop)).Require(200);
        Assert.Null(await Door.AuthenticateAsync(ana.Token, Stop));
    }

    [Fact]
    public async Task A_deleted_account_is_nobody_by_the_time_the_deletion_is_answered()
    {
        var ana = await SignUpAsync("ana");
        Assert.Single(await Door.CardsAsync(new[] { ana.Id }, Stop));
        Assert.Equal(ana.Id, await Door.AuthenticateAsync(ana.Token, Stop));

        (await _server.Service.DeleteUserAsync(ana.Id, Stop)).Require(200);
        Assert.Equal([ana.Id], await Door.UnknownAsync(new[] { ana.Id }, Stop));
        Assert.Empty(await Door.CardsAsync(new[] { ana.Id }, Stop));
        Assert.Empty(await Door.ResolveAsync(["ana"], Stop));
        Assert.Null(await Door.AuthenticateAsync(ana.Token, Stop));
    }

    [Fact]
    public async Task A_session_is_open_until_it_is_ended_and_asking_does_not_tell_its_token()
    {
        var ana = await SignUpAsync("ana");
        Assert.True(TokenHash.TryOf(ana.Token, out var session));
        Assert.True(await Door.IsSessionOpenAsync(session, Stop));
        Assert.False(await Door.IsSessionOpenAsync(AuthToken.Draw().Hash, Stop));

        (await ana.LogOutAsync(Stop)).Require(200);
        Assert.False(await Door.IsSessionOpenAsync(session, Stop));
    }

    private Task<ClassicClient> SignUpAsync(string username) =>
        ClassicClient.SignUpAsync(_server.Http, username, Stop);
}
