using System.Net;
using Rookery.Accounts;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Web.Timelines;

namespace Rookery.Web.Feeds;

/// <summary>The newest public posts of an account, for feed readers.</summary>
/// <param name="Origin">Before the paths of the site: addresses in a feed are whole.</param>
internal sealed record Feed(
    string Origin,
    string SiteName,
    AccountCard Account,
    IReadOnlyList<EntryView> Entries
)
{
    public string Profile => $"{Origin}/@{Account.Username}";

    public string Title => $"{Account.DisplayName} (@{Account.Username})";

    /// <summary>The picture of who posts; null where there is none.</summary>
    public string? Picture => Account.Avatar is { } blob ? $"{Origin}{BlobName.Path}{blob}" : null;

    public DateTimeOffset UpdatedAt =>
        Entries.Count > 0 ? Entries[0].Id.CreatedAt : Account.CreatedAt;

    public string AddressOf(EntryView entry) => Origin + entry.Shown.Path;

    /// <summary>The text, and the pictures below it; of what is hidden at first the warning alone, as feed readers hide nothing.</summary>
    public string HtmlOf(EntryView entry) =>
        entry.Shown.Post.Warning is { Length: > 0 } warning
            ? $"<p>Content warning: {WebUtility.HtmlEncode(warning)}</p>"
            : entry.Shown.Html
                + string.Concat(entry.Shown.ShownAtOnce.Select(PictureOf))
                + (
                    entry.Shown.ShownAtOnce.Count < entry.Shown.Post.Media.Count
                        ? "<p>Its pictures are hidden at first.</p>"
                        : ""
                );

    private string PictureOf(Attachment medium) =>
        $"""<p><img src="{Origin}{BlobName.Path}{medium.Blob}" width="{medium.Width}" height="{medium.Height}" alt="{WebUtility.HtmlEncode(medium.Description)}"></p>""";
}
