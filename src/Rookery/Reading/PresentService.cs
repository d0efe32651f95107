using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Rookery.Reading;

/// <summary>
/// Writes a page in the two shapes of the service API, made of the rendered entries' own pieces: nothing is parsed and no object is made.
/// </summary>
internal sealed class PresentService(FragmentRing ring, AccountOrdinals ordinals)
{
    /// <summary>Of <c>/feed</c> and <c>/tweet</c>.</summary>
    public bool TryWriteTweets(TimelinePage page) =>
        TryWrite(page, "{\"tweets\":["u8, "]}"u8, WriteTweet);

    /// <summary>Of <c>/timeline</c>.</summary>
    public bool TryWriteTimeline(TimelinePage page) =>
        TryWrite(page, "["u8, "]"u8, WriteTimelineEntry);

    private delegate void EntryWriter(IBufferWriter<byte> output, in FragmentRef post);

    private bool TryWrite(
        TimelinePage page,
        ReadOnlySpan<byte> open,
        ReadOnlySpan<byte> close,
        EntryWriter write
    )
    {
        var output = page.Output;
        output.ResetWrittenCount();
        output.Write(open);
        var parts = page.Parts.Span;
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            write(output, parts[i]);
            // A repost's text is its original's and stands in its own entry already.
            i += parts[i].Header.InsertAt == 0 ? 0 : 1;
        }

        output.Write(close);
        return ring.StillValid(parts);
    }

    private void WriteTweet(IBufferWriter<byte> output, in FragmentRef post)
    {
        output.Write("{"u8);
        WriteIds(output, post);
        output.Write(",\"username\":"u8);
        output.Write(post.Username);
        output.Write(",\"tweet\":"u8);
        output.Write(post.Status);
        output.Write(post.Warning);
        output.Write(",\"time\":\""u8);
        WriteTime(output, post.Id.CreatedAt);
        output.Write("\"}"u8);
    }

    private void WriteTimelineEntry(IBufferWriter<byte> output, in FragmentRef post)
    {
        output.Write("{\"tweet_body\":"u8);
        output.Write(post.Status);
        output.Write(post.Warning);
        output.Write(",\"username\":"u8);
        output.Write(post.Username);
        output.Write(","u8);
        WriteIds(output, post);
        output.Write("}"u8);
    }

    private void WriteIds(IBufferWriter<byte> output, in FragmentRef post)
    {
        WriteId(output, "\"tweet_id\":"u8, ",\"tweet_id_str\":\""u8, post.Id.Value);
        output.Write(","u8);
        WriteId(
            output,
            "\"user_id\":"u8,
            ",\"user_id_str\":\""u8,
            ordinals.IdOf(post.Header.AuthorOrdinal).Value
        );
    }

    private static void WriteId(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> twin,
        long id
    )
    {
        output.Write(name);
        WriteNumber(output, id);
        output.Write(twin);
        WriteNumber(output, id);
        output.Write("\""u8);
    }

    private static void WriteNumber(IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    private static void WriteTime(IBufferWriter<byte> output, DateTimeOffset time)
    {
        time.UtcDateTime.TryFormat(
            output.GetSpan(32),
            out var written,
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            CultureInfo.InvariantCulture
        );
        output.Advance(written);
    }
}
