using System.ComponentModel.DataAnnotations;

namespace Rookery.Reading;

/// <summary>How much memory reading may use.</summary>
public sealed class ReadingOptions
{
    public const string Section = "Reading";

    /// <summary>
    /// Bytes of rendered posts kept in memory, rounded down to a power of two; their index takes a sixteenth more.
    /// Memory is taken as it fills, not at start. Below what the active readers look at, pages are rendered from SQL again.
    /// </summary>
    [Range(1L << 15, 1L << 40)]
    public long PostCacheBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Bytes of the newest likes and reposts of recent viewers kept in memory: about 0.3 kB for a viewer and 20 to 40 bytes a mark, of the newest
    /// 1,000 of each kind. Below what the active readers have, pages ask the database which of their posts the reader liked.
    /// </summary>
    [Range(1L << 22, 1L << 40)]
    public long MarksCacheBytes { get; set; } = 64L << 20;
}
