namespace Rookery.Reading;

/// <summary>Writes a page as the client API shows it: the rendered entries as they are, copied once.</summary>
internal sealed class PresentClassic(FragmentRing ring)
{
    private readonly PageWriter _page = new(ring);
    private readonly PageWriter _single = new(ring, "", "");

    /// <summary>A list of entries, into the page's output. False: an entry was overwritten meanwhile; read the page again.</summary>
    public bool TryWrite(TimelinePage page) => TryWrite(page, _page);

    /// <summary>One entry alone.</summary>
    public bool TryWriteSingle(TimelinePage page) => TryWrite(page, _single);

    private static bool TryWrite(TimelinePage page, PageWriter writer)
    {
        page.Output.ResetWrittenCount();
        return writer.TryWrite(page.Output, page.Parts.Span, page.Flags.Span);
    }
}
