using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Posts;

public sealed class SqlitePostStoreTests() : SqlPostStoreTests(time => new SqliteFile(time));

public sealed class PostgresPostStoreTests() : SqlPostStoreTests(PostgresDatabase.Create);

public sealed class PooledPostStoreTests() : SqlPostStoreTests(PostgresDatabase.CreatePooled);

public abstract class SqlPostStoreTests : PostStoreContract, IDisposable
{
    private readonly RunningTime _time = new();
    private readonly Recorder _recorder = new();
    private readonly TestDatabase _database;

    private protected SqlPostStoreTests(Func<TimeProvider, TestDatabase> open)
    {
        _database = open(_time);
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlPostStore(_database.Database);
    }

    protected override IPostStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Announced => _recorder.Announced;

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override ValueTask<IReadOnlyList<DomainEvent>> OutboxAsync() =>
        ValueTask.FromResult(_database.Outbox());

    protected override ValueTask ReopenAsync()
    {
        _database.Reopen();
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlPostStore(_database.Database);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask CloseAsync()
    {
        _database.Database.Writes.Close();
        return ValueTask.CompletedTask;
    }

    protected override void Pass(TimeSpan time) => _time.Pass(time);
}
