using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Graph;

public sealed class SqliteGraphStoreTests : GraphStoreContract, IDisposable
{
    private readonly SqliteFile _file = new();
    private readonly Recorder _recorder = new();

    public SqliteGraphStoreTests()
    {
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlGraphStore(_file.Database);
    }

    protected override IGraphStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Events => _recorder.Told;

    public void Dispose() => _file.Dispose();

    protected override ValueTask ReopenAsync()
    {
        _file.Reopen();
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlGraphStore(_file.Database);
        return ValueTask.CompletedTask;
    }
}
