using Microsoft.AspNetCore.Http;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Says in the <c>Link</c> header where a list goes on: many clients page by nothing else. A token that stands in the query is not in it: an address is
/// handed on.
/// </summary>
internal static class PageLinks
{
    /// <param name="kept">Those fields of the query that the next page needs again; whatever else was sent is left out.</param>
    /// <param name="older">Below which the next page begins; null where nothing follows.</param>
    /// <param name="newer">Above which the page before this one is; null where there is nothing to start from.</param>
    public static void Say<T>(HttpContext context, IReadOnlyList<string> kept, T? older, T? newer)
        where T : struct
    {
        var request = context.Request;
        var query = string.Concat(
            from field in kept
            from value in request.Query[field]
            select $"{field}={Uri.EscapeDataString(value ?? "")}&"
        );
        var page =
            $"<{SiteAddress.OfPages(request)}{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}?{query}";
        string[] links =
        [
            .. older is { } end ? [$"{page}max_id={end}>; rel=\"next\""] : Array.Empty<string>(),
            .. newer is { } begin
                ? [$"{page}min_id={begin}>; rel=\"prev\""]
                : Array.Empty<string>(),
        ];
        if (links.Length > 0)
        {
            context.Response.Headers.Link = string.Join(", ", links);
        }
    }
}
