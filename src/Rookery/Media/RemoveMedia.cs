using Microsoft.Extensions.Logging;

namespace Rookery.Media;

/// <summary>Removes uploads: blobs first and rows after them, so that a blob whose removal failed is found again.</summary>
internal sealed partial class RemoveMedia(
    IMediaStore store,
    IBlobStore blobs,
    FreeMedia free,
    ILogger<RemoveMedia> logger
)
{
    /// <summary>For its owner: from now on it is not found. What is on a post stays. Where the blob store is away, the blob goes later.</summary>
    public async Task<Result<Done>> HandleAsync(
        MediaId id,
        AccountId owner,
        CancellationToken token
    )
    {
        if (await store.FindAsync(id, owner, token) is null)
        {
            return DescribeMedia.NoMedium(id);
        }

        var given = await free.ActAsync(id, at => GiveUpAsync(id, at, token), token);
        if (given is null)
        {
            return FreeMedia.InUse(id);
        }

        try
        {
            // It is the caller's no longer, so whether he waits says nothing.
            await RemoveAsync(given, CancellationToken.None);
        }
        catch (StoreUnavailableException fault)
        {
            RemovedLater(logger, fault, id);
        }

        return Done.Instance;
    }

    /// <summary>What was uploaded for something that came to nothing, unless it was held for it. Where that fails it lapses.</summary>
    public async Task RemoveUnusedAsync(IReadOnlyList<MediaId> media)
    {
        if (media.Count == 0)
        {
            return;
        }

        try
        {
            var given = await store.GiveUpFreeAsync(
                media,
                FreeMedia.BeforeHolds,
                CancellationToken.None
            );
            await RemoveAsync(given, CancellationToken.None);
        }
        catch (StoreUnavailableException fault)
        {
            foreach (var id in media)
            {
                RemovedLater(logger, fault, id);
            }
        }
    }

    private async Task<IReadOnlyList<Removable>?> GiveUpAsync(
        MediaId id,
        DateTimeOffset at,
        CancellationToken token
    ) => await store.GiveUpFreeAsync([id], at, token) is { Count: > 0 } given ? given : null;

    /// <exception cref="StoreUnavailableException">Some of them may be left.</exception>
    public async Task RemoveAsync(IReadOnlyList<Removable> media, CancellationToken token)
    {
        foreach (var medium in media)
        {
            await blobs.DeleteAsync(medium.Blob, token);
            if (medium.Preview is { } preview)
            {
                await blobs.DeleteAsync(preview, token);
            }
        }

        await store.RemoveAsync([.. media.Select(medium => medium.Id)], token);
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "The blob of {Medium} could not be removed; it is when it lapses"
    )]
    private static partial void RemovedLater(ILogger logger, Exception fault, MediaId medium);
}
