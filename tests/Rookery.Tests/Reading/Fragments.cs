using Rookery.Reading;

namespace Rookery.Tests.Reading;

/// <summary>Fragments whose every byte follows from their header, so that a copy can be judged without the original.</summary>
internal static class Fragments
{
    public const int LikesAt = 8;

    public static FragmentRing Ring(long bytes, TimeProvider? time = null) =>
        new(new ReadingOptions { PostCacheBytes = bytes }, time ?? TimeProvider.System);

    public static FragmentHeader Header(long id, int length, int version = 0) =>
        new()
        {
            PostId = new PostId(id),
            PostVersion = version,
            Length = length,
            LikesAt = length >= LikesAt + CountSlot.Width ? LikesAt : 0,
        };

    public static bool Put(FragmentRing ring, long id, int length, int version = 0)
    {
        Span<byte> payload = stackalloc byte[length];
        var header = Header(id, length, version);
        Fill(header, payload);
        return ring.TryPut(header, payload);
    }

    public static void Fill(in FragmentHeader header, Span<byte> payload)
    {
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = IsCounter(header, i) ? (byte)'0' : ByteAt(header, i);
        }
    }

    /// <summary>Every byte is right, and the counter is one of those that show eight times the same digit.</summary>
    public static bool IsIntact(in FragmentHeader header, ReadOnlySpan<byte> payload)
    {
        for (var i = 0; i < payload.Length; i++)
        {
            var right = IsCounter(header, i) ? payload[LikesAt] : ByteAt(header, i);
            if (payload[i] != right)
            {
                return false;
            }
        }

        return true;
    }

    public static unsafe bool Holds(FragmentRing ring, long id, int length, int version = 0) =>
        ring.TryRead(new PostId(id), out var found)
        && found.Length == length
        && found.Header.PostVersion == version
        && IsIntact(found.Header, new ReadOnlySpan<byte>(found.Payload, found.Length))
        && ring.StillValid(found);

    private static bool IsCounter(in FragmentHeader header, int i) =>
        header.LikesAt != 0 && i is >= LikesAt and < LikesAt + CountSlot.Width;

    private static byte ByteAt(in FragmentHeader header, int i) =>
        (byte)((header.PostId.Value * 31) + (header.PostVersion * 17) + header.Length + (i * 7));
}
