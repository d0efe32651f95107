using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Posts;

public sealed class SqlitePostStoreTests : PostStoreContract, IDisposable
{
    private readonly RunningTime _time = new();
    private readonly Recorder _recorder = new();
    private readonly SqliteFile _file;

    public SqlitePostStoreTests()
    {
        _file = new SqliteFile(_time);
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlPostStore(_file.Database);
    }

    protected override IPostStore Store { get; set; }

    protected override IReadOnlyList<DomainEvent> Announced => _recorder.Announced;

    public void Dispose() => _file.Dispose();

    protected override ValueTask<IReadOnlyList<DomainEvent>> OutboxAsync() =>
        ValueTask.FromResult(_file.Outbox());

    protected override ValueTask ReopenAsync()
    {
        _file.Reopen();
        _file.Database.Writes.Observe(_recorder);
        Store = new SqlPostStore(_file.Database);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask CloseAsync()
    {
        _file.Database.Writes.Close();
        return ValueTask.CompletedTask;
    }

    protected override void Pass(TimeSpan time) => _time.Pass(time);
}
