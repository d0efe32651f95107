namespace Rookery.Posts;

/// <summary>
/// A post that was written elsewhere. <paramref name="Keys"/>: what its source calls it, in one or more ways; a post any of whose keys was
/// imported before is the same post.
/// </summary>
public sealed record ImportedPost(
    AccountId Author,
    DateTimeOffset CreatedAt,
    string Text,
    IReadOnlyList<AccountId> Mentions,
    IReadOnlyList<string> Hashtags,
    IReadOnlyList<string> Keys
);

public enum ImportOutcome
{
    Stored,

    /// <summary>One of its keys is known; also where the post was deleted since.</summary>
    AlreadyThere,

    /// <summary>The author is suspended or gone.</summary>
    AuthorClosed,
}
