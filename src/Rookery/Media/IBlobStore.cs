namespace Rookery.Media;

/// <summary>
/// Where the bytes of media lie: whole files by name, which never change.
/// <para>Durability: what a put has completed is there after any crash of this process; one that failed or was cut left nothing under its name.</para>
/// <para>Idempotence: putting the same name again replaces it as a whole; deleting what is not there is fine.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be reached, is full, or refuses these settings.</para>
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores <paramref name="length"/> bytes, which must be all that <paramref name="content"/> has.</summary>
    /// <param name="contentType">What a browser is told that fetches it from <see cref="AddressOfAsync"/>.</param>
    /// <exception cref="InvalidDataException">The content is longer or shorter than that; nothing is stored.</exception>
    Task PutAsync(
        BlobName name,
        Stream content,
        long length,
        string contentType,
        CancellationToken token
    );

    /// <summary>Opens the blob, or the part of it that is asked for; null where there is none of this name.</summary>
    Task<BlobPart?> OpenAsync(BlobName name, BlobRange? range, CancellationToken token);

    /// <summary>Where a browser may fetch the blob itself for as long; null where this store has no addresses.</summary>
    ValueTask<Uri?> AddressOfAsync(BlobName name, TimeSpan lifetime, CancellationToken token);

    Task DeleteAsync(BlobName name, CancellationToken token);
}

/// <summary>
/// The part of a blob that is asked for, as HTTP says it: from <see cref="First"/> to its end or through <see cref="Last"/>; or, without a first one, the last
/// <see cref="Last"/> bytes.
/// </summary>
public readonly record struct BlobRange(long? First, long? Last)
{
    /// <summary>Where it begins and how long it is in a blob of <paramref name="total"/> bytes; a length of 0: it is past the end.</summary>
    public (long Offset, long Length) In(long total)
    {
        if (First is not { } first)
        {
            var suffix = Math.Min(Last ?? 0, total);
            return (total - suffix, suffix);
        }

        return first >= total
            ? (total, 0)
            : (first, Math.Min(Last ?? long.MaxValue, total - 1) - first + 1);
    }
}

/// <summary>An open blob. <paramref name="Content"/> stands at <paramref name="Offset"/>; what follows after <paramref name="Length"/> bytes is not asked for.</summary>
/// <param name="Total">Bytes of the whole blob.</param>
public sealed record BlobPart(Stream Content, long Offset, long Length, long Total)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
