using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>A <c>multipart/form-data</c> body with a file, which goes to the disk as it comes; the other fields are kept.</summary>
internal static class UploadBody
{
    /// <summary>The other fields, wherever they stand.</summary>
    public static async Task<Result<FieldTable>> ReadAsync(
        HttpContext context,
        UploadPlace place,
        int maxBytes
    )
    {
        var request = context.Request;
        if (request.ContentLength > maxBytes)
        {
            return new Problem(
                ProblemKind.TooLarge,
                $"The body is too large; here it may have at most {maxBytes} bytes ({maxBytes / 1024} kB).",
                "file"
            );
        }

        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContentEncoding is not ({ Count: 0 } or ["identity" or ""])
        )
        {
            return new Problem(
                ProblemKind.UnsupportedMediaType,
                "The body must be multipart/form-data, with the picture as file, and without Content-Encoding."
            );
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maxBytes;
        }

        var fields = new FieldTable();
        return
            await MultipartFields.ReadAsync(
                type,
                request.Body,
                fields,
                place,
                context.RequestAborted
            )
                is { } problem
            ? problem
            : fields;
    }
}
