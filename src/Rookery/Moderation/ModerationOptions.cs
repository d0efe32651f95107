using System.ComponentModel.DataAnnotations;

namespace Rookery.Moderation;

/// <summary>What members tell moderators.</summary>
public sealed class ModerationOptions
{
    public const string Section = "Moderation";

    /// <summary>Reports per day of one account; 0 is no limit. The default is Mastodon's.</summary>
    [Range(0, 1_000_000)]
    public int ReportsPerDay { get; set; } = 400;
}
