using Rookery.Adapters.S3;
using Rookery.Media;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Media;

/// <summary>An S3 server that these tests have for themselves.</summary>
public sealed class OwnCeph : IAsyncLifetime
{
    internal CephServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await CephServer.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>An S3 server that is killed and frozen while it is used.</summary>
public sealed class S3FaultTests(OwnCeph own) : IClassFixture<OwnCeph>, IAsyncLifetime
{
    private readonly S3BlobStore _store = S3BlobStoreTests.Open(
        new S3Options
        {
            Endpoint = own.Server.Uri.ToString(),
            AccessKey = CephServer.AccessKey,
            SecretKey = CephServer.SecretKey,
            PatienceSeconds = 2,
            PartBytes = 5 << 20,
        }
    );

    private readonly CephServer _ceph = own.Server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(_ceph.BeginAsync(Stop));

    [Fact]
    public async Task Killed_and_back_it_has_what_was_put_and_takes_more()
    {
        var name = await PutAsync(10);
        await _ceph.KillAsync();
        await S3BlobStoreTests.IsUnavailableAsync(_store);
        await _ceph.BeginAsync(Stop);
        Assert.Equal(10, await LengthAsync(name));
        Assert.Equal(20, await LengthAsync(await PutAsync(20)));
    }

    [Fact]
    public async Task Frozen_it_is_unavailable_after_the_patience_that_was_set()
    {
        var name = await PutAsync(10);
        await _ceph.StopAsync();
        await S3BlobStoreTests.IsUnavailableAsync(_store);
        await _ceph.ContinueAsync();
        Assert.Equal(10, await LengthAsync(name));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_an_upload_in_parts_nothing_is_stored()
    {
        var name = BlobName.Draw(MediaKind.Png);
        var content = new KillingStream(new byte[12 << 20], after: 6 << 20, _ceph.KillAsync);
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _store.PutAsync(name, content, content.Length, "image/png", Stop)
        );
        await _ceph.BeginAsync(Stop);
        Assert.Null(await _store.OpenAsync(name, null, Stop));
        await _store.PutAsync(name, new MemoryStream(new byte[10]), 10, "image/png", Stop);
        Assert.Equal(10, await LengthAsync(name));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_download_the_reader_is_told()
    {
        // More than buffers on the way hold.
        var name = await PutAsync(48 << 20);
        await using var part = await _store.OpenAsync(name, null, Stop);
        var buffer = new byte[1 << 20];
        await part!.Content.ReadExactlyAsync(buffer, Stop);
        await _ceph.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            part.Content.CopyToAsync(Stream.Null, Stop)
        );
    }

    [Fact]
    public async Task Frozen_in_the_middle_of_a_download_the_reader_is_told()
    {
        var name = await PutAsync(48 << 20);
        await using var part = await _store.OpenAsync(name, null, Stop);
        var buffer = new byte[1 << 20];
        await part!.Content.ReadExactlyAsync(buffer, Stop);
        await _ceph.StopAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            part.Content.CopyToAsync(Stream.Null, Stop)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        if (_ceph.IsRunning)
        {
            await _ceph.ContinueAsync();
        }
    }

    private async Task<BlobName> PutAsync(int length)
    {
        var name = BlobName.Draw(MediaKind.Png);
        await _store.PutAsync(name, new MemoryStream(new byte[length]), length, "image/png", Stop);
        return name;
    }

    private async Task<long> LengthAsync(BlobName name)
    {
        await using var part = await _store.OpenAsync(name, null, Stop);
        return part!.Total;
    }

    /// <summary>Has something done when so many of its bytes were read.</summary>
    private sealed class KillingStream(byte[] bytes, int after, Func<Task> kill)
        : MemoryStream(bytes)
    {
        private bool _isDone;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (Position > after && !_isDone)
            {
                _isDone = true;
                await kill();
            }

            return read;
        }
    }
}
