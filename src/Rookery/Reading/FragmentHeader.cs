using System.Runtime.InteropServices;

namespace Rookery.Reading;

/// <summary>The lowest two bits are the visibility; the rest say what the rules need to know without parsing the post.</summary>
[Flags]
internal enum FragmentFlags
{
    Public = 0,
    Unlisted = 1,
    Followers = 2,
    Direct = 3,
    Reply = 4,
    Repost = 8,
    Media = 16,

    /// <summary>Nothing is to be shown: the ring remembers that SQL no longer has the post.</summary>
    Deleted = 32,

    /// <summary>What it says has a warning, or pictures that are not for everybody's eyes.</summary>
    Warns = 64,
}

/// <summary>
/// What stands before a rendered post: all that rules need to decide, and where in the payload something is patched.
/// A place of 0 means that there is none. Counters are 8 bytes wide and 8-byte aligned, flags are 5 bytes wide.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct FragmentHeader
{
    /// <summary>A multiple of 8, so that what is aligned in the payload is aligned in memory.</summary>
    public const int Bytes = 72;

    public PostId PostId;

    /// <summary>The post that this one reposts, or 0.</summary>
    public PostId OriginalId;
    public int PostVersion;
    public int AuthorOrdinal;
    public int AuthorVersion;
    public FragmentFlags Flags;
    public int Length;
    public int LikesAt;
    public int RepostsAt;
    public int RepliesAt;
    public int LikedAt;
    public int RepostedAt;

    /// <summary>Where the original's fragment is put into a repost's.</summary>
    public int InsertAt;

    /// <summary>The text and the author's name as JSON strings with their quotes: other shapes of the post are made of them.</summary>
    public int StatusAt;
    public int StatusLength;
    public short UsernameAt;
    public short UsernameLength;

    /// <summary>Direct has both bits of the visibility, so it is their mask too.</summary>
    public readonly FragmentFlags Visibility => Flags & FragmentFlags.Direct;

    public readonly bool IsDeleted => (Flags & FragmentFlags.Deleted) != 0;

    /// <summary>Places are written to by pointer later on, so none may lie outside of the payload.</summary>
    public readonly void Check(int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PostId.Value);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Length, payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)InsertAt, (uint)Length);
        var fits =
            IsCounter(LikesAt)
            && IsCounter(RepostsAt)
            && IsCounter(RepliesAt)
            && IsFlag(LikedAt)
            && IsFlag(RepostedAt)
            && IsSlice(StatusAt, StatusLength)
            && IsSlice(UsernameAt, UsernameLength);
        if (!fits)
        {
            throw new ArgumentException(
                "Counters must be aligned to 8, and all places lie inside."
            );
        }
    }

    private readonly bool IsCounter(int place) =>
        place == 0
        || (place > 0 && place % CountSlot.Width == 0 && place <= Length - CountSlot.Width);

    private readonly bool IsFlag(int place) =>
        place == 0 || (place > 0 && place <= Length - FlagSlot.Width);

    private readonly bool IsSlice(int place, int length) =>
        place >= 0 && length >= 0 && place <= Length - length;
}
