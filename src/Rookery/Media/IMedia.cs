namespace Rookery.Media;

/// <summary>What something was uploaded for. The numbers stand in the database: they only grow.</summary>
public enum MediaPurpose
{
    Post = 0,

    /// <summary>To be shown of its owner. Nobody but the server names it, so it is not found as an upload.</summary>
    Profile = 1,
}

/// <summary>The door of media. A fault of the store is a <see cref="StoreUnavailableException"/>.</summary>
public interface IMedia
{
    /// <summary>
    /// Holds uploads for a post or a profile, whichever they were uploaded for: until then nobody changes or removes what is answered here. All of them or none: an answer that lacks one says that it is
    /// not found, not <paramref name="owner"/>'s, or for something else. Holding again is fine, also what stands on a post.
    /// </summary>
    Task<IReadOnlyList<Medium>> HoldAsync(
        AccountId owner,
        IReadOnlyList<MediaId> media,
        MediaPurpose purpose,
        DateTimeOffset until,
        CancellationToken token
    );
}
