using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>A database for each capability: what is where, and settings that contradict what the databases hold.</summary>
public sealed class SqlDatabasesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresServer _postgres = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _postgres = await (await TestContext.Current.GetFixture<SharedServers>())!.PostgresAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_database_has_an_outbox_and_the_tables_of_its_capabilities_and_no_others()
    {
        var options = new SqlOptions { Accounts = await NewAsync(), Default = await NewAsync() };
        using var databases = Open(options);

        Assert.Equal(2, databases.All.Count);
        Assert.Same(databases.Graph, databases.Posts);
        Assert.Equal(
            (true, false, false, true),
            await HasAsync(databases.Accounts, "accounts", "follows", "posts", "outbox")
        );
        Assert.Equal(
            (false, true, true, true),
            await HasAsync(databases.Posts, "accounts", "follows", "posts", "outbox")
        );
    }

    [Fact]
    public async Task The_same_words_are_one_database_and_no_words_are_the_default_one()
    {
        var (one, other) = (await NewAsync(), await NewAsync());
        using (
            var databases = Open(
                new SqlOptions
                {
                    Graph = one,
                    Posts = one,
                    Default = other,
                }
            )
        )
        {
            Assert.Same(databases.Graph, databases.Posts);
            Assert.NotSame(databases.Accounts, databases.Posts);
        }

        using var again = Open(
            new SqlOptions
            {
                Accounts = other,
                Graph = one,
                Posts = one,
            }
        );
        Assert.Equal(2, again.All.Count);
    }

    [Fact]
    public async Task A_capability_without_a_database_and_a_database_without_a_capability_are_refused()
    {
        var (one, other) = (await NewAsync(), await NewAsync());
        Refused(
            new SqlOptions { Accounts = one, Graph = other },
            "Databases:Accounts is set",
            "Databases:Posts",
            "Databases:Default"
        );
        Refused(
            new SqlOptions
            {
                Accounts = one,
                Graph = one,
                Posts = one,
                Default = other,
            },
            "leave out Databases:Default"
        );
        Refused(
            new SqlOptions
            {
                Accounts = one,
                Graph = one,
                Posts = one,
                Listener = other,
            },
            "Databases:Listener"
        );
    }

    [Fact]
    public async Task Other_words_for_the_same_database_are_refused()
    {
        var one = await NewAsync();
        Refused(
            new SqlOptions { Default = one, Graph = $"{one};Timeout=9" },
            "Databases:Default",
            "Databases:Graph",
            "the same database"
        );
    }

    [Fact]
    public async Task People_are_not_lost_sight_of_when_a_setting_is_added_changed_or_left_out()
    {
        var all = await NewAsync();
        using (var databases = Open(new SqlOptions { Default = all }))
        {
            await SignUpAsync(databases);
        }

        // Added: they would stand where nobody looks.
        Refused(
            new SqlOptions { Default = all, Accounts = await NewAsync() },
            "Databases:Accounts as it was"
        );

        var divided = new SqlOptions { Default = await NewAsync(), Accounts = await NewAsync() };
        using (var databases = Open(divided))
        {
            await SignUpAsync(databases);
        }

        // Left out, and changed to an empty one; the databases beside remember.
        Refused(new SqlOptions { Default = divided.Default }, "Databases:Accounts as it was");
        Refused(
            new SqlOptions { Default = divided.Default, Accounts = await NewAsync() },
            "Databases:Accounts as it was"
        );
        // And the other way round: their own database remembers the ones beside it.
        Refused(
            new SqlOptions { Default = await NewAsync(), Accounts = divided.Accounts },
            "Databases:Graph as it was"
        );
        using var asItWas = Open(divided);
        Assert.Equal(
            1,
            await asItWas.Accounts.ReadAsync(session =>
                session.Number("SELECT count(*) FROM accounts", 0)
            )
        );
    }

    [Fact]
    public async Task A_database_from_before_that_was_remembered_still_says_whom_it_holds()
    {
        var all = await NewAsync();
        using (var databases = Open(new SqlOptions { Default = all }))
        {
            await SignUpAsync(databases);
            await databases.Posts.Writes.RunAsync(
                commit => commit.Session.Execute("DELETE FROM capability_homes"),
                Stop
            );
        }

        Refused(
            new SqlOptions { Default = all, Accounts = await NewAsync() },
            "Databases:Accounts as it was"
        );
    }

    [Fact]
    public async Task Of_two_first_starts_at_a_time_the_one_that_comes_second_with_other_settings_is_refused()
    {
        var all = await NewAsync();
        using (var databases = Open(new SqlOptions { Default = all }))
        {
            await databases.Posts.Writes.RunAsync(
                commit => commit.Session.Execute("DELETE FROM capability_homes"),
                Stop
            );
        }

        await using var first = new NpgsqlConnection($"{all};Pooling=false");
        await first.OpenAsync(Stop);
        await using var beside = new NpgsqlConnection($"{all};Pooling=false");
        await beside.OpenAsync(Stop);
        await using var writing = await first.BeginTransactionAsync(Stop);
        await AskAsync(
            first,
            "INSERT INTO capability_homes (capability, outbox) VALUES ('graph', 'elsewhere')"
        );
        var second = Task.Run(() => Refused(new SqlOptions { Default = all }, "whose graph"), Stop);
        await Wait.UntilAsync(
            async () =>
                (long)
                    (
                        await AskAsync(
                            beside,
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                        )
                    )! > 0,
            () => "the second start waits for what the first one writes",
            Stop
        );
        await writing.CommitAsync(Stop);
        await second;
        // Nothing of what it would have had stays.
        Assert.Equal(1L, await AskAsync(first, "SELECT count(*) FROM capability_homes"));
    }

    [Fact]
    public async Task A_folder_that_served_PostgreSQL_serves_no_file_until_somebody_means_it()
    {
        var options = new SqlOptions { Accounts = await NewAsync(), Default = await NewAsync() };
        Open(options).Dispose();
        var file = Path.Combine(_folder.Path, "rookery.db");

        Refused(
            new SqlOptions(),
            "Databases:Accounts",
            "Databases:Default",
            $"{new NpgsqlConnectionStringBuilder(options.Default).Database}",
            Path.Combine(_folder.Path, "served.postgresql")
        );
        Assert.False(File.Exists(file));
        Open(options).Dispose();

        File.Delete(Path.Combine(_folder.Path, "served.postgresql"));
        Open(new SqlOptions()).Dispose();
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task A_listener_at_another_database_is_refused()
    {
        var (one, other) = (await NewAsync(), await NewAsync());
        Open(new SqlOptions { Default = other }).Dispose();
        var unread = await NewAsync();

        Refused(
            new SqlOptions { Default = one, Listener = other },
            "Databases:Listener",
            "Databases:Default",
            "not the same database"
        );
        // One that was never Rookery's too.
        Refused(new SqlOptions { Default = one, Listener = unread }, "Databases:Listener");
        await using var beside = new NpgsqlConnection($"{other};Pooling=false");
        await beside.OpenAsync(Stop);
        Assert.Equal(0L, await AskAsync(beside, "SELECT count(*) FROM processes"));

        using var same = Open(
            new SqlOptions { Default = one, Listener = $"{one};Application Name=listener" }
        );
        await SignUpAsync(same);
    }

    [Fact]
    public async Task Observers_are_told_by_one_database_at_a_time()
    {
        var options = new SqlOptions { Accounts = await NewAsync(), Default = await NewAsync() };
        using var databases = Open(options);
        var observer = new AloneObserver();
        foreach (var database in databases.All)
        {
            database.Writes.Observe(observer);
        }

        await Task.WhenAll(
            databases.All.SelectMany(database =>
                Enumerable
                    .Range(1, 100)
                    .Select(account =>
                        database.Writes.RunAsync(
                            commit =>
                            {
                                commit.Emit(new AccountCreated(new AccountId(account)));
                                return account;
                            },
                            Stop
                        )
                    )
            )
        );

        Assert.Equal(200, observer.Told);
        Assert.False(observer.WasDisturbed);
    }

    private SqlDatabases Open(SqlOptions options)
    {
        options.Readers = 1;
        return SqlDatabases.Open(
            Path.Combine(_folder.Path, "rookery.db"),
            options,
            TestDatabase.Events,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }

    private void Refused(SqlOptions options, params string[] said)
    {
        var fault = Assert.Throws<StoreUnavailableException>(() => Open(options));
        Assert.All(said, words => Assert.Contains(words, fault.Message, StringComparison.Ordinal));
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }

    private Task<string> NewAsync() => _postgres.CreateDatabaseAsync(Stop);

    private static Task<int> SignUpAsync(SqlDatabases databases) =>
        databases.Accounts.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    """
                    INSERT INTO accounts (id, username, display_name, email, bio, password_hash, state, version, created_at)
                    VALUES (@id, 'ana', '', '', '', '', 0, 1, 0)
                    """,
                    commit.NextAccountId().Value
                ),
            Stop
        );

    private static async Task<(bool, bool, bool, bool)> HasAsync(
        SqlDatabase database,
        params string[] tables
    )
    {
        var all = await database.ReadAsync(session =>
            session.Many(
                "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
                row => row.GetString(0)
            )
        );
        var has = tables.Select(all.Contains).ToArray();
        return (has[0], has[1], has[2], has[3]);
    }

    /// <summary>Notices who comes while it is told of something.</summary>
    private sealed class AloneObserver : ICommitObserver
    {
        private int _inside;
        private int _told;

        public int Told => _told;

        public bool WasDisturbed { get; private set; }

        public void OnCommitted(IReadOnlyList<Committed> group)
        {
            WasDisturbed |= Interlocked.Increment(ref _inside) != 1;
            // Not atomic: two at once lose some.
            var told = _told;
            Thread.Yield();
            _told = told + group.Count;
            Interlocked.Decrement(ref _inside);
        }

        public void Forget() { }
    }
}
