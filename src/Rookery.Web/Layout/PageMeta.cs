using Microsoft.AspNetCore.Http;
using Rookery.Api;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Web.Layout;

/// <summary>What a page says of itself to programs that show links to it, and to those that search.</summary>
/// <param name="Origin">Before the paths of the site, as the visitor reached it.</param>
/// <param name="Path">Of the page, however it was asked for.</param>
public sealed record PageMeta(string Origin, string Path)
{
    public string Address => Origin + Path;

    /// <summary>Of the Open Graph protocol.</summary>
    public string Type { get; init; } = "website";

    /// <summary>Where the page's own is not right alone.</summary>
    public string Title { get; init; } = "";

    /// <summary>One line; empty: links to it are shown without one.</summary>
    public string Description { get; init; } = "";

    public DateTimeOffset? Published { get; init; }

    /// <summary>What links to it are shown with; null: the site's own.</summary>
    public Attachment? Picture { get; init; }

    /// <summary>What links to it can play; null where there is nothing.</summary>
    public Attachment? Video { get; init; }

    /// <summary>The picture of whom the page is by, beside which a link stands that has no other; null where there is none.</summary>
    public BlobName? Avatar { get; init; }

    /// <summary>Search engines may keep it: everybody who wrote what is on it lets them.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>The path of the account whose posts are to be had as a feed; null where there is none.</summary>
    public string? FeedOf { get; init; }

    internal static PageMeta Of(HttpRequest request, string path) =>
        new(SiteAddress.OfPages(request), path);
}
