using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rookery.Api;

/// <summary>
/// Decides how a body is read. A first byte of <c>{</c> makes it JSON whatever the content type says: curl's
/// <c>--data</c> says form.
/// </summary>
internal static class BodyKind
{
    private static ReadOnlySpan<byte> Blank => " \t\r\n"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static ValueTask<Problem?> ReadFieldsAsync(
        HttpRequest request,
        Memory<byte> body,
        FieldTable fields
    )
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        var first = body.Span.IndexOfAnyExcept(Blank);
        if (first < 0)
        {
            return new((Problem?)null);
        }

        if (!IsPlain(request))
        {
            return new(Unsupported("The body is encoded; send it without Content-Encoding."));
        }

        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        if (body.Span[first] == '{' || IsJson(type))
        {
            return new(JsonFields.Read(body.Span, fields));
        }

        if (
            type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            == true
        )
        {
            return MultipartFields.ReadAsync(
                type,
                body,
                fields,
                request.HttpContext.RequestAborted
            );
        }

        return new(
            type?.MediaType.Equals(
                "application/x-www-form-urlencoded",
                StringComparison.OrdinalIgnoreCase
            ) == true
                ? FormFields.Read(body.Span, fields)
                : Unsupported(
                    "The body must be application/json, application/x-www-form-urlencoded or multipart/form-data."
                )
        );
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type is not null
        && (
            type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsPlain(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: 0 } or ["identity" or ""];

    private static Problem Unsupported(string detail) =>
        new(ProblemKind.UnsupportedMediaType, detail);
}
