using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

/// <summary>Sessions that end by themselves: 30 days after their last use, a year after they began.</summary>
public sealed class SessionLifeTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(1);

    private readonly FakeTime _time = new();
    private readonly AccountsWorld _world;

    public SessionLifeTests() =>
        _world = new AccountsWorld(
            services => services.AddSingleton<TimeProvider>(_time),
            new SqliteFile(_time)
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Sessions Sessions => _world.Get<Sessions>();

    [Fact]
    public async Task A_session_that_is_not_used_for_30_days_has_ended_in_memory_and_in_truth()
    {
        var ana = await _world.SignUpAsync("ana");
        Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));
        Pass((30 * Day) - Moment);
        Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));

        Pass(30 * Day);
        Assert.False(Sessions.TryAuthenticate(ana.AuthToken, out _));
        Assert.Null(await Sessions.AuthenticateAsync(ana.AuthToken, Token));
        Sessions.Forget();
        Assert.Null(await Sessions.AuthenticateAsync(ana.AuthToken, Token));
    }

    [Fact]
    public async Task A_session_that_is_used_lives_for_a_year_and_no_longer()
    {
        var ana = await _world.SignUpAsync("ana");
        for (var day = 0; day < 364; day += 14)
        {
            Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));
            Pass(14 * Day);
        }

        Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));
        Pass(Day);
        Assert.False(Sessions.TryAuthenticate(ana.AuthToken, out _));
        Assert.Null(await Sessions.AuthenticateAsync(ana.AuthToken, Token));
    }

    [Fact]
    public async Task Use_is_noted_once_a_day()
    {
        var ana = await _world.SignUpAsync("ana");
        var noted = new HashSet<long>();
        for (var hour = 0; hour < 72; hour++)
        {
            await Sessions.AuthenticateAsync(ana.AuthToken, Token);
            Sessions.Forget();
            noted.Add(Number("SELECT used_at FROM tokens"));
            Pass(TimeSpan.FromHours(1));
        }

        Assert.Equal(3, noted.Count);
    }

    [Fact]
    public async Task The_oldest_sessions_of_an_account_give_way()
    {
        var tokens = new List<string> { (await _world.SignUpAsync("ana")).AuthToken };
        var bob = await _world.SignUpAsync("bob");
        var credentials = (await _world.Get<IAccountStore>().CredentialsAsync("ana", Token))!;
        for (var i = 0; i < IAccountStore.MaxSessions + 4; i++)
        {
            await Sessions.AuthenticateAsync(tokens[^1], Token);
            Pass(Moment);
            var drawn = AuthToken.Draw();
            var store = _world.Get<IAccountStore>();
            Assert.True(await store.OpenSessionAsync(credentials, drawn.Hash, null, Token));
            tokens.Add(drawn.Text);
        }

        var let = new List<bool>();
        foreach (var token in tokens)
        {
            let.Add(await Sessions.AuthenticateAsync(token, Token) is not null);
        }

        Assert.All(let.SkipLast(IAccountStore.MaxSessions), Assert.False);
        Assert.All(let.TakeLast(IAccountStore.MaxSessions), Assert.True);
        Assert.NotNull(await Sessions.AuthenticateAsync(bob.AuthToken, Token));
    }

    [Fact]
    public async Task The_list_of_sessions_has_those_that_have_not_ended_and_says_when_each_was_used()
    {
        var began = _time.GetUtcNow();
        var ana = await _world.SignUpAsync("ana");
        Pass(20 * Day);
        var phone = await _world
            .Get<LogIn>()
            .HandleAsync(new LogInRequest("ana", AccountsWorld.Password), Token);
        Pass(5 * Day);
        await Sessions.AuthenticateAsync(ana.AuthToken, Token);

        var both = await ListAsync();
        Assert.True(phone.Succeeded);
        Assert.Equal([false, true], both.Select(one => one.IsCallers));
        Assert.Equal([began + (20 * Day), began], both.Select(one => one.OpenedAt));
        Assert.Equal(
            [began + (20 * Day), began + (25 * Day)],
            both.Select(one => one.UsedAt!.Value)
        );
        Pass(29 * Day);
        Assert.True(Assert.Single(await ListAsync()).IsCallers);

        async Task<IReadOnlyList<OpenSession>> ListAsync() =>
            await _world.Get<ListSessions>().HandleAsync(ana.Account, ana.AuthToken, Token);
    }

    [Fact]
    public async Task What_has_ended_is_removed_and_nothing_else()
    {
        await _world.SignUpAsync("gone");
        Pass(20 * Day);
        var kept = await _world.SignUpAsync("kept");
        Assert.Equal(0, await _world.Get<PruneSessions>().HandleAsync(Token));
        Pass(20 * Day);

        Assert.Equal(1, await _world.Get<PruneSessions>().HandleAsync(Token));
        Assert.Equal(kept.Account, await Sessions.AuthenticateAsync(kept.AuthToken, Token));
    }

    [Fact]
    public async Task A_session_of_a_database_that_knew_no_use_goes_on_until_its_age_ends_it()
    {
        var ana = await _world.SignUpAsync("ana");
        await _world
            .Get<SqlDatabase>()
            .Writes.RunAsync(
                commit => commit.Session.Execute("UPDATE tokens SET used_at = 0"),
                Token
            );
        Pass(100 * Day);
        Assert.Equal(0, await _world.Get<PruneSessions>().HandleAsync(Token));
        Assert.Equal(ana.Account, await Sessions.AuthenticateAsync(ana.AuthToken, Token));
        Assert.NotEqual(0, Number("SELECT used_at FROM tokens"));
    }

    [Fact]
    public void An_old_database_is_brought_up_to_date_with_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        SystemSqlite.Use();
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder.Path, "rookery.db"),
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var session = new SqliteSession(connection);
        session.Run("CREATE TABLE schema_migrations (name TEXT NOT NULL PRIMARY KEY) STRICT");
        foreach (
            var (name, sql) in Migrations.All.Where(one =>
                one.Name.EndsWith(".0001", StringComparison.Ordinal)
            )
        )
        {
            session.Run(sql);
            session.Execute("INSERT INTO schema_migrations (name) VALUES (@name)", name);
        }

        session.Run(
            """
            INSERT INTO accounts VALUES (7, 'ana', 'Ana', '', '', '', 0, 1, 1);
            INSERT INTO tokens VALUES (x'01', 7, 1);
            INSERT INTO authors VALUES (7, 0, 0);
            INSERT INTO posts VALUES (100, 7, 0, 3, 0, 0, 'x', 0, 0, 0, 0), (101, 7, 0, 0, 0, 0, 'x', 0, 0, 0, 0);
            INSERT INTO mentions VALUES (8, 100, 3), (8, 101, 0);
            """
        );
        Migrations.Apply(session);

        Assert.Equal(0, session.Number("SELECT used_at FROM tokens", -1));
        Assert.Equal(7, session.Number("SELECT author FROM mentions WHERE post = 100", -1));
        Assert.Equal(0, session.Number("SELECT author FROM mentions WHERE post = 101", -1));
    }

    public void Dispose() => _world.Dispose();

    /// <summary>By the calendar: the store's timers, several a second, are left alone.</summary>
    private void Pass(TimeSpan time) => _time.SetWallClock(_time.GetUtcNow() + time);

    private long Number(string sql) =>
        _world.Get<SqlDatabase>().Read(session => session.Number(sql, -1));
}
