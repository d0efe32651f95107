using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Accounts;

public sealed class SqliteAccountStoreTests() : SqlAccountStoreTests(new SqliteFile());

public sealed class PostgresAccountStoreTests() : SqlAccountStoreTests(PostgresDatabase.Create());

public abstract class SqlAccountStoreTests : AccountStoreContract, IDisposable
{
    private readonly TestDatabase _database;
    private readonly Recorder _recorder = new();

    private protected SqlAccountStoreTests(TestDatabase database)
    {
        _database = database;
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlAccountStore(_database.Database);
    }

    protected override IAccountStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Emitted => _recorder.Told;

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override ValueTask ReopenAsync()
    {
        _database.Reopen();
        _database.Database.Writes.Observe(_recorder);
        Store = new SqlAccountStore(_database.Database);
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteAccountCountStoreTests() : SqlAccountCountStoreTests(new SqliteFile());

public sealed class PostgresAccountCountStoreTests()
    : SqlAccountCountStoreTests(PostgresDatabase.Create());

public abstract class SqlAccountCountStoreTests : AccountCountStoreContract, IDisposable
{
    private readonly AccountsWorld _world;

    private protected SqlAccountCountStoreTests(TestDatabase database) =>
        _world = new AccountsWorld(database: database);

    protected override IAccountStore Accounts => _world.Get<IAccountStore>();

    protected override IAccountCountStore Counts => _world.Get<IAccountCountStore>();

    protected override IReadOnlyList<DomainEvent> Emitted => _world.Emitted;

    public void Dispose()
    {
        _world.Dispose();
        GC.SuppressFinalize(this);
    }
}
