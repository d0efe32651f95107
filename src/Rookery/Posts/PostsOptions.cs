using System.ComponentModel.DataAnnotations;

namespace Rookery.Posts;

/// <summary>What a post may be.</summary>
public sealed class PostsOptions
{
    public const string Section = "Posts";

    /// <summary>Characters (grapheme clusters after NFC) of a post; a link counts 23. Readers lay pages out for this much.</summary>
    [Range(1, 100_000)]
    public int MaxLength { get; set; } = 500;

    /// <summary>Accounts that one post may mention; each is a row and later a notification.</summary>
    [Range(0, 1000)]
    public int MaxMentions { get; set; } = 50;

    /// <summary>Pictures that one post may have in place of one video; each is shown wherever the post is.</summary>
    [Range(0, 16)]
    public int MaxMedia { get; set; } = 4;
}
