using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>What stands on the disk for the next start, whenever the process ends.</summary>
public sealed class SearchSnapshotsTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly SearchSnapshots _snapshots;
    private readonly PostTerms _terms = new();

    public SearchSnapshotsTests()
    {
        var options = Options.Create(new SearchOptions());
        var line = new DeliveryLine(
            null!,
            new EventSource(new WholePast(), null!, new CommitLeases([]))
        );
        _snapshots = new SearchSnapshots(
            new SearchFolder(_folder.Path),
            DeliveryLines.Only(line),
            new ShardLayout(options),
            options,
            NullLogger<SearchSnapshots>.Instance
        );
    }

    [Fact]
    public async Task A_write_that_ends_at_any_file_leaves_an_image_of_one_moment()
    {
        var indexed = IndexedPosts.Empty(new SearchOptions());
        Assert.Null(await _snapshots.ReadAsync(Stop));
        var written = Write(indexed, through: 1);
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            // What a write aside cannot be made over.
            var inTheWay = Directory.CreateDirectory(file + ".new");
            Write(indexed, written + 1);
            var read = Assert.NotNull(await _snapshots.ReadAsync(Stop));
            Assert.Equal(written, read.After);
            Assert.True(read.Indexed.Public.HasAlive(PublicIn(written)));
            Assert.True(read.Indexed.Guarded.HasAlive(GuardedIn(written)));
            Assert.False(read.Indexed.Guarded.HasAlive(GuardedIn(written + 1)));

            inTheWay.Delete();
            written = Write(indexed, written + 2);
            read = Assert.NotNull(await _snapshots.ReadAsync(Stop));
            Assert.Equal(written, read.After);
            Assert.True(read.Indexed.Public.HasAlive(PublicIn(written)));
            Assert.True(read.Indexed.Guarded.HasAlive(GuardedIn(written)));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static PostId PublicIn(long sequence) => new(2 * sequence);

    private static PostId GuardedIn(long sequence) => new((2 * sequence) + 1);

    /// <summary>After an event that brought one post of each kind.</summary>
    private long Write(IndexedPosts indexed, long through)
    {
        _terms.Clear();
        indexed.Public.Add(PublicIn(through), new AccountId(1), _terms);
        _terms.Clear();
        indexed.Guarded.Add(GuardedIn(through), new AccountId(1), _terms);
        _snapshots.Write(
            indexed,
            new SearchWatermark(PostAnalyzer.Version, "", "an outbox", through)
        );
        return through;
    }

    private sealed class WholePast : IPastEvents
    {
        public Task<string> OutboxAsync(CancellationToken token) => Task.FromResult("an outbox");

        public ValueTask<long> LastAsync(CancellationToken token) => ValueTask.FromResult(100L);

        public ValueTask<bool> StandsAsync(long sequence, CancellationToken token) =>
            ValueTask.FromResult(true);

        public IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
            long after,
            long through,
            CancellationToken token
        ) => throw new NotSupportedException();
    }
}
