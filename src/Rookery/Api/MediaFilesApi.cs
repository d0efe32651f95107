using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>
/// The files of media, for browsers. A name is never given to another file, so whoever has one need not ask again. Whatever is in a file, it is shown as a picture
/// or a video and as nothing else.
/// </summary>
internal sealed class MediaFilesApi(FetchBlob fetch)
{
    private const string OfPictures = "default-src 'none'; sandbox";

    /// <summary>Opened by itself, a video stands in a page that browsers make around it, and which loads it.</summary>
    private const string OfVideos =
        "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

    private const string Forever = "public, max-age=31536000, immutable";

    private static readonly FieldDoc Name = new(
        "medium",
        FieldType.Text,
        FieldPlace.Path,
        "The file's name, as its address says it.",
        true,
        36,
        37
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<MediaFilesApi>(routes.ServiceProvider);
        Endpoints.Map(
            routes,
            "GET",
            $"{BlobName.Path}{{medium}}",
            api.GetAsync,
            new RouteDoc("The file of an upload, or the part that Range names", AuthKind.None)
            {
                Tag = "Files",
                Fields = [Name],
                Answers =
                [
                    new(200, "The file", ContentType: "image/*"),
                    new(206, "The part", ContentType: "image/*"),
                    new(
                        302,
                        "Where it is for some minutes, with Media:RedirectMinutes",
                        ContentType: "image/*"
                    ),
                    new(404, "There is none"),
                    new(416, "The part is past the end of the file"),
                ],
            }
        );
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        if (BlobName.Parse(fields.PathText(Name.Name)) is not { } name)
        {
            return Problem.Invalid(
                Name.Name,
                "medium must be 32 hexadecimal digits, a dot, and jpg, png, gif, webp, mp4 or webm."
            );
        }

        var headers = context.Response.Headers;
        // Scripts of other sites draw pictures, too.
        headers.AccessControlAllowOrigin = "*";
        var token = context.RequestAborted;
        var tag = $"\"{name}\"";
        var range = RangeOf(context.Request, tag);
        var ours = DefaultPicture.Open(name, range);
        if (ours is null && !await fetch.IsShownAsync(name, token))
        {
            return NoSuch(name);
        }

        if (ours is null && await fetch.ElsewhereAsync(name, token) is var (address, lifetime))
        {
            // For half of the time, so that nobody follows it at its very end.
            headers.CacheControl = $"private, max-age={(int)lifetime.TotalSeconds / 2}";
            context.Response.Redirect(address.AbsoluteUri);
            return null;
        }

        await using var part = ours ?? await fetch.OpenAsync(name, range, token);
        if (part is null)
        {
            return NoSuch(name);
        }

        headers.ETag = tag;
        await AnswerAsync(context, name, part);
        return null;
    }

    private static Problem NoSuch(BlobName name) =>
        Problem.NotFound($"There is no medium {name}.", Name.Name);

    private static async Task AnswerAsync(HttpContext context, BlobName name, BlobPart part)
    {
        var (response, headers) = (context.Response, context.Response.Headers);
        headers.CacheControl = Forever;
        if (
            context
                .Request.Headers.IfNoneMatch.ToString()
                .Contains(headers.ETag.ToString(), StringComparison.Ordinal)
        )
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        headers.AcceptRanges = "bytes";
        headers.ContentSecurityPolicy = name.IsVideo ? OfVideos : OfPictures;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (part.Length == 0 && part.Total > 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes */{part.Total}"
            );
            return;
        }

        response.ContentType = name.Kind.ContentType();
        if (part.Length < part.Total)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {part.Offset}-{part.Offset + part.Length - 1}/{part.Total}"
            );
        }

        response.ContentLength = part.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await StreamCopyOperation.CopyToAsync(
                part.Content,
                response.Body,
                part.Length,
                context.RequestAborted
            );
        }
    }

    /// <summary>One part in bytes. Of anything else, as HTTP allows, the whole file is the answer.</summary>
    private static BlobRange? RangeOf(HttpRequest request, string tag)
    {
        var condition = request.Headers.IfRange.ToString();
        return
            HttpMethods.IsGet(request.Method)
            && (condition.Length == 0 || condition == tag)
            && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            && range is { Unit.Value: "bytes", Ranges.Count: 1 }
            ? new BlobRange(range.Ranges.First().From, range.Ranges.First().To)
            : null;
    }
}
