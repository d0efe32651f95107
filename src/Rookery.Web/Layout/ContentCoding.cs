using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rookery.Web.Layout;

/// <summary>
/// Sends bodies smaller where the browser takes them so.
/// <para>
/// How long a compressed answer is tells whether a guess that stands in it is right (BREACH): whoever can have a browser ask again and again, with guesses in the address,
/// and sees how long the answers are, could learn what else is in them. What a page holds of secrets is the token of its forms, which is salted anew in each answer and so is
/// never guessed (<c>FormToken</c>), and what its member alone may read. So what is made for a session is compressed only where the browser says that a page of this site, or
/// the person, asked for it: another site's guesses are answered uncompressed.
/// </para>
/// </summary>
internal static class ContentCoding
{
    /// <summary>Below it, the header costs more than is saved: one packet has 1,400 bytes.</summary>
    private const int Least = 1_024;

    /// <summary>A page of 40 kB in less than a millisecond, to a fifth.</summary>
    private const int Quality = 4;

    private const int BestQuality = 11;
    private const int Window = 22;

    /// <summary>Sends the body with its length, of which everything else is said.</summary>
    /// <param name="isPersonal">It is made for who asks.</param>
    public static Task SendAsync(HttpContext context, byte[] body, bool isPersonal)
    {
        var coding =
            body.Length < Least || (isPersonal && !IsAskedForHere(context.Request))
                ? Coding.None
                : Wanted(context.Request);
        var sent = coding switch
        {
            Coding.Brotli => Brotli(body, Quality),
            Coding.Gzip => Gzip(body, CompressionLevel.Fastest),
            _ => body,
        };
        return WriteAsync(context, coding, sent);
    }

    /// <summary>Sends what was made smaller before.</summary>
    public static Task SendAsync(HttpContext context, Packed body)
    {
        var coding = body.Brotli is null ? Coding.None : Wanted(context.Request);
        return WriteAsync(
            context,
            coding,
            coding switch
            {
                Coding.Brotli => body.Brotli!,
                Coding.Gzip => body.Gzip!,
                _ => body.Plain,
            }
        );
    }

    private static async Task WriteAsync(
        HttpContext context,
        Coding coding,
        ReadOnlyMemory<byte> body
    )
    {
        var response = context.Response;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (coding != Coding.None)
        {
            response.Headers.ContentEncoding = coding == Coding.Brotli ? "br" : "gzip";
        }

        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Browsers say it of every request over TLS; what says nothing is taken for another site's.</summary>
    private static bool IsAskedForHere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "none";

    private static Coding Wanted(HttpRequest request)
    {
        var best = Coding.None;
        if (
            !StringWithQualityHeaderValue.TryParseList(
                request.Headers.AcceptEncoding,
                out var accepted
            )
        )
        {
            return best;
        }

        foreach (var one in accepted)
        {
            if (one.Quality is 0)
            {
                continue;
            }

            if (one.Value.Equals("br", StringComparison.OrdinalIgnoreCase))
            {
                return Coding.Brotli;
            }

            if (one.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                best = Coding.Gzip;
            }
        }

        return best;
    }

    private static ReadOnlyMemory<byte> Brotli(byte[] body, int quality)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, packed, out var length, quality, Window)
            ? packed.AsMemory(0, length)
            : throw new InvalidOperationException("The longest that it can become was too short.");
    }

    private static ReadOnlyMemory<byte> Gzip(byte[] body, CompressionLevel level)
    {
        using var packed = new MemoryStream(body.Length / 2);
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    private enum Coding
    {
        None,
        Gzip,
        Brotli,
    }

    /// <summary>A body in every form in which it is sent, as small as can be; pictures are small already.</summary>
    internal sealed class Packed(byte[] plain, bool isText)
    {
        public byte[] Plain { get; } = plain;

        public byte[]? Brotli { get; } =
            isText && plain.Length >= Least
                ? ContentCoding.Brotli(plain, BestQuality).ToArray()
                : null;

        public byte[]? Gzip { get; } =
            isText && plain.Length >= Least
                ? ContentCoding.Gzip(plain, CompressionLevel.SmallestSize).ToArray()
                : null;
    }
}
