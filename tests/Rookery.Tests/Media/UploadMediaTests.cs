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
    public async Task A_still_picture_comes_and_goes_with_its_video_and_says_as_little_of_its_maker()
    {
        var still = SamplePictures.Jpeg();
        var stored = await UploadAsync(_blobs, new SampleMp4().ToArray(), still);
        var preview = stored.Value.Preview!.Value;
        Assert.Equal(MediaKind.Jpeg, preview.Kind);
        Assert.Equal(
            new[] { stored.Value.Blob.ToString(), preview.ToString() }.Order(),
            Blobs.Select(Path.GetFileName).Order()
        );
        foreach (var blob in Blobs)
        {
            var bytes = await File.ReadAllBytesAsync(blob, Stop);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("GPS"u8));
        }

        Assert.Equal(preview, (await _store.FindAsync(stored.Value.Id, Owner, Stop))!.Preview);
        Assert.Equal(Owner, await _store.OwnerOfAsync(preview, Stop));
        var all = await _store.SomeOfAsync(Owner, 10, Stop);
        await Remover().RemoveAsync(all, Stop);
        Assert.Empty(Blobs);
        Assert.Null(await _store.OwnerOfAsync(preview, Stop));
    }

    [Fact]
    public async Task A_still_that_is_none_or_comes_with_a_picture_is_refused_and_nothing_stored()
    {
        var (video, picture) = (new SampleMp4().ToArray(), SamplePictures.Png());
        foreach (
            var (file, still, said) in new[]
            {
                (video, "no picture"u8.ToArray(), "thumbnail must be a picture"),
                (video, video, "thumbnail must be a picture"),
                (video, [], "thumbnail is empty"),
                (picture, picture, "thumbnail is a still picture of a video"),
            }
        )
        {
            var stored = await UploadAsync(_blobs, file, still);
            Assert.Equal("thumbnail", stored.Problem!.Field);
            Assert.StartsWith(said, stored.Problem.Detail, StringComparison.Ordinal);
        }

        Assert.Empty(await _store.SomeOfAsync(Owner, 10, Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task One_whose_files_are_stored_in_part_leaves_neither(int puts)
    {
        var count = 0;
        var blobs = new AfterPut(
            _blobs,
            () =>
                ++count == puts
                    ? throw new StoreUnavailableException("The answer was lost.")
                    : Task.CompletedTask
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            UploadAsync(blobs, new SampleMp4().ToArray(), SamplePictures.Png())
        );
        var given = await _store.SomeGivenUpAsync(
            TimeProvider.System.GetUtcNow().AddDays(1),
            10,
            Stop
        );
        Assert.NotNull(Assert.Single(given).Preview);
        await Remover().RemoveAsync(given, Stop);
        Assert.Empty(Blobs);
    }

    [Fact]
    public async Task One_whose_account_is_deleted_while_it_is_stored_leaves_no_blob()
    {
        foreach (var still in (byte[]?[])[null, SamplePictures.Png()])
        {
            var stored = await UploadAsync(
                new AfterPut(_blobs, RemoveAllAsync),
                still is null ? SamplePictures.Png() : new SampleMp4().ToArray(),
                still
            );
            Assert.Equal(ProblemKind.Unavailable, stored.Problem!.Kind);
            Assert.Empty(Blobs);
        }
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
        return new RemoveMediaOfDeleted(_store, Remover()).HandleAsync(
            [new Committed(1, new AccountDeleted(Owner))],
            Stop
        );
    }

    private RemoveMedia Remover()
    {
        var free = new FreeMedia(
            _store,
            new SqlPostStore(_database.Database),
            new SqlAccountStore(_database.Database)
        );
        return new RemoveMedia(_store, _blobs, free, NullLogger<RemoveMedia>.Instance);
    }

    private async Task RemoveAllAsync()
    {
        var all = await _store.SomeOfAsync(Owner, 10, Stop);
        // Its blob was not there yet when it was deleted.
        await _store.RemoveAsync([.. all.Select(one => one.Id)], Stop);
    }

    private async Task<Result<Medium>> UploadAsync(
        IBlobStore blobs,
        byte[]? file = null,
        byte[]? still = null
    )
    {
        var options = Options.Create(new MediaOptions { MinimumFreeBytes = 0 });
        var incoming = new IncomingFolder(Path.Combine(_folder.Path, "incoming"));
        using var receive = new ReceiveUpload(
            incoming,
            options,
            OwnMeters.Unheard(),
            TimeProvider.System
        );
        await using var place = receive.Open(Owner, RateKey.NoAddress, "file", "thumbnail").Value;
        using var sent = new MemoryStream(file ?? SamplePictures.Png());
        Assert.Null(await place.ReceiveAsync("file", sent, Stop));
        if (still is not null)
        {
            using var beside = new MemoryStream(still);
            Assert.Null(await place.ReceiveAsync("thumbnail", beside, Stop));
        }

        var upload = new UploadMedia(_store, blobs, options, NullLogger<UploadMedia>.Instance);
        return await upload.HandleAsync(
            Owner,
            place,
            new MediaText(null, null, null),
            Stop,
            stillField: "thumbnail"
        );
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
