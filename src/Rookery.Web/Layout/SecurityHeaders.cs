using Microsoft.AspNetCore.Http;

namespace Rookery.Web.Layout;

/// <summary>What browsers are told not to do with a page: run or load anything that is not ours, show it in another site's frame, tell others where one was.</summary>
internal static class SecurityHeaders
{
    /// <summary>A blob: is a file that the page has in its hands: of a video that somebody chose the script shows itself the first picture.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A year, as lists of such sites ask for.</summary>
    private const string OnlyTls = "max-age=31536000";

    public static void Put(HttpResponse response)
    {
        var headers = response.Headers;
        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OnlyTls;
        }

        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not "no-referrer": browsers would then say that our own forms come from nowhere.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
    }
}
