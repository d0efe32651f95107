using Microsoft.Extensions.Logging;

namespace Rookery.Media;

/// <summary>Removes uploads: blobs first and rows after them, so that a blob whose removal failed is found again.</summary>
internal sealed partial class RemoveMedia(
    IMediaStore store,
    IBlobStore blobs,
    ILogger<RemoveMedia> logger
)
{
    /// <summary>For its owner: from now on it is not found. Where the blob store is away, the blob goes later.</summary>
    public async Task<Result<Done>> HandleAsync(
        MediaId id,
        AccountId owner,
        CancellationToken token
    )
    {
        if (
            await store.FindAsync(id, owner, token) is not { } medium
            || !await store.GiveUpAsync(id, owner, token)
        )
        {
            return DescribeMedia.NoMedium(id);
        }

        try
        {
            // It is the caller's no longer, so whether he waits says nothing.
            await RemoveAsync([new Removable(id, medium.Blob)], CancellationToken.None);
        }
        catch (StoreUnavailableException fault)
        {
            RemovedLater(logger, fault, id);
        }

        return Done.Instance;
    }

    /// <exception cref="StoreUnavailableException">Some of them may be left.</exception>
    public async Task RemoveAsync(IReadOnlyList<Removable> media, CancellationToken token)
    {
        foreach (var medium in media)
        {
            await blobs.DeleteAsync(medium.Blob, token);
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
