using Rookery.Accounts;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Accounts;

public sealed class SqliteAccountStoreTests : AccountStoreContract, IDisposable
{
    private readonly AccountsWorld _world = new();

    protected override IAccountStore Store => _world.Get<IAccountStore>();

    protected override IReadOnlyList<DomainEvent> Emitted => _world.Emitted;

    public void Dispose() => _world.Dispose();
}

public sealed class SqliteAccountCountStoreTests : AccountCountStoreContract, IDisposable
{
    private readonly AccountsWorld _world = new();

    protected override IAccountStore Accounts => _world.Get<IAccountStore>();

    protected override IAccountCountStore Counts => _world.Get<IAccountCountStore>();

    protected override IReadOnlyList<DomainEvent> Emitted => _world.Emitted;

    public void Dispose() => _world.Dispose();
}
