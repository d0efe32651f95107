using Microsoft.AspNetCore.Http;

namespace Rookery.Web.Visits;

/// <summary>Whether a request that changes something comes from a page of this site, as far as browsers say where it comes from.</summary>
internal static class SameOrigin
{
    private static readonly Problem Elsewhere = Problem.Forbidden(
        "This was sent from another site, or in a way that browsers send nothing from here; use the form on this site."
    );

    /// <summary>Null where nothing speaks against it: who says nothing is no browser, or an old one, and the form's token decides.</summary>
    public static Problem? Refuse(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
        {
            return Elsewhere;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || IsOurs(request, origin.ToString()) ? null : Elsewhere;
    }

    /// <summary>The host alone: a proxy may have taken the TLS off, and no other site has our host's name.</summary>
    private static bool IsOurs(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is ("http" or "https")
        && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
