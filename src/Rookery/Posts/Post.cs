namespace Rookery.Posts;

/// <summary>Who may see a post. The numbers stand in the database and in the entries of pushed timelines: they only grow.</summary>
public enum Visibility
{
    /// <summary>Everybody, and it stands on the public timeline.</summary>
    Public = 0,

    /// <summary>Everybody, but not on the public timeline, hashtag timelines or in search.</summary>
    Unlisted = 1,

    /// <summary>The author's followers and those it mentions.</summary>
    Followers = 2,

    /// <summary>Those it mentions.</summary>
    Direct = 3,
}

public enum PostKind
{
    Post = 0,
    Reply = 1,
    Repost = 2,
}

/// <summary>How an author's posts reach home timelines; the author's at the moment of posting is stamped on the post.</summary>
public enum AuthorClass
{
    Pushed = 0,
    Merged = 1,
}

/// <summary>
/// A post as truth holds it. Ids that do not apply (no parent, no original) are 0. A repost has no text of its own.
/// </summary>
public sealed record Post(
    PostId Id,
    AccountId Author,
    PostKind Kind,
    Visibility Visibility,
    string Text,
    PostId Parent,
    AccountId ParentAuthor,
    PostId Original,
    AccountId OriginalAuthor,
    PostCounts Counts
)
{
    /// <summary>In the order in which they were posted. A repost has none of its own.</summary>
    public IReadOnlyList<Attachment> Media { get; init; } = [];

    /// <summary>What it warns of, on one line; shown in place of the text. Empty for most.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Its media are shown to who wants to see them alone; so it is with every warning.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>Derived numbers; they follow their posts within moments.</summary>
public readonly record struct PostCounts(long Likes, long Reposts, long Replies);

/// <summary>What of these posts the viewer has liked and reposted.</summary>
public readonly record struct ViewerMarks(bool Liked, bool Reposted);
