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

    /// <summary>What feed readers play by themselves, as podcasts are; null where there is nothing, or it is hidden at first.</summary>
    public static Attachment? EnclosureOf(EntryView entry) =>
        entry.Shown.IsHiddenAtFirst
            ? null
            : entry.Shown.Post.Media.FirstOrDefault(medium => medium.IsVideo);

    public string AddressOf(Attachment medium) => $"{Origin}{BlobName.Path}{medium.Blob}";

    /// <summary>The text, and the pictures or the video below it; of what is hidden at first the warning alone, as feed readers hide nothing.</summary>
    public string HtmlOf(EntryView entry) =>
        entry.Shown.Post.Warning is { Length: > 0 } warning
            ? $"<p>Content warning: {WebUtility.HtmlEncode(warning)}</p>"
            : entry.Shown.Html
                + string.Concat(entry.Shown.ShownAtOnce.Select(PictureOf))
                + (
                    entry.Shown.ShownAtOnce.Count < entry.Shown.Post.Media.Count
                        ? entry.Shown.Post.Media[0].IsVideo
                            ? "<p>Its video is hidden at first.</p>"
                            : "<p>Its pictures are hidden at first.</p>"
                        : ""
                );

    private string PictureOf(Attachment medium) =>
        medium.IsVideo
            ? $"""<p><video src="{AddressOf(medium)}" width="{medium.Width}" height="{medium.Height}" controls preload="none" aria-label="{WebUtility.HtmlEncode(medium.Description)}"><a href="{AddressOf(medium)}">{WebUtility.HtmlEncode(medium.Description.Length > 0 ? medium.Description : "The video")}</a></video></p>"""
            : $"""<p><img src="{AddressOf(medium)}" width="{medium.Width}" height="{medium.Height}" alt="{WebUtility.HtmlEncode(medium.Description)}"></p>""";
}
