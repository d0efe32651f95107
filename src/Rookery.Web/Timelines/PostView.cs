using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Web.Languages;

namespace Rookery.Web.Timelines;

/// <summary>A post as this viewer sees it.</summary>
/// <param name="Html">The text, written by the one that writes texts as HTML.</param>
/// <param name="ReplyTo">The author of what it answers; null where it answers nothing, or somebody who is gone.</param>
public sealed record PostView(
    Post Post,
    AccountCard Author,
    string Html,
    AccountCard? ReplyTo,
    bool Liked,
    bool Reposted
)
{
    public string Path => $"/@{Author.Username}/{Post.Id}";

    public string? ParentPath => ReplyTo is null ? null : $"/@{ReplyTo.Username}/{Post.Parent}";

    /// <summary>Its pictures or its video, unless they are for who wants to see them alone.</summary>
    public IReadOnlyList<Attachment> ShownAtOnce => Post.IsSensitive ? [] : Post.Media;

    /// <summary>Nothing of what is on it is seen before somebody opens it.</summary>
    public bool IsHiddenAtFirst => Post.IsSensitive || Post.Warning.Length > 0;

    /// <summary>What it says where nothing can be opened: its warning, or its text, or what is said of the first of its pictures or of its video.</summary>
    public string SummaryIn(Words say) =>
        Post.Warning.Length > 0 ? Post.Warning
        : Post.Text.Length > 0 || Post.Media.Count == 0 ? Post.Text
        : Post.IsSensitive ? (Post.Media[0].IsVideo ? say.VideoHidden : say.PictureHidden)
        : Post.Media[0].Description.Length > 0 ? Post.Media[0].Description
        : Post.Media[0].IsVideo ? say.Video
        : say.Picture;

    /// <summary>Whom it is for, where that is not everybody.</summary>
    public string? ForIn(Words say) =>
        Post.Visibility switch
        {
            Visibility.Unlisted => say.ForUnlisted,
            Visibility.Followers => say.ForFollowers,
            Visibility.Direct => say.ForMentioned,
            _ => null,
        };
}

/// <summary>One line of a timeline.</summary>
/// <param name="Id">The post's, or the repost's.</param>
/// <param name="RepostedBy">Who passed the post on; null for the post itself.</param>
public sealed record EntryView(PostId Id, PostView Shown, AccountCard? RepostedBy);

/// <summary>A part of a list of posts.</summary>
/// <param name="Older">The path of the next page; null where nothing follows.</param>
/// <param name="Newest">The path of the first page; null on it.</param>
public sealed record EntryPage(IReadOnlyList<EntryView> Entries, string? Older, string? Newest);
