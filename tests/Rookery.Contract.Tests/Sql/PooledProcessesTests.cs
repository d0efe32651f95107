using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>Processes that share the few connections of a pooler.</summary>
public sealed class PooledProcessesTests : IDisposable
{
    private const int Processes = 8;
    private const int PoolerConnections = 10;

    private readonly List<PostgresDatabase> _databases = [PostgresDatabase.CreatePooled()];

    public PooledProcessesTests()
    {
        // One after the other: the first makes the tables.
        _ = _databases[0].Database;
        while (_databases.Count < Processes)
        {
            _databases.Add(_databases[0].Another());
            _ = _databases[^1].Database;
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_its_connections_and_one_each_that_listens_however_many_read_and_write()
    {
        await Task.WhenAll(_databases.Select((database, i) => UseAsync(database.Database, i)));

        // Each would take one to write, one to listen and two to read.
        var connections = await _databases[0]
            .Database.ReadAsync(session =>
                session.Number(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'",
                    0
                )
            );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{connections} connections for {Processes} processes"
        );
        Assert.InRange(connections, Processes + 1, Processes + PoolerConnections);
    }

    [Fact]
    public async Task Learn_of_what_takes_something_away_before_it_is_answered()
    {
        var graph = new SqlGraphStore(_databases[0].Database);
        var recorder = new Recorder();
        _databases[1].Database.Writes.Observe(recorder);
        for (var i = 1; i <= 10; i++)
        {
            var (follower, followee) = (new AccountId(i), new AccountId(99));
            await graph.FollowAsync(follower, followee, Stop);
            await graph.UnfollowAsync(follower, followee, Stop);

            Assert.Contains(new Unfollowed(follower, followee), recorder.Told);
        }
    }

    public void Dispose() => _databases.ForEach(database => database.Dispose());

    private static async Task UseAsync(SqlDatabase database, int number)
    {
        var graph = new SqlGraphStore(database);
        for (var i = 0; i < 20; i++)
        {
            var follower = new AccountId(1_000 + (100 * number) + i);
            Assert.True((await graph.FollowAsync(follower, new AccountId(1), Stop)).Value);
            var relations = await graph.RelationsOfAsync(follower, Stop);
            Assert.Equal([new AccountId(1)], relations.Followees);
        }
    }
}
