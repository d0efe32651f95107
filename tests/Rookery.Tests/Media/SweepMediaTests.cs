using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Disk;
using Rookery.Adapters.Sql;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class SweepMediaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFile _database = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_cannot_be_read_does_not_end_the_loop()
    {
        var store = new SqlMediaStore(_database.Database);
        var medium = new NewMedium(
            new AccountId(7 << 12),
            BlobName.Draw(MediaKind.Png),
            1,
            1,
            1,
            "",
            default,
            ""
        );
        Assert.True((await store.ReserveAsync(medium, new MediaQuota(1, 1), Stop)).Succeeded);
        await _database.Database.Writes.RunAsync(
            commit => commit.Session.Execute("UPDATE media SET blob = 'of a kind to come'"),
            Stop
        );
        var time = new FakeTime();
        time.SetWallClock(TimeProvider.System.GetUtcNow().AddDays(2));
        var blobs = new DiskBlobStore(new DiskBlobFolder(_folder.Path));
        var free = new FreeMedia(
            store,
            new SqlPostStore(_database.Database),
            new SqlAccountStore(_database.Database)
        );
        var remove = new RemoveMedia(store, blobs, free, NullLogger<RemoveMedia>.Instance);
        var log = new Heard();
        using var sweep = new SweepMedia(
            store,
            free,
            remove,
            Options.Create(new MediaOptions()),
            time,
            log
        );
        await sweep.StartAsync(Stop);
        Assert.Same(log.First, await Task.WhenAny(log.First, sweep.ExecuteTask!));
        Assert.Contains("of a kind to come", (await log.First).Message, StringComparison.Ordinal);
        Assert.False(sweep.ExecuteTask!.IsCompleted);
        await sweep.StopAsync(Stop);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private sealed class Heard : ILogger<SweepMedia>
    {
        private readonly TaskCompletionSource<Exception> _first = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public Task<Exception> First => _first.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _first.TrySetResult(exception!);
    }
}
