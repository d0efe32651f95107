using System.ComponentModel.DataAnnotations;

namespace Rookery.Search;

/// <summary>How much of the machine searching may take.</summary>
public sealed class SearchOptions
{
    public const string Section = "Search";

    /// <summary>Bytes for the words that misspelt ones are corrected to, some 90,000 in 16 MB; the rarest are left out where they do not suffice.</summary>
    [Range(1 << 20, 1L << 36)]
    public long WordBytes { get; set; } = 16 << 20;

    /// <summary>Minutes between two images of the index on the disk. A start goes on from the last one; without one it reads all posts.</summary>
    [Range(1, 24 * 60)]
    public int SnapshotMinutes { get; set; } = 10;
}
