using Rookery.Accounts;
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

    public DateTimeOffset UpdatedAt =>
        Entries.Count > 0 ? Entries[0].Id.CreatedAt : Account.CreatedAt;

    public string AddressOf(EntryView entry) => Origin + entry.Shown.Path;
}
