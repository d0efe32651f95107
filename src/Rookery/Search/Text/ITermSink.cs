namespace Rookery.Search;

/// <summary>What a term says of a post. The numbers stand in snapshots: they only grow.</summary>
internal enum TermKind : byte
{
    /// <summary>A folded word, an emoji, or two neighbouring characters of a script without spaces.</summary>
    Word = 0,

    /// <summary>Folded, without its sign.</summary>
    Hashtag = 1,

    /// <summary>The name in lower case, without its sign.</summary>
    Mention = 2,

    /// <summary>An account's id in decimal.</summary>
    Author = 3,

    /// <summary>The id of the account that is replied to, in decimal.</summary>
    To = 4,

    /// <summary>The id of an account that is mentioned, in decimal.</summary>
    Mentioned = 5,

    /// <summary>A host, each domain above it, and what more there is of the address, down to the whole: see <see cref="LinkAddress"/>.</summary>
    Link = 6,

    /// <summary>One of <see cref="SearchFlag"/>.</summary>
    Flag = 7,

    /// <summary>The code of <see cref="LanguageGuess"/>: "en".</summary>
    Language = 8,
}

/// <summary>The terms of the kind <see cref="TermKind.Flag"/>.</summary>
internal static class SearchFlag
{
    public static ReadOnlySpan<byte> Media => "media"u8;
    public static ReadOnlySpan<byte> Link => "link"u8;
    public static ReadOnlySpan<byte> Reply => "reply"u8;
    public static ReadOnlySpan<byte> Repost => "repost"u8;
    public static ReadOnlySpan<byte> Public => "public"u8;
}

/// <summary>Takes the terms of one text, some of them more than once.</summary>
internal interface ITermSink
{
    /// <param name="term">1 to 64 bytes of UTF-8. It is the caller's, and lasts for the call.</param>
    void Add(TermKind kind, ReadOnlySpan<byte> term);
}
