using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>The beginnings of the addresses that answers name: where the caller reaches the site, and its media.</summary>
internal sealed class SiteAddress(IOptions<MediaOptions> options)
{
    /// <summary><c>https://rookery.example</c>: the host that was asked, as the client or a trusted proxy says it.</summary>
    public static string OfPages(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    /// <summary>The same, or what <c>Media:Address</c> says.</summary>
    public string OfMedia(HttpRequest request) =>
        options.Value.Address is { Length: > 0 } set ? set : OfPages(request);
}
