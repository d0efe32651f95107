using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.S3;
using Rookery.Media;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Media;

/// <summary>On Ceph's S3 server, each test in a bucket of its own.</summary>
public sealed class S3BlobStoreTests : BlobStoreContract, IAsyncLifetime
{
    private static int _buckets;

    private S3BlobStore? _store;
    private CephServer? _ceph;

    protected override IBlobStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _ceph = await (await TestContext.Current.GetFixture<SharedServers>())!.CephAsync();
        _store = Open(Settings());
    }

    [Fact]
    public async Task A_browser_fetches_a_blob_from_its_address_for_a_while()
    {
        var (name, bytes) = await PutAsync(1_000);
        var address = await Store.AddressOfAsync(name, TimeSpan.FromMinutes(5), Stop);
        using var browser = new HttpClient();
        using var answer = await browser.GetAsync(address, Stop);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());

        var unsigned = new UriBuilder(address!) { Query = "" }.Uri;
        using var refused = await browser.GetAsync(unsigned, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_bucket_that_is_there_is_used()
    {
        var settings = Settings();
        using var first = Open(settings);
        using var second = Open(settings);
        var name = BlobName.Draw(MediaKind.Png);
        await first.PutAsync(name, new MemoryStream(Bytes(10)), 10, "image/png", Stop);
        await second.PutAsync(
            BlobName.Draw(MediaKind.Png),
            new MemoryStream(Bytes(10)),
            10,
            "image/png",
            Stop
        );
        await using var part = await second.OpenAsync(name, null, Stop);
        Assert.Equal(10, part!.Total);
    }

    [Fact]
    public async Task Without_its_bucket_nothing_is_there_and_deleting_is_fine()
    {
        Assert.Null(await Store.OpenAsync(BlobName.Draw(MediaKind.Png), null, Stop));
        await Store.DeleteAsync(BlobName.Draw(MediaKind.Png), Stop);
    }

    [Theory]
    [InlineData("no-such-key", CephServer.SecretKey)]
    [InlineData(CephServer.AccessKey, "wrong-secret")]
    public async Task A_wrong_key_names_the_settings_and_no_secret(string key, string secret)
    {
        var settings = Settings();
        (settings.AccessKey, settings.SecretKey) = (key, secret);
        using var store = Open(settings);
        var fault = await IsUnavailableAsync(store);
        Assert.Contains("S3:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Key", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_unavailable_and_named()
    {
        var settings = Settings();
        settings.Endpoint = $"http://127.0.0.1:{FreePort.Take()}";
        using var store = Open(settings);
        var fault = await IsUnavailableAsync(store);
        Assert.Contains(settings.Endpoint, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(settings.Endpoint, fault.Told!, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static S3BlobStore Open(S3Options settings) =>
        new(Options.Create(settings), NullLogger<S3BlobStore>.Instance);

    internal static async Task<StoreUnavailableException> IsUnavailableAsync(IBlobStore store)
    {
        var name = BlobName.Draw(MediaKind.Png);
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.OpenAsync(name, null, Stop)
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.DeleteAsync(name, Stop));
        return await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.PutAsync(name, new MemoryStream(Bytes(10)), 10, "image/png", Stop)
        );
    }

    private S3Options Settings() =>
        new()
        {
            Endpoint = _ceph!.Uri.ToString(),
            AccessKey = CephServer.AccessKey,
            SecretKey = CephServer.SecretKey,
            Bucket = $"bucket-{Interlocked.Increment(ref _buckets)}",
            PartBytes = 5 << 20,
        };
}
