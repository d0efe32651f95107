using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class AccountUseCaseTests : IAccountClosing, IDisposable
{
    private const string NewPassword = "heron salt wind";

    private readonly AccountsWorld _world;
    private readonly List<AccountId> _closed = [];
    private bool _closingFails;

    public AccountUseCaseTests() =>
        _world = new AccountsWorld(services => services.AddSingleton<IAccountClosing>(this));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("al", "a@example.org", AccountsWorld.Password, "username")]
    [InlineData(null, "a@example.org", AccountsWorld.Password, "username")]
    [InlineData("alice", "example.org", AccountsWorld.Password, "email")]
    [InlineData("alice", null, AccountsWorld.Password, "email")]
    [InlineData("alice", "a@example.org", "too short", "password")]
    [InlineData("alice", "a@example.org", null, "password")]
    public async Task A_sign_up_names_the_field_that_is_wrong_and_stores_nothing(
        string? username,
        string? email,
        string? password,
        string field
    )
    {
        var request = new SignUpRequest(username, email, password);
        var problem = (await _world.Get<SignUp>().HandleAsync(request, Token)).Problem!;
        Assert.Equal((ProblemKind.Invalid, field), (problem.Kind, problem.Field));
        Assert.Empty(_world.Emitted);
    }

    [Fact]
    public async Task A_username_that_looks_like_a_taken_one_is_a_conflict()
    {
        await _world.SignUpAsync("bill_0");
        var request = new SignUpRequest("B1lL_o", "b@example.org", AccountsWorld.Password);
        var problem = (await _world.Get<SignUp>().HandleAsync(request, Token)).Problem!;
        Assert.Equal((ProblemKind.Conflict, "username"), (problem.Kind, problem.Field));
    }

    [Fact]
    public async Task An_account_made_by_a_backend_keeps_its_name_as_sent_and_gets_a_username()
    {
        var create = _world.Get<CreateAccount>();
        var first = (await create.HandleAsync("Zoë Smith ", Token)).Value;
        Assert.Equal(("Zoë Smith ", "zoe_smith"), (first.DisplayName, first.Username));
        Assert.Equal("zoe_smith_2", (await create.HandleAsync("Zoe Smith", Token)).Value.Username);

        foreach (var wrong in new[] { null, "", " ", new string('x', 51), "a\nb" })
        {
            var problem = (await create.HandleAsync(wrong, Token)).Problem!;
            Assert.Equal((ProblemKind.Invalid, "name"), (problem.Kind, problem.Field));
        }
    }

    [Fact]
    public async Task A_password_change_needs_the_current_one_and_ends_all_other_sessions()
    {
        var ana = await _world.SignUpAsync("ana");
        var other = (await LogInAsync("ana", AccountsWorld.Password)).Value;
        var change = new ChangePasswordRequest(ana.Account, ana.AuthToken, "wrong", NewPassword);
        var useCase = _world.Get<ChangePassword>();

        var guessed = (await useCase.HandleAsync(change, Token)).Problem!;
        Assert.Equal((ProblemKind.Forbidden, "password"), (guessed.Kind, guessed.Field));
        var right = change with { Password = AccountsWorld.Password };
        var shortOne = right with { NewPassword = "short" };
        Assert.Equal("new_password", (await useCase.HandleAsync(shortOne, Token)).Problem?.Field);
        Assert.True((await LogInAsync("ana", AccountsWorld.Password)).Succeeded);

        Assert.True((await useCase.HandleAsync(right, Token)).Succeeded);
        var door = _world.Get<IAccounts>();
        Assert.Equal(ana.Account, await door.AuthenticateAsync(ana.AuthToken, Token));
        Assert.Null(await door.AuthenticateAsync(other.AuthToken, Token));
        Assert.False((await LogInAsync("ana", AccountsWorld.Password)).Succeeded);
        Assert.True((await LogInAsync("ana", NewPassword)).Succeeded);
    }

    [Fact]
    public async Task An_operator_sets_a_password_where_there_was_none()
    {
        var card = (await _world.Get<CreateAccount>().HandleAsync("Ali", Token)).Value;
        var set = _world.Get<SetPassword>();
        Assert.Equal("password", (await set.HandleAsync(card.Id, "short", Token)).Problem?.Field);
        Assert.True((await set.HandleAsync(card.Id, NewPassword, Token)).Succeeded);
        Assert.Equal(card.Id, (await LogInAsync("ali", NewPassword)).Value.Account);

        var nobody = await set.HandleAsync(new AccountId(7), NewPassword, Token);
        Assert.Equal(ProblemKind.NotFound, nobody.Problem?.Kind);
    }

    [Fact]
    public async Task A_profile_is_kept_within_its_bounds()
    {
        var ana = (await _world.SignUpAsync("ana")).Account;
        var edit = _world.Get<EditProfile>();
        var family = string.Concat(Enumerable.Repeat("👨‍👩‍👧", 500));
        Assert.Equal(
            family,
            (await edit.HandleAsync(new ProfileEdit(ana, null, family), Token)).Value.Bio
        );
        Assert.Equal("a\nb", (await edit.HandleAsync(new(ana, null, "a\nb"), Token)).Value.Bio);
        Assert.Equal("", (await edit.HandleAsync(new(ana, null, ""), Token)).Value.Bio);
        string[] wrongBios = [new('x', 501), new('x', 1 << 20), "nul\0", "half\uD800"];
        foreach (var wrong in wrongBios)
        {
            Assert.Equal(
                "bio",
                (await edit.HandleAsync(new(ana, null, wrong), Token)).Problem?.Field
            );
        }

        Assert.Equal("name", (await edit.HandleAsync(new(ana, "", null), Token)).Problem?.Field);
    }

    [Fact]
    public async Task A_deletion_closes_everything_before_it_is_answered_and_again_when_repeated()
    {
        var ana = await _world.SignUpAsync("ana");
        var delete = _world.Get<DeleteAccount>();
        var wrong = (await delete.HandleAsync(ana.Account, "wrong", Token)).Problem!;
        Assert.Equal((ProblemKind.Forbidden, "password"), (wrong.Kind, wrong.Field));
        Assert.Empty(_closed);

        var right = await delete.HandleAsync(ana.Account, AccountsWorld.Password, Token);
        Assert.True(right.Succeeded);
        Assert.Equal([ana.Account], _closed);
        Assert.True((await delete.HandleAsync(ana.Account, Token)).Succeeded);
        Assert.Equal([ana.Account, ana.Account], _closed);
        Assert.Single(_world.Emitted.OfType<AccountDeleted>());

        var nobody = (await delete.HandleAsync(new AccountId(7), Token)).Problem!;
        Assert.Equal(ProblemKind.NotFound, nobody.Kind);
    }

    [Fact]
    public async Task A_deletion_that_could_not_close_everything_stands_and_is_made_up_by_the_next()
    {
        var ana = await _world.SignUpAsync("ana");
        var delete = _world.Get<DeleteAccount>();
        _closingFails = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            delete.HandleAsync(ana.Account, Token)
        );
        Assert.Single(_world.Emitted.OfType<AccountDeleted>());

        _closingFails = false;
        Assert.True((await delete.HandleAsync(ana.Account, Token)).Succeeded);
        Assert.Equal([ana.Account], _closed);
    }

    [Fact]
    public async Task Operators_see_all_accounts_page_by_page()
    {
        await _world.SignUpAsync("ana");
        await _world.Get<CreateAccount>().HandleAsync("Ali", Token);
        var list = _world.Get<ListAccounts>();
        var first = await list.HandleAsync(default, 1, Token);
        var second = await list.HandleAsync(first[0].Id, 100_000, Token);
        Assert.Equal([("ana", true), ("ali", false)], first.Concat(second).Select(Seen));
    }

    Task IAccountClosing.CloseAsync(AccountId account, CancellationToken token)
    {
        if (_closingFails)
        {
            throw new StoreUnavailableException();
        }

        Assert.Contains(_world.Emitted, happened => happened is AccountDeleted);
        _closed.Add(account);
        return Task.CompletedTask;
    }

    public void Dispose() => _world.Dispose();

    private static (string, bool) Seen(AccountRow row) => (row.Username, row.HasPassword);

    private Task<Result<LoggedIn>> LogInAsync(string name, string password) =>
        _world.Get<LogIn>().HandleAsync(new LogInRequest(name, password), Token);
}
