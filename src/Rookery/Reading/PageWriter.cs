using System.Buffers;
using System.Text;

namespace Rookery.Reading;

/// <summary>What is true of a post for this viewer alone.</summary>
[Flags]
internal enum ViewerFlags : byte
{
    None = 0,
    Liked = 1,
    Reposted = 2,
}

/// <summary>
/// Writes pages of fragments: <c>[a,b,…]</c>, or between another opening and close. A fragment with a place to insert at (a
/// repost) is followed in the span by the fragment that goes there (the original). Nothing is allocated.
/// </summary>
internal sealed unsafe class PageWriter(FragmentRing ring, string open = "[", string close = "]")
{
    private readonly byte[] _open = Encoding.UTF8.GetBytes(open);
    private readonly byte[] _close = Encoding.UTF8.GetBytes(close);

    /// <summary>The Content-Length of the page.</summary>
    public int Measure(ReadOnlySpan<FragmentRef> parts)
    {
        var length = _open.Length + _close.Length;
        var entries = 0;
        foreach (ref readonly var part in parts)
        {
            length = checked(length + part.Length);
            entries += part.Header.InsertAt == 0 ? 1 : 0;
        }

        return length + Math.Max(0, entries - 1);
    }

    /// <summary>
    /// False: a fragment was overwritten while it was copied. Nothing was advanced; read the fragments again and repeat.
    /// </summary>
    /// <param name="viewer">One per part.</param>
    public bool TryWrite(
        IBufferWriter<byte> output,
        ReadOnlySpan<FragmentRef> parts,
        ReadOnlySpan<ViewerFlags> viewer
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(viewer.Length, parts.Length);
        var length = Measure(parts);
        fixed (byte* page = output.GetSpan(length))
        {
            var to = Copy(_open, page);
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                {
                    *to++ = (byte)',';
                }

                to = Write(parts, viewer, ref i, to);
            }

            Copy(_close, to);
        }

        if (!ring.StillValid(parts))
        {
            return false;
        }

        output.Advance(length);
        return true;
    }

    /// <summary>Writes the part, and inside it the next one if it has a place for it; leaves <paramref name="i"/> at the last written.</summary>
    private static byte* Write(
        ReadOnlySpan<FragmentRef> parts,
        ReadOnlySpan<ViewerFlags> viewer,
        ref int i,
        byte* to
    )
    {
        ref readonly var part = ref parts[i];
        var flags = viewer[i];
        var split = part.Header.InsertAt;
        if (split == 0)
        {
            var next = Copy(new ReadOnlySpan<byte>(part.Payload, part.Length), to);
            Patch(part, flags, to, to);
            return next;
        }

        i++;
        var inserted = Copy(new ReadOnlySpan<byte>(part.Payload, split), to);
        var rest = Write(parts, viewer, ref i, inserted);
        var end = Copy(new ReadOnlySpan<byte>(part.Payload + split, part.Length - split), rest);
        Patch(part, flags, to, rest - split);
        return end;
    }

    /// <param name="head">Where the payload starts, for places before the split.</param>
    /// <param name="tail">Where it would start if nothing had been inserted, for places behind the split.</param>
    private static void Patch(in FragmentRef part, ViewerFlags flags, byte* head, byte* tail)
    {
        ref readonly var header = ref part.Header;
        CopyCount(part, header.LikesAt, head, tail);
        CopyCount(part, header.RepostsAt, head, tail);
        CopyCount(part, header.RepliesAt, head, tail);
        if ((flags & ViewerFlags.Liked) != 0)
        {
            SetTrue(header.LikedAt, header.InsertAt, head, tail);
        }

        if ((flags & ViewerFlags.Reposted) != 0)
        {
            SetTrue(header.RepostedAt, header.InsertAt, head, tail);
        }
    }

    /// <summary>
    /// A copy of many bytes reads overlapping blocks, so a counter that changed meanwhile may come in two halves, which
    /// need not even be a number; one load cannot.
    /// </summary>
    private static void CopyCount(in FragmentRef part, int place, byte* head, byte* tail)
    {
        if (place != 0)
        {
            var count = Volatile.Read(ref *(ulong*)(part.Payload + place));
            *(ulong*)((place < part.Header.InsertAt ? head : tail) + place) = count;
        }
    }

    private static void SetTrue(int place, int split, byte* head, byte* tail)
    {
        if (place != 0)
        {
            _ = Copy(FlagSlot.True, (place < split ? head : tail) + place);
        }
    }

    private static byte* Copy(ReadOnlySpan<byte> bytes, byte* to)
    {
        bytes.CopyTo(new Span<byte>(to, bytes.Length));
        return to + bytes.Length;
    }
}
