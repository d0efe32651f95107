namespace Rookery.Media;

/// <summary>An upload that is about to be put into the blob store.</summary>
public sealed record NewMedium(
    AccountId Owner,
    BlobName Blob,
    long Bytes,
    int Width,
    int Height,
    string Description,
    FocalPoint Focus,
    string Blurhash
)
{
    public MediaPurpose Purpose { get; init; }

    /// <summary>How long a video lasts; 0 for a picture.</summary>
    public int Milliseconds { get; init; }

    /// <summary>The blob of a still picture of a video, whose bytes are counted in <see cref="Bytes"/>; null where there is none.</summary>
    public BlobName? Preview { get; init; }
}

/// <summary>What all uploads of one account may be together.</summary>
public readonly record struct MediaQuota(long Bytes, int Files);

/// <summary>An upload whose blob is there. <paramref name="Description"/> and <paramref name="Blurhash"/> are empty where nothing was said.</summary>
public sealed record Medium(
    MediaId Id,
    AccountId Owner,
    BlobName Blob,
    int Width,
    int Height,
    string Description,
    FocalPoint Focus,
    string Blurhash
)
{
    /// <summary>How long a video lasts; 0 for a picture.</summary>
    public int Milliseconds { get; init; }

    /// <summary>The blob of a still picture of a video; null where there is none.</summary>
    public BlobName? Preview { get; init; }
}

/// <summary>What of a picture is to be seen when it is cropped: thousandths from its centre, −1000 (left, bottom) to 1000 (right, top).</summary>
public readonly record struct FocalPoint(int X, int Y);

/// <summary>What is to be removed: first the blobs, then the row.</summary>
/// <param name="Preview">The blob of a still picture of it; null where there is none.</param>
public readonly record struct Removable(MediaId Id, BlobName Blob, BlobName? Preview = null);

/// <summary>
/// The truth of uploads: whose they are and what was said of them. A row stands before its blobs do and goes after them, so no blob is ever without one.
/// <para>Durability: what a write answered is on the disk. A write that fails leaves nothing behind.</para>
/// <para>
/// Use: what was held for a post is free when no post has it and its hold has ended, both as of the same time by the clock of posts:
/// <see cref="Posts.IPosts.AttachedAsync"/>. What was held for a profile is free as the clock of accounts says: <see cref="Accounts.IProfilePictures.ShownAsync"/>. What was never held is free at any time. Only what is free is changed or given up here.
/// </para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IMediaStore : IMedia
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

    /// <summary>An upload that failed is not to be found, and is to be removed. Answers false where it was given up or removed before.</summary>
    Task<bool> GiveUpAsync(MediaId medium, AccountId owner, CancellationToken token);

    /// <summary>
    /// Those of the media that no hold keeps at that time, and that are on no post for good, are found no longer; answers them, for they are to be removed.
    /// </summary>
    Task<IReadOnlyList<Removable>> GiveUpFreeAsync(
        IReadOnlyList<MediaId> media,
        DateTimeOffset at,
        CancellationToken token
    );

    /// <summary>They are on posts or profiles, for good: only <see cref="DropAsync"/> and the end of the account remove them.</summary>
    Task TakeAsync(IReadOnlyList<MediaId> media, CancellationToken token);

    /// <summary>What they were taken for is gone: they are found no longer. Answers those that are still to be removed, also those that were given up before.</summary>
    Task<IReadOnlyList<Removable>> DropAsync(IReadOnlyList<MediaId> media, CancellationToken token);

    /// <summary>Changes what is not null; the medium after it, or null where it is not found, not the owner's, or not free at that time.</summary>
    Task<Medium?> DescribeAsync(
        MediaId medium,
        AccountId owner,
        MediaText text,
        DateTimeOffset at,
        CancellationToken token
    );

    /// <summary>Null where it is not found, not the owner's, or not to be posted. What is on a post is found.</summary>
    ValueTask<Medium?> FindAsync(MediaId medium, AccountId owner, CancellationToken token);

    /// <summary>Who uploaded the file with this name, or that of which it is a still picture; null where nobody did. It never becomes another's.</summary>
    ValueTask<AccountId?> OwnerOfAsync(BlobName blob, CancellationToken token);

    /// <summary>Some of all that the account has uploaded, found or not.</summary>
    ValueTask<IReadOnlyList<Removable>> SomeOfAsync(
        AccountId owner,
        int limit,
        CancellationToken token
    );

    /// <summary>
    /// Of what was uploaded before <paramref name="uploadedBefore"/>, is not on a post for good and is held by nobody now, up to <paramref name="limit"/> with the smallest ids
    /// above <paramref name="above"/>, in their order.
    /// </summary>
    ValueTask<IReadOnlyList<MediaId>> SomeUntakenAsync(
        DateTimeOffset uploadedBefore,
        DateTimeOffset now,
        MediaId above,
        int limit,
        CancellationToken token
    );

    /// <summary>Some of what was given up and uploaded before <paramref name="uploadedBefore"/>.</summary>
    ValueTask<IReadOnlyList<Removable>> SomeGivenUpAsync(
        DateTimeOffset uploadedBefore,
        int limit,
        CancellationToken token
    );

    /// <summary>Removes the rows. Those that are gone are fine.</summary>
    Task RemoveAsync(IReadOnlyList<MediaId> media, CancellationToken token);
}
