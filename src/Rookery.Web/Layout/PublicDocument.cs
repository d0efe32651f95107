using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rookery.Web.Layout;

/// <summary>Sends what programs fetch again and again, and only where it is another than they have.</summary>
internal static class PublicDocument
{
    /// <param name="kept">How it may be kept.</param>
    /// <param name="changedAt">When the newest of it was written; null where that says nothing.</param>
    public static async Task<Problem?> SendAsync(
        HttpContext context,
        string contentType,
        byte[] body,
        string kept,
        DateTimeOffset? changedAt = null
    )
    {
        var response = context.Response;
        // Weak: the same in every coding.
        var tag = new EntityTagHeaderValue(
            $"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..24]}\"",
            isWeak: true
        );
        response.Headers.CacheControl = kept;
        response.Headers.ETag = tag.ToString();
        if (changedAt is { } changed)
        {
            response.Headers.LastModified = HeaderUtilities.FormatDate(changed);
        }

        if (HasIt(context.Request, tag))
        {
            response.Headers.Vary = HeaderNames.AcceptEncoding;
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        response.ContentType = contentType;
        await ContentCoding.SendAsync(context, body, isPersonal: false);
        return null;
    }

    /// <summary>Never by If-Modified-Since: what was deleted, or a name that was changed, leaves the newest post's date as it was.</summary>
    private static bool HasIt(HttpRequest request, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one =>
            one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false)
        );
}
