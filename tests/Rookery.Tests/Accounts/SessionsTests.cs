using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class SessionsTests : IDisposable
{
    private readonly AccountsWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Sessions Sessions => _world.Get<Sessions>();

    [Fact]
    public async Task A_token_is_read_once_and_then_answered_from_memory()
    {
        var ana = await _world.SignUpAsync("ana");
        Assert.False(Sessions.TryAuthenticate(ana.AuthToken, out _));
        Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));
        Assert.True(Sessions.TryAuthenticate(ana.AuthToken, out var account));
        Assert.Equal(ana.Account, account);
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        var ana = await _world.SignUpAsync("ana");
        await Sessions.AuthenticateAsync(ana.AuthToken, Token);
        var sessions = Sessions;
        var misses = 0;
        var allocated = LeastAllocated.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                misses += sessions.TryAuthenticate(ana.AuthToken, out _) ? 0 : 1;
            }
        });
        Assert.Equal((0, 0L), (misses, allocated));
    }

    [Fact]
    public async Task No_way_of_ending_a_session_leaves_its_token_in_memory()
    {
        var ways = new Dictionary<string, Func<LoggedIn, Task>>
        {
            ["log out"] = me => _world.Get<LogOut>().HandleAsync(me.AuthToken, Token),
            ["everywhere"] = me => _world.Get<LogOutEverywhere>().HandleAsync(me.Account, Token),
            ["one of them"] = async me =>
            {
                var list = _world.Get<ListSessions>();
                var own = Assert.Single(await list.HandleAsync(me.Account, me.AuthToken, Token));
                Assert.True(own.IsCallers);
                Assert.True(
                    (
                        await _world.Get<EndSession>().HandleAsync(me.Account, own.Name, Token)
                    ).Succeeded
                );
            },
            ["elsewhere"] = async me =>
            {
                var other = (
                    await _world
                        .Get<LogIn>()
                        .HandleAsync(new LogInRequest(me.Username, AccountsWorld.Password), Token)
                ).Value;
                await _world.Get<LogOutElsewhere>().HandleAsync(me.Account, other.AuthToken, Token);
                Assert.NotNull(await Sessions.AuthenticateAsync(other.AuthToken, Token));
            },
            ["operator"] = me =>
                _world.Get<SetPassword>().HandleAsync(me.Account, "another password", Token),
            ["delete"] = me => _world.Get<DeleteAccount>().HandleAsync(me.Account, Token),
        };
        foreach (var (name, end) in ways)
        {
            var me = await _world.SignUpAsync($"me_{name.Replace(' ', '_')}");
            await Sessions.AuthenticateAsync(me.AuthToken, Token);
            Assert.True(Sessions.TryAuthenticate(me.AuthToken, out _), name);

            await end(me);
            Assert.False(Sessions.TryAuthenticate(me.AuthToken, out _), name);
            Assert.Null(await Sessions.AuthenticateAsync(me.AuthToken, Token));
        }
    }

    [Fact]
    public async Task A_load_that_a_revocation_overtakes_keeps_nothing()
    {
        using var world = WithHeldStore(out var held);
        var sessions = world.Get<Sessions>();
        var ana = await world.SignUpAsync("ana");

        var reached = held.HoldNextRead();
        var load = sessions.AuthenticateAsync(ana.AuthToken, Token).AsTask();
        await reached;
        await world.Get<LogOut>().HandleAsync(ana.AuthToken, Token);
        held.LetGo();
        await load;

        Assert.False(sessions.TryAuthenticate(ana.AuthToken, out _));
        Assert.Null(await sessions.AuthenticateAsync(ana.AuthToken, Token));
    }

    [Fact]
    public async Task A_load_that_a_lost_commit_overtakes_keeps_nothing()
    {
        using var world = WithHeldStore(out var held);
        var sessions = world.Get<Sessions>();
        var ana = await world.SignUpAsync("ana");

        var reached = held.HoldNextRead();
        var load = sessions.AuthenticateAsync(ana.AuthToken, Token).AsTask();
        await reached;
        sessions.Forget();
        held.LetGo();
        await load;
        Assert.False(sessions.TryAuthenticate(ana.AuthToken, out _));
    }

    [Fact]
    public async Task A_token_is_never_let_in_after_its_log_out_was_answered()
    {
        for (var i = 0; i < 40; i++)
        {
            var me = await _world.SignUpAsync($"me_{i}x");
            var stop = false;
            var readers = Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            while (!Volatile.Read(ref stop))
                            {
                                await Sessions.AuthenticateAsync(me.AuthToken, Token);
                            }
                        },
                        Token
                    )
                )
                .ToList();
            await _world.Get<LogOut>().HandleAsync(me.AuthToken, Token);
            var let = Sessions.TryAuthenticate(me.AuthToken, out _);
            var read = await Sessions.AuthenticateAsync(me.AuthToken, Token);
            Volatile.Write(ref stop, true);
            await Task.WhenAll(readers);
            Assert.False(let);
            Assert.Null(read);
            Assert.False(Sessions.TryAuthenticate(me.AuthToken, out _));
        }
    }

    [Fact]
    public async Task Tokens_that_are_none_leave_nothing_behind()
    {
        using var world = new AccountsWorld(services =>
            services.Configure<AccountsOptions>(options => options.CachedSessions = 8)
        );
        var sessions = world.Get<Sessions>();
        var ana = await world.SignUpAsync("ana");
        await sessions.AuthenticateAsync(ana.AuthToken, Token);
        for (var i = 0; i < 500; i++)
        {
            Assert.Null(await sessions.AuthenticateAsync(AuthToken.Draw().Text, Token));
        }

        string[] none =
        [
            "",
            "x",
            new('x', 44),
            new('é', 43),
            ana.AuthToken + " ",
            new('x', 1 << 20),
        ];
        foreach (var text in none)
        {
            Assert.Null(await sessions.AuthenticateAsync(text, Token));
        }

        Assert.True(sessions.TryAuthenticate(ana.AuthToken, out _));
    }

    [Fact]
    public async Task More_sessions_than_fit_are_still_let_in()
    {
        using var world = new AccountsWorld(services =>
            services.Configure<AccountsOptions>(options => options.CachedSessions = 8)
        );
        var sessions = world.Get<Sessions>();
        var all = new List<LoggedIn>();
        for (var i = 0; i < 60; i++)
        {
            all.Add(await world.SignUpAsync($"me_{i}x"));
        }

        foreach (var me in all)
        {
            Assert.Equal(me.Account, await sessions.AuthenticateAsync(me.AuthToken, Token));
        }

        Assert.InRange(all.Count(me => sessions.TryAuthenticate(me.AuthToken, out _)), 1, 16);
    }

    public void Dispose() => _world.Dispose();

    internal static AccountsWorld WithHeldStore(out Held control)
    {
        Held? made = null;
        var world = new AccountsWorld(services =>
            services.AddSingleton<IAccountStore>(parts =>
            {
                (var store, made) = Held.Of(
                    new SqlAccountStore(parts.GetRequiredService<SqlDatabase>())
                );
                return store;
            })
        );
        world.Get<IAccountStore>();
        control = made!;
        return world;
    }
}
