using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Disk;
using Rookery.Adapters.Sql;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class UploadMediaTests : IDisposable
{
    private static readonly AccountId Owner = new(7 << 12);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFile _database = new();
    private readonly SqlMediaStore _store;
    private readonly DiskBlobStore _blobs;

    public UploadMediaTests()
    {
        _store = new SqlMediaStore(_database.Database);
        _blobs = new DiskBlobStore(new DiskBlobFolder(Path.Combine(_folder.Path, "media")));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<string> Blobs =>
        Directory.EnumerateFiles(
            Path.Combine(_folder.Path, "media"),
            "*",
            SearchOption.AllDirectories
        );

    [Fact]
    public async Task What_is_stored_has_a_row_and_a_blob()
    {
        var stored = await UploadAsync(_blobs);
        Assert.Equal(stored.Value.Blob.ToString(), Path.GetFileName(Assert.Single(Blobs)));
        Assert.NotNull(await _store.FindAsync(stored.Value.Id, Owner, Stop));
    }

    [Fact]
    public async Task One_whose_account_is_deleted_while_it_is_stored_leaves_no_blob()
    {
        var stored = await UploadAsync(new AfterPut(_blobs, RemoveAllAsync));
        Assert.Equal(ProblemKind.Unavailable, stored.Problem!.Kind);
        Assert.Empty(Blobs);
    }

    [Fact]
    public async Task One_whose_account_was_deleted_just_before_is_refused()
    {
        await HearOfDeletionAsync();
        var stored = await UploadAsync(_blobs);
        Assert.Equal(ProblemKind.Unauthenticated, stored.Problem?.Kind);
        Assert.Empty(await _store.SomeOfAsync(Owner, 10, Stop));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "media")) && Blobs.Any());
    }

    [Fact]
    public async Task One_that_is_deleted_while_it_is_stored_is_never_found_again()
    {
        var stored = await UploadAsync(new AfterPut(_blobs, HearOfDeletionAsync));
        Assert.Equal(ProblemKind.Unavailable, stored.Problem!.Kind);
        Assert.Empty(await _store.SomeOfAsync(Owner, 10, Stop));
        Assert.Empty(Blobs);
    }

    [Fact]
    public async Task One_that_fails_after_its_account_was_deleted_leaves_no_blob()
    {
        var blobs = new AfterPut(
            _blobs,
            async () =>
            {
                await RemoveAllAsync();
                throw new StoreUnavailableException("The answer was lost.");
            }
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() => UploadAsync(blobs));
        Assert.Empty(Blobs);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private Task HearOfDeletionAsync()
    {
        var free = new FreeMedia(
            _store,
            new SqlPostStore(_database.Database),
            new SqlAccountStore(_database.Database)
        );
        var remove = new RemoveMedia(_store, _blobs, free, NullLogger<RemoveMedia>.Instance);
        return new RemoveMediaOfDeleted(_store, remove).HandleAsync(
            [new Committed(1, new AccountDeleted(Owner))],
            Stop
        );
    }

    private async Task RemoveAllAsync()
    {
        var all = await _store.SomeOfAsync(Owner, 10, Stop);
        // Its blob was not there yet when it was deleted.
        await _store.RemoveAsync([.. all.Select(one => one.Id)], Stop);
    }

    private async Task<Result<Medium>> UploadAsync(IBlobStore blobs)
    {
        var options = Options.Create(new MediaOptions { MinimumFreeBytes = 0 });
        var incoming = new IncomingFolder(Path.Combine(_folder.Path, "incoming"));
        using var receive = new ReceiveUpload(incoming, options, TimeProvider.System);
        await using var place = receive.Open(Owner, RateKey.NoAddress).Value;
        Assert.Null(await place.ReceiveAsync("file", new MemoryStream(SamplePictures.Png()), Stop));
        var upload = new UploadMedia(_store, blobs, options, NullLogger<UploadMedia>.Instance);
        return await upload.HandleAsync(Owner, place, new MediaText(null, null, null), Stop);
    }

    /// <summary>Something happens between a blob's put and what comes next.</summary>
    private sealed class AfterPut(IBlobStore blobs, Func<Task> then) : IBlobStore
    {
        public async Task PutAsync(
            BlobName name,
            Stream content,
            long length,
            string contentType,
            CancellationToken token
        )
        {
            await blobs.PutAsync(name, content, length, contentType, token);
            await then();
        }

        public Task<BlobPart?> OpenAsync(
            BlobName name,
            BlobRange? range,
            CancellationToken token
        ) => blobs.OpenAsync(name, range, token);

        public ValueTask<Uri?> AddressOfAsync(
            BlobName name,
            TimeSpan lifetime,
            CancellationToken token
        ) => blobs.AddressOfAsync(name, lifetime, token);

        public Task DeleteAsync(BlobName name, CancellationToken token) =>
            blobs.DeleteAsync(name, token);
    }
}
