using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Moderation;
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

public sealed class SqliteModerationStoreTests() : SqlModerationStoreTests(new SqliteFile());

public sealed class PostgresModerationStoreTests()
    : SqlModerationStoreTests(PostgresDatabase.Create());

public abstract class SqlModerationStoreTests : ModerationStoreContract, IDisposable
{
    private readonly TestDatabase _database;
    private readonly Recorder _recorder = new();

    private protected SqlModerationStoreTests(TestDatabase database)
    {
        _database = database;
        _database.Database.Writes.Observe(_recorder);
        Accounts = new SqlAccountStore(_database.Database);
        Store = new SqlModerationStore(_database.Database);
    }

    protected override IAccountStore Accounts { get; }

    protected override IModerationStore Store { get; }

    protected override IReadOnlyList<DomainEvent> Emitted => _recorder.Told;

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqlitePostingDefaultsStoreTests()
    : SqlPostingDefaultsStoreTests(new SqliteFile());

public sealed class PostgresPostingDefaultsStoreTests()
    : SqlPostingDefaultsStoreTests(PostgresDatabase.Create());

public abstract class SqlPostingDefaultsStoreTests : PostingDefaultsStoreContract, IDisposable
{
    private readonly TestDatabase _database;

    private protected SqlPostingDefaultsStoreTests(TestDatabase database)
    {
        _database = database;
        Accounts = new SqlAccountStore(_database.Database);
        Store = new SqlPostingDefaultsStore(_database.Database);
    }

    protected override IAccountStore Accounts { get; }

    protected override IPostingDefaultsStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteReportStoreTests() : SqlReportStoreTests(new SqliteFile());

public sealed class PostgresReportStoreTests() : SqlReportStoreTests(PostgresDatabase.Create());

public abstract class SqlReportStoreTests : ReportStoreContract, IDisposable
{
    private readonly TestDatabase _database;

    private protected SqlReportStoreTests(TestDatabase database)
    {
        _database = database;
        Accounts = new SqlAccountStore(_database.Database);
        Moderation = new SqlModerationStore(_database.Database);
        Store = new SqlReportStore(_database.Database);
    }

    protected override IAccountStore Accounts { get; }

    protected override IModerationStore Moderation { get; }

    protected override IReportStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}
