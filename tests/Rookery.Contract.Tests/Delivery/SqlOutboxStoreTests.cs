using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Delivery;

public sealed class SqliteOutboxStoreTests() : SqlOutboxStoreTests(time => new SqliteFile(time));

public sealed class PostgresOutboxStoreTests() : SqlOutboxStoreTests(PostgresDatabase.Create);

public abstract class SqlOutboxStoreTests : OutboxStoreContract, IDisposable
{
    private readonly FakeTime _time = new();
    private readonly TestDatabase _database;

    private protected SqlOutboxStoreTests(Func<TimeProvider, TestDatabase> open)
    {
        _database = open(_time);
        Store = new SqlOutboxStore(_database.Database, _time);
    }

    protected override IOutboxStore Store { get; set; }

    protected override DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void Pass(TimeSpan time) => _time.Advance(time);

    protected override ValueTask ReopenAsync()
    {
        _database.Reopen();
        Store = new SqlOutboxStore(_database.Database, _time);
        return ValueTask.CompletedTask;
    }

    protected override Task CommitAsync(params IReadOnlyList<DomainEvent> events) =>
        _database.Database.Writes.RunAsync(
            commit =>
            {
                foreach (var happened in events)
                {
                    commit.Emit(happened);
                }

                return 0;
            },
            CancellationToken.None
        );

    protected override async Task FailAsync(DomainEvent happened)
    {
        try
        {
            await _database.Database.Writes.RunAsync<int>(
                commit =>
                {
                    commit.Emit(happened);
                    throw new InvalidOperationException("Meant to fail.");
                },
                CancellationToken.None
            );
        }
        catch (InvalidOperationException)
        {
            // As it was meant to.
        }
    }

    protected override Task<bool> MarkAsync(string consumer, long sequence) =>
        _database.Database.Writes.RunAsync(
            commit => SqlInbox.TakeNew(commit, consumer, [sequence], one => one).Any(),
            CancellationToken.None
        );

    protected override Task<bool> MarkOfAsync(string consumer, string outbox, long sequence) =>
        MarkAsync(SqlInbox.Of(consumer, outbox), sequence);
}
