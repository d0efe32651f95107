using Microsoft.AspNetCore.Http;

namespace Rookery.Reading;

/// <summary>Writes a page as the client API shows it: the rendered entries as they are, copied once.</summary>
internal sealed class PresentClassic(FragmentRing ring)
{
    private const string ContentType = "application/json; charset=utf-8";

    private readonly PageWriter _page = new(ring);
    private readonly PageWriter _single = new(ring, "", "");

    /// <summary>A list of entries. False: an entry was overwritten meanwhile; read the page again.</summary>
    public bool TryWrite(HttpContext context, TimelinePage page) =>
        TryWrite(context, page, _page, StatusCodes.Status200OK);

    /// <summary>One entry alone.</summary>
    public bool TryWriteSingle(HttpContext context, TimelinePage page, int status) =>
        TryWrite(context, page, _single, status);

    private static bool TryWrite(
        HttpContext context,
        TimelinePage page,
        PageWriter writer,
        int status
    )
    {
        var parts = page.Parts.Span;
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = writer.Measure(parts);
        return writer.TryWrite(response.BodyWriter, parts, page.Flags.Span);
    }
}
