using System.ComponentModel.DataAnnotations;

namespace Rookery.Search;

/// <summary>How much of the machine searching may take.</summary>
public sealed class SearchOptions
{
    public const string Section = "Search";

    /// <summary>Searches that read through posts at the same time; more wait up to a second, then get 503. Each keeps one core busy.</summary>
    [Range(1, 1024)]
    public int ScansAtOnce { get; set; } = 2;
}
