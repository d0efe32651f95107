using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Rookery.Api;

/// <summary>The fields of a <c>multipart/form-data</c> body. A file is known by its name only; uploads read their own body.</summary>
internal static class MultipartFields
{
    /// <summary>As long as RFC 2046 allows.</summary>
    private const int MaxBoundaryLength = 70;

    private static readonly Problem _malformed = new(
        ProblemKind.Invalid,
        "The body is not valid multipart/form-data: it must consist of named parts between the boundary that the Content-Type names."
    );

    public static async ValueTask<Problem?> ReadAsync(
        MediaTypeHeaderValue type,
        ReadOnlyMemory<byte> body,
        FieldTable fields,
        CancellationToken token
    )
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > MaxBoundaryLength)
        {
            return _malformed;
        }

        try
        {
            var reader = new MultipartReader(boundary, Over(body));
            while (await reader.ReadNextSectionAsync(token) is { } section)
            {
                if (await ReadSectionAsync(section, fields, token) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        catch (Exception malformed) when (malformed is IOException or InvalidDataException)
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
        FieldTable fields,
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
            return fields.AddAgain(name, FieldValue.Of(FieldKind.File));
        }

        using var text = new MemoryStream();
        await section.Body.CopyToAsync(text, token);
        var bytes = text.GetBuffer().AsSpan(0, (int)text.Length);
        return Utf8.IsValid(bytes)
            ? fields.AddAgain(name, FieldValue.OfText(Encoding.UTF8.GetString(bytes)))
            : Problem.Invalid(name, $"{name} must be valid UTF-8 text.");
    }
}
