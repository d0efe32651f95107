using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class LogInTests : IDisposable
{
    private readonly AccountsWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_opens_a_session_under_the_name_in_any_case()
    {
        var ana = await _world.SignUpAsync("Ana");
        var opened = (await LogInAsync("aNa", AccountsWorld.Password)).Value;
        Assert.Equal((ana.Account, "Ana"), (opened.Account, opened.Username));
        Assert.NotEqual(ana.AuthToken, opened.AuthToken);
        var door = _world.Get<IAccounts>();
        Assert.Equal(ana.Account, await door.AuthenticateAsync(opened.AuthToken, Token));
        Assert.Equal(ana.Account, await door.AuthenticateAsync(ana.AuthToken, Token));
    }

    [Fact]
    public async Task An_imported_account_with_a_short_name_is_found_and_can_log_in()
    {
        var store = _world.Get<IAccountStore>();
        var imported = await store.ImportAsync(
            [new ImportedAccount(Handle.Imported("u7"), DisplayName.Parse("u7", "name").Value)],
            Token
        );
        var account = Assert.NotNull(imported[0]);

        var set = await _world
            .Get<SetPassword>()
            .HandleAsync(account, AccountsWorld.Password, Token);
        Assert.True(set.Succeeded);
        var found = await _world.Get<FindAccount>().ByUsernameAsync("U7", "username", Token);
        Assert.Equal(account, found.Value.Id);
        Assert.Equal(account, (await LogInAsync("u7", AccountsWorld.Password)).Value.Account);
    }

    [Fact]
    public async Task Every_failure_has_the_same_answer_after_the_work_of_one_hash()
    {
        await _world.SignUpAsync("ana");
        await _world.Get<CreateAccount>().HandleAsync("Without Password", Token);
        var gone = await _world.SignUpAsync("gone");
        await _world.Get<DeleteAccount>().HandleAsync(gone.Account, Token);
        (string Name, string Password)[] failures =
        [
            ("ana", "wrong password"),
            ("nobody", AccountsWorld.Password),
            ("without_password", AccountsWorld.Password),
            ("gone", AccountsWorld.Password),
            ("not a name at all", AccountsWorld.Password),
            ("ana", new string('x', 100_000)),
            ("ana", "half\uD800"),
        ];

        var hasher = _world.Get<PasswordHasher>();
        foreach (var (name, password) in failures)
        {
            var before = hasher.Derived;
            var problem = (await LogInAsync(name, password)).Problem!;
            Assert.Equal(1, hasher.Derived - before);
            Assert.Equal(
                Problem.Unauthenticated("The username or the password is wrong."),
                problem
            );
        }

        var whole = hasher.Derived;
        Assert.True((await LogInAsync("ana", AccountsWorld.Password)).Succeeded);
        Assert.Equal(1, hasher.Derived - whole);
    }

    [Theory]
    [InlineData(null, "x", "username")]
    [InlineData("", "x", "username")]
    [InlineData("ana", null, "password")]
    [InlineData("ana", "", "password")]
    public async Task What_is_missing_is_named(string? name, string? password, string field)
    {
        var problem = (await LogInAsync(name, password)).Problem!;
        Assert.Equal((ProblemKind.Invalid, field), (problem.Kind, problem.Field));
    }

    [Fact]
    public async Task A_hash_made_with_other_rounds_is_renewed_also_when_many_log_in_at_once()
    {
        var options = _world.Get<IOptions<AccountsOptions>>().Value;
        var ana = await _world.SignUpAsync("ana");
        var store = _world.Get<IAccountStore>();
        var old = new PasswordHasher(
            Options.Create(new AccountsOptions { PasswordRounds = 1_234 })
        ).Hash(AccountsWorld.Password);
        await store.SetPasswordAsync(ana.Account, old, null, null, Token);

        var opened = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => LogInAsync("ana", AccountsWorld.Password))
        );
        Assert.All(opened, outcome => Assert.True(outcome.Succeeded));
        var renewed = (await store.CredentialsAsync(ana.Account, Token))!.PasswordHash;
        Assert.Contains($"${options.PasswordRounds}$", renewed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_too_many_passwords_wait_the_next_is_told_to_come_back()
    {
        // Dear enough that asking is faster than checking, whatever else the machine does.
        using var world = new AccountsWorld(services =>
            services.Configure<AccountsOptions>(options => options.PasswordRounds = 10_000)
        );
        var logIn = world.Get<LogIn>();
        var request = new LogInRequest("nobody", "any password");
        var refused = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 400)
                .Select(async _ =>
                {
                    try
                    {
                        await logIn.HandleAsync(request, Token);
                    }
                    catch (StoreUnavailableException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                })
        );
        Assert.InRange(refused, 1, 400 - 128);
        Assert.Equal(
            ProblemKind.Unauthenticated,
            (await logIn.HandleAsync(request, Token)).Problem?.Kind
        );
    }

    [Fact]
    public void Nothing_secret_is_in_the_text_of_a_record()
    {
        Assert.DoesNotContain("secret", new LogInRequest("ana", "secret").ToString());
        Assert.DoesNotContain("secret", new SignUpRequest("ana", "", "secret").ToString());
        Assert.DoesNotContain("secret", new LoggedIn(default, "ana", "secret").ToString());
        Assert.DoesNotContain(
            "secret",
            new ChangePasswordRequest(default, "secret", "secret", "secret").ToString()
        );
    }

    public void Dispose() => _world.Dispose();

    private Task<Result<LoggedIn>> LogInAsync(string? name, string? password) =>
        _world.Get<LogIn>().HandleAsync(new LogInRequest(name, password), Token);
}
