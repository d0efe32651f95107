using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>The fields of a <c>multipart/form-data</c> body. A file is known by its name only, but where a place takes it: then it goes there.</summary>
internal static class MultipartFields
{
    /// <summary>As long as RFC 2046 allows.</summary>
    private const int MaxBoundaryLength = 70;

    /// <summary>Bytes of all fields beside files together: few texts that are taken are longer.</summary>
    public const int UsualTextBytes = 64 * 1024;

    private static readonly Problem _malformed = new(
        ProblemKind.Invalid,
        "The body is not valid multipart/form-data: it must consist of named parts between the boundary that the Content-Type names."
    );

    public static ValueTask<Problem?> ReadAsync(
        MediaTypeHeaderValue type,
        ReadOnlyMemory<byte> body,
        FieldTable fields,
        CancellationToken token
    ) => ReadAsync(type, Over(body), fields, null, token);

    public static async ValueTask<Problem?> ReadAsync(
        MediaTypeHeaderValue type,
        Stream body,
        FieldTable fields,
        UploadPlace? place,
        CancellationToken token,
        int maxTextBytes = UsualTextBytes
    )
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > MaxBoundaryLength)
        {
            return _malformed;
        }

        try
        {
            var reader = new MultipartReader(boundary, body);
            using var text = new MemoryStream();
            while (await reader.ReadNextSectionAsync(token) is { } section)
            {
                if (
                    await ReadSectionAsync(section, text, fields, place, maxTextBytes, token) is
                    { } problem
                )
                {
                    return problem;
                }
            }

            return null;
        }
        catch (Exception malformed)
            when (malformed is (IOException or InvalidDataException) and not BadHttpRequestException
            )
        {
            return _malformed;
        }
    }

    private static MemoryStream Over(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var bytes)
            ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new(body.ToArray(), writable: false);

    private static async ValueTask<Problem?> ReadSectionAsync(
        MultipartSection section,
        MemoryStream text,
        FieldTable fields,
        UploadPlace? place,
        int maxTextBytes,
        CancellationToken token
    )
    {
        if (
            !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name
        )
        {
            return _malformed;
        }

        if (disposition.IsFileDisposition())
        {
            if (place?.Takes(name) == true)
            {
                return await place.ReceiveAsync(name, section.Body, token);
            }

            return fields.AddAgain(name, FieldValue.Of(FieldKind.File));
        }

        var start = (int)text.Length;
        if (place is null)
        {
            await section.Body.CopyToAsync(text, token);
        }
        else if (!await TryCopyAsync(section.Body, text, maxTextBytes, token))
        {
            return new Problem(
                ProblemKind.TooLarge,
                $"{name} is too large; all fields beside files may have at most {maxTextBytes} bytes together.",
                name
            );
        }

        var bytes = text.GetBuffer().AsSpan(start..(int)text.Length);
        return Utf8.IsValid(bytes)
            ? fields.AddAgain(name, FieldValue.OfText(Encoding.UTF8.GetString(bytes)))
            : Problem.Invalid(name, $"{name} must be valid UTF-8 text.");
    }

    /// <summary>Where the body is not in memory yet, its texts are bounded by themselves.</summary>
    private static async Task<bool> TryCopyAsync(
        Stream body,
        MemoryStream text,
        int maxBytes,
        CancellationToken token
    )
    {
        var buffer = new byte[4096];
        while (await body.ReadAsync(buffer, token) is > 0 and var read)
        {
            if (text.Length + read > maxBytes)
            {
                return false;
            }

            text.Write(buffer, 0, read);
        }

        return true;
    }
}
