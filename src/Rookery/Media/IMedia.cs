namespace Rookery.Media;

/// <summary>The door of media. A fault of the store is a <see cref="StoreUnavailableException"/>.</summary>
public interface IMedia
{
    /// <summary>
    /// Holds uploads for a post: until then nobody changes or removes what is answered here. All of them or none: an answer that lacks one says that it is
    /// not found or not <paramref name="owner"/>'s. Holding again is fine, also what stands on a post.
    /// </summary>
    Task<IReadOnlyList<Medium>> HoldAsync(
        AccountId owner,
        IReadOnlyList<MediaId> media,
        DateTimeOffset until,
        CancellationToken token
    );
}
