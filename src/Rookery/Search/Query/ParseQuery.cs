namespace Rookery.Search;

/// <summary>
/// Reads what somebody searches for. There is no wrong query: what cannot be read is searched as words, and
/// <see cref="SearchQuery.Remarks"/> says so. Iterative and linear in the query.
/// </summary>
/// <remarks>
/// <code>
/// cat dog          both words, in any order             "cat dog"         side by side
/// cat OR dog       one of them; words bind closer       -cat              not the word
/// (cat OR dog) x   grouped                              NOT cat           the same
/// cat*             words that begin so
/// #tag  @name      hashtag, mention                     from:name  to:name
/// has:media|link|reply   is:reply|repost   lang:en      url:example.org   url:https://example.org/page
/// since:2026-01-31 (with that day)   after:2026-01-31 (without)   until: before: (without)
/// in:home|me|@name       sort:latest|top
/// </code>
/// Signs may be full-width, and quotes typographic. A query, or one side of an OR, that only excludes finds nothing: it would find nearly every
/// post. With an author, a time or any other thing to look up beside it, it does.
/// </remarks>
internal static class ParseQuery
{
    /// <summary>Words, phrases and operators of one query; more are left out.</summary>
    public const int MaxLeaves = 64;

    /// <summary>Parentheses in each other; deeper ones are ignored.</summary>
    public const int MaxNesting = 32;

    /// <summary>In UTF-16 units; what stands beyond is not read.</summary>
    public const int MaxLength = 10_000;

    public static SearchQuery Handle(string query) => new QueryReader(query).Read();
}
