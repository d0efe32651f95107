using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>What stands as name:value in a query.</summary>
internal static class QueryOperators
{
    /// <summary>Null for an unknown name, or a value that the operator does not know.</summary>
    /// <param name="name">In lower case.</param>
    public static SearchNode? Read(string name, string value) =>
        name switch
        {
            "from" => Author(value),
            "to" => NameOf(value) is { } asked ? new SearchNode.ToName(asked) : null,
            "in" => value.ToLowerInvariant() switch
            {
                "home" => new SearchNode.InHome(),
                "library" => new SearchNode.InLibrary(),
                "public" => new SearchNode.InPublic(),
                _ => Author(value),
            },
            "has" => Flag(value, "media", "link", "reply"),
            "is" => Flag(value, "reply", "repost"),
            "lang" or "language" => Language(value),
            "url" => Address(value),
            _ => QueryTime.Range(name, value),
        };

    /// <summary>Null for what is no order.</summary>
    public static SortOrder? Sort(string value) =>
        value.ToLowerInvariant() switch
        {
            "latest" => SortOrder.Latest,
            "top" => SortOrder.Top,
            _ => null,
        };

    /// <summary>As much of a link's address as is given; a host's name without a dot begins hosts.</summary>
    public static SearchNode? Address(string value)
    {
        // As no link in a text ends.
        var address = new LinkAddress(value.AsSpan().TrimEnd(Link.Trailing));
        var term = new Utf8Term(address.Whole(stackalloc byte[TermBuffer.MaxLength]));
        return address.HostName.IsEmpty || term.Bytes.IsEmpty ? null
            : address.HasPort
            || address.HasPath
            || address.HasFragment
            || term.Bytes.Contains((byte)'.')
                ? new SearchNode.Term(TermKind.Link, term)
            : new SearchNode.Prefix(TermKind.Link, term);
    }

    private static SearchNode? Author(string value) =>
        value.Equals("me", StringComparison.OrdinalIgnoreCase) ? new SearchNode.FromMe()
        : NameOf(value) is { } name ? new SearchNode.FromName(name)
        : null;

    private static string? NameOf(string value) =>
        Handle.Standing(value.Length > 0 && value[0] is '@' or '＠' ? value[1..] : value)?.Folded;

    private static SearchNode.Term? Flag(string value, params ReadOnlySpan<string> known)
    {
        var lower = value.ToLowerInvariant();
        var flag = lower switch
        {
            "links" => "link",
            "replies" => "reply",
            "reposts" => "repost",
            _ => lower,
        };
        return known.Contains(flag) ? new SearchNode.Term(TermKind.Flag, Utf8Term.Of(flag)) : null;
    }

    // Of "pt-BR" the language alone.
    private static SearchNode.Term? Language(string value)
    {
        var end = value.IndexOfAny(['-', '_']);
        var code = (end < 0 ? value : value[..end]).ToLowerInvariant();
        return code.Length is 2 or 3 && code.All(char.IsAsciiLetter)
            ? new SearchNode.Term(TermKind.Language, Utf8Term.Of(code))
            : null;
    }
}
