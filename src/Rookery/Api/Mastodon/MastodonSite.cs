using Microsoft.AspNetCore.Http;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Api.Mastodon;

/// <summary>Where what an answer names is to be found, as its caller reaches the site.</summary>
internal sealed class MastodonSite(string origin, string mediaOrigin)
{
    public static MastodonSite Of(SiteAddress site, HttpRequest request) =>
        new(SiteAddress.OfPages(request), site.OfMedia(request));

    /// <summary>Writes texts, and knows the addresses of pages.</summary>
    public RenderHtml Html { get; } = new(origin);

    /// <summary>The picture of who has none.</summary>
    public string Avatar { get; } = UrlOf(mediaOrigin, DefaultPicture.Avatar.Name);

    /// <inheritdoc cref="Avatar"/>
    public string Header { get; } = UrlOf(mediaOrigin, DefaultPicture.Header.Name);

    /// <summary>The file of a medium.</summary>
    public string UrlOf(BlobName blob) => UrlOf(mediaOrigin, blob);

    private static string UrlOf(string origin, BlobName blob) => $"{origin}{BlobName.Path}{blob}";
}
