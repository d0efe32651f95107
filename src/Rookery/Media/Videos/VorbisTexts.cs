using System.Buffers.Binary;

namespace Rookery.Media.Videos;

/// <summary>
/// What decoders need before the first sample. Vorbis has there, between two others, a packet of texts: who made it, and whatever else was said of it. Of that one
/// the form is kept, and the length.
/// </summary>
internal static class VorbisTexts
{
    /// <summary>Its kind, the name of the format, and two lengths.</summary>
    private const int HeadBytes = 7 + (2 * sizeof(uint));

    private static ReadOnlySpan<byte> Signature => "\u0003vorbis"u8;

    public static void Keep(ReadOnlySpan<byte> file, EbmlElement element, PieceList kept)
    {
        kept.Keep(element.Start, element.Body - element.Start);
        if (!TryTexts(file[element.Body..element.End], out var at, out var length))
        {
            kept.Keep(element.Body, element.Length);
            return;
        }

        // One text that is as long as all were, of zeros; no others; and the bit that ends the packet.
        var head = new byte[7 + sizeof(uint)];
        Signature.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(7), (uint)(length - HeadBytes - 1));
        kept.Keep(element.Body, at);
        kept.Put(head);
        kept.Blank(length - head.Length - 1);
        kept.Put([1]);
        kept.Keep(element.Body + at + length, element.Length - at - length);
    }

    /// <summary>Where they stand. Three packets follow each other; the lengths of the first two stand before them, in bytes of which each below 255 ends one.</summary>
    private static bool TryTexts(ReadOnlySpan<byte> data, out int at, out int length)
    {
        (at, length) = (1, 0);
        if (
            data is not [2, ..]
            || !TryLength(data, ref at, out var first)
            || !TryLength(data, ref at, out length)
        )
        {
            return false;
        }

        at += first;
        return length > HeadBytes && at + length <= data.Length && data[at..].StartsWith(Signature);
    }

    private static bool TryLength(ReadOnlySpan<byte> data, ref int at, out int length)
    {
        length = 0;
        while (at < data.Length)
        {
            var part = data[at++];
            length += part;
            if (part < 255)
            {
                return true;
            }
        }

        return false;
    }
}
