namespace Rookery.Reading;

/// <summary>
/// A rendered post as it was found: a copy of its header, and where its payload lies. The payload may be overwritten at any
/// moment; what was copied from it counts only if <see cref="FragmentRing.StillValid(in FragmentRef)"/> says so afterwards.
/// </summary>
internal readonly unsafe struct FragmentRef(in FragmentHeader header, byte* payload, long offset)
{
    /// <summary>An offset that no ring ever overwrites.</summary>
    private const long Outside = long.MaxValue;

    /// <summary>In no JSON string: there a quotation mark has a backslash before it.</summary>
    public static ReadOnlySpan<byte> BehindWarning => ",\"created_at\":"u8;

    public readonly FragmentHeader Header = header;
    public readonly byte* Payload = payload;
    public readonly long Offset = offset;

    public PostId Id => Header.PostId;

    public int Length => Header.Length;

    /// <summary>False for what was not found.</summary>
    public bool Exists => Payload != null;

    /// <summary>The text as a JSON string.</summary>
    public ReadOnlySpan<byte> Status => new(Payload + Header.StatusAt, Header.StatusLength);

    /// <summary>The fields behind the text that warn of it, with a comma before each; empty for most posts, which warn of nothing.</summary>
    public ReadOnlySpan<byte> Warning
    {
        get
        {
            if ((Header.Flags & FragmentFlags.Warns) == 0)
            {
                return default;
            }

            var from = Header.StatusAt + Header.StatusLength;
            var rest = new ReadOnlySpan<byte>(Payload + from, Length - from);
            // It is not there in what is just being overwritten.
            return rest[..Math.Max(0, rest.IndexOf(BehindWarning))];
        }
    }

    /// <summary>The author's name as a JSON string.</summary>
    public ReadOnlySpan<byte> Username => new(Payload + Header.UsernameAt, Header.UsernameLength);

    /// <summary>
    /// A fragment that is in no ring, because it is too large or the ring too small for the page. The caller keeps the
    /// payload pinned, aligned to 8 (as arrays are) and unchanged for as long as it uses the result.
    /// </summary>
    public static FragmentRef OutsideOfRing(in FragmentHeader header, byte* payload)
    {
        header.Check(header.Length);
        return new FragmentRef(header, payload, Outside);
    }
}
