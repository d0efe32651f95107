using System.Buffers.Binary;
using Rookery.Timelines;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// One element of a list: 17 bytes, post and author as big-endian numbers, then meta: bits 0–4 are free for what readers may one day want to know
/// of a post, 5 late, 6–7 the kind. Numbers only grow: lists outlive the program that wrote them.
/// </summary>
internal readonly record struct ListElement(long Post, long Author, byte Meta)
{
    public const int Size = 17;

    private const byte LateBit = 1 << 5;
    private const byte KindBits = 0b1100_0000;
    private const byte PlaceholderKind = 1 << 6;
    private const byte FloorKind = 2 << 6;

    /// <summary>What a list begins with when its rebuild does: pushes need a list that exists.</summary>
    public static ListElement Placeholder { get; } = new(0, 0, PlaceholderKind);

    /// <summary>The last element of a list that was built: it is complete above this.</summary>
    public static ListElement Floor(long floor) => new(floor, 0, FloorKind);

    /// <param name="late">It was old already when it was sent, so what lies deeper in the list may be newer.</param>
    public static ListElement Of(TimelineEntry entry, bool late) =>
        new(entry.Post.Value, entry.Author.Value, late ? LateBit : (byte)0);

    public bool IsEntry => (Meta & KindBits) == 0;

    public bool IsFloor => (Meta & KindBits) == FloorKind;

    public bool IsLate => (Meta & LateBit) != 0;

    public TimelineEntry Entry => new(new PostId(Post), new AccountId(Author));

    public static bool TryRead(ReadOnlySpan<byte> bytes, out ListElement element)
    {
        element = default;
        if (bytes.Length != Size)
        {
            return false;
        }

        element = new ListElement(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            bytes[16]
        );
        return true;
    }

    /// <summary>Whether what LINDEX -1 answered says that the list was built.</summary>
    public static bool IsFloorIn(RespValue last) =>
        !last.IsNull && TryRead(last.Span, out var element) && element.IsFloor;

    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, Post);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Author);
        bytes[16] = Meta;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        WriteTo(bytes);
        return bytes;
    }
}
