using Rookery.Posts;

namespace Rookery.Search;

/// <summary>What is known of a post when it is indexed. Ids that do not apply are 0; a repost has no text of its own.</summary>
internal readonly ref struct SearchablePost
{
    public required PostId Id { get; init; }

    public required AccountId Author { get; init; }

    public AccountId ParentAuthor { get; init; }

    public PostKind Kind { get; init; }

    public Visibility Visibility { get; init; }

    public bool HasMedia { get; init; }

    public ReadOnlySpan<char> Text { get; init; }

    /// <summary>Searched as the text is.</summary>
    public ReadOnlySpan<char> Warning { get; init; }

    public ReadOnlySpan<AccountId> Mentioned { get; init; }

    public static SearchablePost Of(Post post, ReadOnlySpan<AccountId> mentioned) =>
        new()
        {
            Id = post.Id,
            Author = post.Author,
            ParentAuthor = post.ParentAuthor,
            Kind = post.Kind,
            Visibility = post.Visibility,
            HasMedia = post.Media.Count > 0,
            Text = post.Text,
            Warning = post.Warning,
            Mentioned = mentioned,
        };
}
