using Microsoft.Extensions.Options;
using Rookery.Accounts;

namespace Rookery.Media;

/// <summary>
/// Hands out a blob to whoever knows its name: itself, or by the address where the store has it. Not while its owner is suspended: whose a blob is never
/// changes and is kept in memory, and whether the owner is there is asked each time.
/// </summary>
internal sealed class FetchBlob(
    IBlobStore blobs,
    IMediaStore store,
    IAccounts accounts,
    IOptions<MediaOptions> options
)
{
    private readonly BoundedCache<BlobName, Owner> _owners = new(options.Value.CachedOwners);

    /// <summary>False also for what was never uploaded.</summary>
    public ValueTask<bool> IsShownAsync(BlobName name, CancellationToken token) =>
        _owners.Find(name) is { } owner
            ? IsThereAsync(owner.Account, token)
            : LoadAsync(name, token);

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

    private async ValueTask<bool> LoadAsync(BlobName name, CancellationToken token)
    {
        if (await store.OwnerOfAsync(name, token) is not { } account)
        {
            return false;
        }

        _owners.Put(name, new Owner(account));
        return await IsThereAsync(account, token);
    }

    private async ValueTask<bool> IsThereAsync(AccountId owner, CancellationToken token) =>
        (await accounts.UnknownAsync(new[] { owner }, token)).Count == 0;

    private sealed record Owner(AccountId Account);
}
