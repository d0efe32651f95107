using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Graph;

public sealed class SqliteGraphStoreTests() : SqlGraphStoreTests(new SqliteFile());

public sealed class PostgresGraphStoreTests() : SqlGraphStoreTests(PostgresDatabase.Create());

public abstract class SqlGraphStoreTests : GraphStoreContract, IDisposable
{
    private readonly TestDatabase _database;
    private readonly Recorder _recorder = new();

    private protected SqlGraphStoreTests(TestDatabase database)
    {
        _database = database;
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlGraphStore(_database.Database);
    }

    protected override IGraphStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Events => _recorder.Told;

    [Fact]
    public async Task An_import_repeated_completes_the_followers_that_one_which_was_killed_left_out()
    {
        var token = TestContext.Current.CancellationToken;
        (AccountId, AccountId)[] follows = [(new(1), new(3)), (new(2), new(3)), (new(2), new(4))];
        await Store.ImportFollowsAsync(follows, null, token);
        await _database.Database.Writes.RunAsync(
            commit => commit.Session.Execute("DELETE FROM followers WHERE follower = 2"),
            token
        );

        Assert.Equal(0, await Store.ImportFollowsAsync(follows, null, token));

        var followers = _database.Database.Read(session =>
            session.Many(
                "SELECT followee, follower FROM followers ORDER BY followee, follower",
                row => (row.GetInt64(0), row.GetInt64(1))
            )
        );
        Assert.Equal([(3, 1), (3, 2), (4, 2)], followers);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override ValueTask ReopenAsync()
    {
        _database.Reopen();
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlGraphStore(_database.Database);
        return ValueTask.CompletedTask;
    }
}
