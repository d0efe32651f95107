using System.ComponentModel.DataAnnotations;

namespace Rookery.Graph;

/// <summary>How much of the graph is kept in memory.</summary>
public sealed class GraphOptions
{
    public const string Section = "Graph";

    /// <summary>
    /// Bytes for the followees of recent viewers, about five for each follow. Beyond it those who were not seen for longest give way, and their
    /// next page reads them from SQL first. Beside it stand 12 bytes for every account.
    /// </summary>
    [Range(1 << 16, 1L << 35)]
    public long AdjacencyBytes { get; set; } = 256 << 20;

    /// <summary>Accounts that one account may follow, with those that it has asked; an import may bring more. Each home page merges the newest posts of all of them.</summary>
    [Range(1, 10_000_000)]
    public int MaxFollowees { get; set; } = 7_500;
}
