using Microsoft.AspNetCore.Http;
using Rookery.Accounts;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Api.Mastodon;

/// <summary>Where what an answer names is to be found, as its caller reaches the site.</summary>
internal sealed class MastodonSite(string origin, string mediaOrigin)
{
    public static MastodonSite Of(SiteAddress site, HttpRequest request) =>
        new(SiteAddress.OfPages(request), site.OfMedia(request));

    /// <summary>What is written of the same two is the same.</summary>
    public (string Pages, string Media) Origins => (origin, mediaOrigin);

    /// <summary>Writes texts, and knows the addresses of pages.</summary>
    public RenderHtml Html { get; } = new(origin);

    /// <summary>The picture of who has none.</summary>
    private readonly string _avatar = UrlOf(mediaOrigin, DefaultPicture.Avatar.Name);

    /// <inheritdoc cref="_avatar"/>
    private readonly string _header = UrlOf(mediaOrigin, DefaultPicture.Header.Name);

    /// <summary>The picture beside what an account posts.</summary>
    public string AvatarOf(AccountCard account) =>
        account.Avatar is { } blob ? UrlOf(blob) : _avatar;

    /// <summary>The wide one on its profile.</summary>
    public string HeaderOf(AccountCard account) =>
        account.Header is { } blob ? UrlOf(blob) : _header;

    /// <summary>The file of a medium.</summary>
    public string UrlOf(BlobName blob) => UrlOf(mediaOrigin, blob);

    private static string UrlOf(string origin, BlobName blob) => $"{origin}{BlobName.Path}{blob}";
}
