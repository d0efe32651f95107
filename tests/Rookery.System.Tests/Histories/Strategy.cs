using Rookery.TestKit;

namespace Rookery.SystemTests.Histories;

/// <summary>A way to home timelines, with constants so small that short histories meet every edge of it.</summary>
internal sealed record Strategy(
    string Name,
    bool IsCurrent,
    IReadOnlyDictionary<string, string?> Settings
)
{
    /// <summary>All authors are merged at read; what was acknowledged is on every home timeline at once.</summary>
    public static readonly Strategy Merged = new("merged", true, With(0));

    /// <summary>Authors with more than two followers are merged, the others pushed behind the answer.</summary>
    public static readonly Strategy Pushed = new("pushed", false, With(2));

    /// <summary>The same with the truth in another database, which must be empty.</summary>
    public Strategy In(string database) =>
        this with
        {
            Name = $"{Name} in PostgreSQL",
            Settings = new Dictionary<string, string?>(Settings)
            {
                ["Databases:Default"] = database,
                ["Databases:Readers"] = "2",
            },
        };

    private static Dictionary<string, string?> With(int mergeAtReadAbove) =>
        new(World.FastSettings)
        {
            ["Timelines:MergeAtReadAbove"] = $"{mergeAtReadAbove}",
            ["Timelines:PushedLength"] = "20",
            ["Timelines:FanOutChunk"] = "2",
            ["Timelines:HeadBytes"] = "16384",
            ["Reading:PostCacheBytes"] = "32768",
            ["Delivery:BatchSize"] = "8",
        };
}
