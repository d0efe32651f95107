using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Accounts;

public sealed class SqliteAccountStoreTests : AccountStoreContract, IDisposable
{
    private readonly SqliteFile _file = new();
    private readonly Recorder _recorder = new();

    public SqliteAccountStoreTests()
    {
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlAccountStore(_file.Database);
    }

    protected override IAccountStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Emitted => _recorder.Told;

    public void Dispose() => _file.Dispose();

    protected override ValueTask ReopenAsync()
    {
        _file.Reopen();
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlAccountStore(_file.Database);
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteAccountCountStoreTests : AccountCountStoreContract, IDisposable
{
    private readonly AccountsWorld _world = new();

    protected override IAccountStore Accounts => _world.Get<IAccountStore>();

    protected override IAccountCountStore Counts => _world.Get<IAccountCountStore>();

    protected override IReadOnlyList<DomainEvent> Emitted => _world.Emitted;

    public void Dispose() => _world.Dispose();
}
