using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>A <c>multipart/form-data</c> body with files, which go to the disk as they come; the other fields are kept.</summary>
internal static class UploadBody
{
    /// <summary>The other fields, wherever they stand.</summary>
    /// <param name="longest">In which the body must have arrived: a place is held for so long, and no longer.</param>
    public static async Task<Result<FieldTable>> ReadAsync(
        HttpContext context,
        UploadPlace place,
        int maxBytes,
        TimeSpan longest,
        int maxTextBytes = MultipartFields.UsualTextBytes
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
                "The body must be multipart/form-data, with the picture or video as file, and without Content-Encoding."
            );
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maxBytes;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(longest);
        try
        {
            var fields = new FieldTable();
            return
                await MultipartFields.ReadAsync(
                    type,
                    request.Body,
                    fields,
                    place,
                    end.Token,
                    maxTextBytes
                )
                    is { } problem
                ? problem
                : fields;
        }
        catch (OperationCanceledException)
            when (end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // What is still to come is not waited for either.
            context.Response.Headers.Connection = "close";
            return new Problem(
                ProblemKind.TooSlow,
                $"The body arrived too slowly; it must be here within {longest.TotalSeconds:F0} seconds."
            );
        }
    }
}
