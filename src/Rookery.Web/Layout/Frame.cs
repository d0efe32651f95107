using Rookery.Accounts;
using Rookery.Web.Languages;

namespace Rookery.Web.Layout;

/// <summary>What every page has around it.</summary>
/// <param name="Title">In the browser's list of pages, before the site's name.</param>
/// <param name="Here">The page's own path, with which its forms come back.</param>
/// <param name="Token">Of all forms of the page; empty where it has none.</param>
/// <param name="Now">What times on it are told from.</param>
public sealed record Frame(
    string Title,
    string Here,
    AccountCard? Me,
    string Token,
    DateTimeOffset Now
)
{
    /// <summary>In the language of who reads it.</summary>
    public Words Say { get; init; } = Words.English;

    public string SiteName { get; init; } = "";

    /// <summary>Search engines may keep pages of this site.</summary>
    public bool MayBeIndexed { get; init; }

    /// <summary>What it says of itself to programs; null where it is for people alone.</summary>
    public PageMeta? Meta { get; init; }

    /// <summary>Which entry of the navigation the page is.</summary>
    public string Place { get; init; } = "";

    /// <summary>In the box to search with.</summary>
    public string Query { get; init; } = "";

    /// <summary>The path of a script in the place of that of all pages, for one that does what no other does; null: that of all.</summary>
    public string? Script { get; init; }

    /// <summary>What was just done.</summary>
    public string? Notice { get; init; }
}
