using Microsoft.Extensions.Options;

namespace Rookery.Media;

/// <summary>Hands out a blob to whoever knows its name: itself, or by the address where the store has it.</summary>
internal sealed class FetchBlob(IBlobStore blobs, IOptions<MediaOptions> options)
{
    public Task<BlobPart?> OpenAsync(BlobName name, BlobRange? range, CancellationToken token) =>
        blobs.OpenAsync(name, range, token);

    /// <summary>Where the browser is to be sent, and for how long that is right; null where the server hands it on itself.</summary>
    public async ValueTask<(Uri Address, TimeSpan Lifetime)?> ElsewhereAsync(
        BlobName name,
        CancellationToken token
    )
    {
        var lifetime = TimeSpan.FromMinutes(options.Value.RedirectMinutes);
        return
            lifetime > TimeSpan.Zero
            && await blobs.AddressOfAsync(name, lifetime, token) is { } address
            ? (address, lifetime)
            : null;
    }
}
