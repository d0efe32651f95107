using Rookery.Media;

namespace Rookery.Accounts;

/// <summary>A picture that an account shows of itself; <paramref name="Blob"/> is null where it shows none.</summary>
public readonly record struct ProfilePicture(MediaId Medium, BlobName? Blob);

/// <summary>The pictures that an account is to show from now on; null stays as it is.</summary>
/// <param name="HeldUntil">Until when media hold those that are new: what is stored later is refused.</param>
public sealed record ProfilePictures(
    ProfilePicture? Avatar,
    ProfilePicture? Header,
    DateTimeOffset HeldUntil
);

/// <summary>Media that accounts show of themselves, as of a time by the clock of accounts' ids: what is shown later is of a later time.</summary>
public sealed record ShownPictures(IReadOnlyList<MediaId> Media, DateTimeOffset AsOf);

/// <summary>What media ask of accounts before they remove anything.</summary>
public interface IProfilePictures
{
    /// <summary>Those of the media that accounts show of themselves; whoever changes one at the same time is waited for.</summary>
    /// <exception cref="StoreUnavailableException">Nobody can say.</exception>
    Task<ShownPictures> ShownAsync(ReadOnlyMemory<MediaId> media, CancellationToken token);
}
