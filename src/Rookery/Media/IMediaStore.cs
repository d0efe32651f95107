namespace Rookery.Media;

/// <summary>An upload that is about to be put into the blob store.</summary>
public sealed record NewMedium(
    AccountId Owner,
    BlobName Blob,
    long Bytes,
    int Width,
    int Height,
    string Description,
    FocalPoint Focus
);

/// <summary>What all uploads of one account may be together.</summary>
public readonly record struct MediaQuota(long Bytes, int Files);

/// <summary>An upload whose blob is there. <paramref name="Description"/> is empty where nothing was said.</summary>
public sealed record Medium(
    MediaId Id,
    AccountId Owner,
    BlobName Blob,
    int Width,
    int Height,
    string Description,
    FocalPoint Focus
);

/// <summary>What of a picture is to be seen when it is cropped: thousandths from its centre, −1000 (left, bottom) to 1000 (right, top).</summary>
public readonly record struct FocalPoint(int X, int Y);

/// <summary>What is to be removed: first the blob, then the row.</summary>
public readonly record struct Removable(MediaId Id, BlobName Blob);

/// <summary>
/// The truth of uploads: whose they are and what was said of them. A row stands before its blob does and goes after it, so no blob is ever without one.
/// <para>Durability: what a write answered is on the disk. A write that fails leaves nothing behind.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IMediaStore
{
    /// <summary>
    /// Makes the row of an upload that nobody sees yet. A problem (Forbidden) where the account's uploads would be more than <paramref name="quota"/>
    /// together; those that were given up do not count. A problem (Unauthenticated) for an owner that was closed.
    /// </summary>
    Task<Result<MediaId>> ReserveAsync(NewMedium medium, MediaQuota quota, CancellationToken token);

    /// <summary>
    /// Its blob is there: from now on it is found. Answers false where it was given up or removed meanwhile, or its owner closed: then its blob has no row, or
    /// one that was given up.
    /// </summary>
    Task<bool> KeepAsync(MediaId medium, CancellationToken token);

    /// <summary>For ever: whatever is not listed of the owner's from now on is never found. Closing again is fine.</summary>
    Task CloseAsync(AccountId owner, CancellationToken token);

    /// <summary>It is found no longer, and is to be removed. Answers false where it is not <paramref name="owner"/>'s, or was not found before.</summary>
    Task<bool> GiveUpAsync(MediaId medium, AccountId owner, CancellationToken token);

    /// <summary>Changes what is not null; the medium after it, or null where it is not found or not the owner's.</summary>
    Task<Medium?> DescribeAsync(
        MediaId medium,
        AccountId owner,
        string? description,
        FocalPoint? focus,
        CancellationToken token
    );

    /// <summary>Null where it is not found or not the owner's.</summary>
    ValueTask<Medium?> FindAsync(MediaId medium, AccountId owner, CancellationToken token);

    /// <summary>Some of all that the account has uploaded, found or not.</summary>
    ValueTask<IReadOnlyList<Removable>> SomeOfAsync(
        AccountId owner,
        int limit,
        CancellationToken token
    );

    /// <summary>Some of what was uploaded before <paramref name="uploadedBefore"/>, or given up and uploaded before <paramref name="givenUpBefore"/>.</summary>
    ValueTask<IReadOnlyList<Removable>> SomeLapsedAsync(
        DateTimeOffset uploadedBefore,
        DateTimeOffset givenUpBefore,
        int limit,
        CancellationToken token
    );

    /// <summary>Removes the rows. Those that are gone are fine.</summary>
    Task RemoveAsync(IReadOnlyList<MediaId> media, CancellationToken token);
}
