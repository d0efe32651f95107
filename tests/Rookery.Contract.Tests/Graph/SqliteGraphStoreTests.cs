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

    protected override IGraphStore Store { get; }

    protected override IReadOnlyList<DomainEvent> Events => _recorder.Told;

    public void Dispose() => _file.Dispose();

    private sealed class Recorder : ICommitObserver
    {
        public List<DomainEvent> Told { get; } = [];

        public void OnCommitted(IReadOnlyList<Committed> group) =>
            Told.AddRange(group.Select(committed => committed.Event));

        public void Forget() => Told.Clear();
    }
}
