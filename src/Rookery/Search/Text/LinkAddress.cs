namespace Rookery.Search;

/// <summary>
/// A link as it is searched. "https://www.Example.org:8080/Path/#part" has the host "example.org", the authority "example.org:8080", the page
/// "example.org:8080/Path" and the whole "example.org:8080/Path#part"; of "a.b.example.org" the domains above it are hosts too, down to two labels. The scheme and
/// its own port, a leading "www.", the last slash, the case and diacritics of the host, and whether the rest is percent-encoded do not matter. What is longer than
/// 64 bytes is its beginning and a hash of all.
/// </summary>
internal readonly ref struct LinkAddress
{
    /// <summary>Longer links are cut: beyond it two addresses of one beginning are one.</summary>
    public const int MaxUnits = 2_048;

    private const int HashLength = 16;

    private readonly ReadOnlySpan<char> _host;
    private readonly ReadOnlySpan<char> _port;
    private readonly ReadOnlySpan<char> _path;
    private readonly ReadOnlySpan<char> _fragment;

    /// <param name="link">With or without its scheme.</param>
    public LinkAddress(ReadOnlySpan<char> link)
    {
        var rest = link.Length > MaxUnits ? link[..MaxUnits] : link;
        var end = rest.IndexOf("://");
        var scheme = end is >= 0 and <= 5 ? rest[..end] : [];
        rest = scheme.IsEmpty ? rest : rest[(end + 3)..];
        rest = rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? rest[4..] : rest;
        _fragment = From('#', rest) is { Length: > 1 } named ? named : [];
        rest = Until('#', rest);
        var authority = rest.IndexOfAny('/', '?') is var slash and >= 0 ? rest[..slash] : rest;
        _path = rest[authority.Length..].TrimEnd("/?");
        // An empty path is the same as its slash.
        _path = _path.StartsWith("/?") ? _path[1..] : _path;
        _host = Until(':', authority).TrimEnd('.');
        _port = PortIn(authority, scheme);
    }

    public ReadOnlySpan<char> HostName => _host;

    /// <summary>Another port than the scheme's own.</summary>
    public bool HasPort => !_port.IsEmpty;

    public bool HasPath => !_path.IsEmpty;

    public bool HasFragment => !_fragment.IsEmpty;

    /// <summary>The term of a host; empty where nothing of it can be seen.</summary>
    /// <param name="buffer">At least <see cref="TermBuffer.MaxLength"/> bytes; the answer stands in it.</param>
    public static ReadOnlySpan<byte> Host(ReadOnlySpan<char> name, Span<byte> buffer) =>
        Written(name, [], [], [], buffer);

    public ReadOnlySpan<byte> Authority(Span<byte> buffer) => Written(_host, _port, [], [], buffer);

    /// <summary>Without the part of it that is named.</summary>
    public ReadOnlySpan<byte> PageAddress(Span<byte> buffer) =>
        Written(_host, _port, _path, [], buffer);

    public ReadOnlySpan<byte> Whole(Span<byte> buffer) =>
        Written(_host, _port, _path, _fragment, buffer);

    /// <summary>The domain above, or empty where that has but one label.</summary>
    public static ReadOnlySpan<char> Above(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        var above = dot < 0 ? [] : name[(dot + 1)..];
        return above.Contains('.') ? above : [];
    }

    private static ReadOnlySpan<byte> Written(
        ReadOnlySpan<char> host,
        ReadOnlySpan<char> port,
        ReadOnlySpan<char> path,
        ReadOnlySpan<char> fragment,
        Span<byte> buffer
    )
    {
        var term = new TermBuffer(buffer);
        var hash = TermBuffer.EmptyHash;
        foreach (var rune in host.EnumerateRunes())
        {
            term.AppendFolded(rune, ref hash);
        }

        AppendPlain(port, ref term, ref hash);
        AppendPlain(path, ref term, ref hash);
        AppendPlain(fragment, ref term, ref hash);
        if (!term.IsFull)
        {
            return term.Written;
        }

        var kept = TermBuffer.Floor(term.Written, TermBuffer.MaxLength - HashLength);
        hash.TryFormat(buffer[kept..], out var written, "x16", null);
        return buffer[..(kept + written)];
    }

    private static void AppendPlain(ReadOnlySpan<char> part, ref TermBuffer term, ref ulong hash)
    {
        scoped var units = part;
        Span<char> plain = stackalloc char[part.Contains('%') ? part.Length : 0];
        if (!plain.IsEmpty && Uri.TryUnescapeDataString(part, plain, out var length))
        {
            units = plain[..length];
        }

        foreach (var rune in units.EnumerateRunes())
        {
            term.Append(rune, ref hash);
        }
    }

    private static ReadOnlySpan<char> PortIn(
        ReadOnlySpan<char> authority,
        ReadOnlySpan<char> scheme
    )
    {
        var port = From(':', authority);
        var isOwn =
            (port is ":443" && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
            || (port is ":80" && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase));
        return isOwn || port.Length < 2 ? [] : port;
    }

    private static ReadOnlySpan<char> Until(char sign, ReadOnlySpan<char> text) =>
        text.IndexOf(sign) is var at and >= 0 ? text[..at] : text;

    private static ReadOnlySpan<char> From(char sign, ReadOnlySpan<char> text) =>
        text.IndexOf(sign) is var at and >= 0 ? text[at..] : [];
}
