using System.ComponentModel.DataAnnotations;
using Rookery.Media.Videos;

namespace Rookery.Media;

/// <summary>What may be uploaded, how much of it, and how it is handed out.</summary>
public sealed class MediaOptions
{
    public const string Section = "Media";

    /// <summary>Bytes of one picture.</summary>
    [Range(1024, 1 << 30)]
    public int MaxBytes { get; set; } = 16 << 20;

    /// <summary>Width times height of one picture, read from its header. What shows it needs about four bytes for each.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPixels { get; set; } = 64_000_000;

    /// <summary>
    /// Bytes of one video, MP4 or WebM. Its place on the disk is taken while it arrives and while what it says about its maker is removed: twice this for each upload.
    /// </summary>
    [Range(1024, 1 << 30)]
    public int MaxVideoBytes { get; set; } = 64 << 20;

    /// <summary>Width times height of one video, read from its header. The default is 4096 × 2160.</summary>
    [Range(1, int.MaxValue)]
    public int MaxVideoPixels { get; set; } = 4096 * 2160;

    /// <summary>Seconds that one video lasts, by its header and by what it plays.</summary>
    [Range(1, 24 * 3600)]
    public int MaxVideoSeconds { get; set; } = 600;

    /// <summary>Bytes of a file that begins so, picture or video.</summary>
    internal int MaxBytesOf(ReadOnlySpan<byte> head) =>
        ReadVideo.KindOf(head) is null ? MaxBytes : MaxVideoBytes;

    /// <summary>Bytes of any one file.</summary>
    internal int LargestBytes => Math.Max(MaxBytes, MaxVideoBytes);

    /// <summary>Frames of a picture that moves.</summary>
    [Range(1, 100_000)]
    public int MaxFrames { get; set; } = 1_000;

    /// <summary>Characters of what is said about a picture or a video to those who do not see it.</summary>
    [Range(1, 10_000)]
    public int MaxDescription { get; set; } = 1_500;

    /// <summary>Bytes of all that one account has uploaded; one more upload beyond it is refused.</summary>
    [Range(0, long.MaxValue)]
    public long QuotaBytes { get; set; } = 1L << 30;

    /// <summary>Files of all that one account has uploaded; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int QuotaFiles { get; set; } = 10_000;

    internal MediaQuota Quota => new(QuotaBytes, QuotaFiles);

    /// <summary>Uploads that one process receives at the same time; one more is answered 503.</summary>
    [Range(1, 10_000)]
    public int UploadsAtOnce { get; set; } = 32;

    /// <summary>Uploads of one account's that one process receives at the same time, so that nobody takes all places; one more is answered 429.</summary>
    [Range(1, 10_000)]
    public int UploadsAtOncePerAccount { get; set; } = 4;

    /// <summary>Uploads from one address (IPv6: one /64) that one process receives at the same time, whosever they are; one more is answered 429.</summary>
    [Range(1, 10_000)]
    public int UploadsAtOncePerAddress { get; set; } = 16;

    /// <summary>Seconds in which an upload must have arrived; one that takes longer is answered 408 and gives its place back.</summary>
    [Range(1, 24 * 3600)]
    public int UploadSeconds { get; set; } = 300;

    /// <summary>Hours after which an upload is removed that nothing has taken.</summary>
    [Range(1, 24 * 365)]
    public int UntakenHours { get; set; } = 24;

    /// <summary>Uploads are refused with 503 when less than this is free on the data folder's disk. In bytes.</summary>
    [Range(0, long.MaxValue)]
    public long MinimumFreeBytes { get; set; } = 64 << 20;

    /// <summary>
    /// The beginning of the addresses at which browsers fetch media, such as <c>https://media.example.org</c>; best another name than the site's, so that no
    /// file is ever of the site. Empty: the host that was asked.
    /// </summary>
    [RegularExpression("(https?://[^/?#]+)?")]
    public string Address { get; set; } = "";

    /// <summary>Files of which it is kept in memory who uploaded them; about 150 bytes each. A request for another one costs a database read.</summary>
    [Range(8, 100_000_000)]
    public int CachedOwners { get; set; } = 1 << 16;

    /// <summary>
    /// Minutes for which a browser is sent to the address of a blob in the S3 server, which then must be reached by browsers. 0: the server hands blobs on
    /// itself, and they may be kept for ever by whoever fetched them.
    /// </summary>
    [Range(0, 7 * 24 * 60)]
    public int RedirectMinutes { get; set; }
}
