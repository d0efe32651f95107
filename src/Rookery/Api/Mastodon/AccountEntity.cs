using System.Text.Json;
using Rookery.Accounts;

namespace Rookery.Api.Mastodon;

/// <summary>Writes an account as Mastodon's <c>Account</c>.</summary>
internal static class AccountEntity
{
    /// <summary>Mentions in what accounts say of themselves stay text: whom they name would have to be read for each of them.</summary>
    private static readonly Dictionary<string, string> _noMentions = [];

    public static void Write(Utf8JsonWriter json, AccountCard account, MastodonSite site)
    {
        json.WriteStartObject();
        WriteFields(json, account, site);
        json.WriteEndObject();
    }

    public static void WriteMany(
        Utf8JsonWriter json,
        IEnumerable<AccountCard> accounts,
        MastodonSite site
    )
    {
        json.WriteStartArray();
        foreach (var account in accounts)
        {
            Write(json, account, site);
        }

        json.WriteEndArray();
    }

    /// <summary>A <c>CredentialAccount</c>: for its owner.</summary>
    public static void WriteOwn(
        Utf8JsonWriter json,
        AccountCard account,
        PostingDefaults defaults,
        int followRequests,
        MastodonSite site
    )
    {
        json.WriteStartObject();
        WriteFields(json, account, site);
        json.WriteStartObject("source");
        json.WriteString("note", account.Bio);
        json.WriteEmptyArray("fields");
        json.WriteString("privacy", PreferencesMastodonApi.NameOf(defaults.Visibility));
        json.WriteBoolean("sensitive", defaults.IsSensitive);
        json.WriteString("language", "");
        json.WriteNumber("follow_requests_count", followRequests);
        json.WriteBoolean("hide_collections", false);
        json.WriteBoolean("discoverable", account.IsIndexable);
        json.WriteBoolean("indexable", account.IsIndexable);
        json.WriteEmptyArray("attribution_domains");
        json.WriteString("quote_policy", "nobody");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The fields of a <c>PartialAccountWithAvatar</c>.</summary>
    public static void WritePartial(Utf8JsonWriter json, AccountCard account, MastodonSite site)
    {
        var avatar = site.AvatarOf(account);
        json.WriteTextId("id", account.Id);
        json.WriteString("acct", account.Username);
        json.WriteBoolean("locked", account.IsLocked);
        json.WriteBoolean("bot", false);
        json.WriteString("url", site.Html.Profile(account.Username));
        json.WriteString("avatar", avatar);
        json.WriteString("avatar_static", avatar);
        json.WriteString("avatar_description", "");
    }

    private static void WriteFields(Utf8JsonWriter json, AccountCard account, MastodonSite site)
    {
        var url = site.Html.Profile(account.Username);
        json.WriteTextId("id", account.Id);
        WriteNames(json, account);
        json.WriteString("display_name", account.DisplayName);
        json.WriteBoolean("locked", account.IsLocked);
        json.WriteBoolean("bot", false);
        json.WriteBoolean("group", false);
        json.WriteBoolean("discoverable", account.IsIndexable);
        json.WriteBoolean("indexable", account.IsIndexable);
        json.WriteBoolean("noindex", !account.IsIndexable);
        // The day is enough, and says less of its owner.
        json.WriteIsoTime("created_at", new(account.CreatedAt.UtcDateTime.Date, TimeSpan.Zero));
        json.WriteString("note", site.Html.Render(account.Bio, _noMentions));
        json.WriteString("url", url);
        json.WriteString("uri", url);
        WritePictures(json, account, site);
        json.WriteNumber("followers_count", Math.Max(0, account.Counts.Followers));
        json.WriteNumber("following_count", Math.Max(0, account.Counts.Following));
        json.WriteNumber("statuses_count", Math.Max(0, account.Counts.Posts));
        json.WriteNull("last_status_at");
        json.WriteBoolean("hide_collections", false);
        json.WriteEmptyArray("emojis");
        json.WriteEmptyArray("fields");
    }

    /// <summary>A <c>Mention</c> of the account in a text.</summary>
    public static void WriteMention(Utf8JsonWriter json, AccountCard account, MastodonSite site)
    {
        json.WriteStartObject();
        json.WriteTextId("id", account.Id);
        WriteNames(json, account);
        json.WriteString("url", site.Html.Profile(account.Username));
        json.WriteEndObject();
    }

    /// <summary>All accounts are this server's, so neither name has another server's behind it.</summary>
    private static void WriteNames(Utf8JsonWriter json, AccountCard account)
    {
        json.WriteString("username", account.Username);
        json.WriteString("acct", account.Username);
    }

    /// <summary>Pictures are not decoded here, so one that moves stands still for nobody.</summary>
    private static void WritePictures(Utf8JsonWriter json, AccountCard account, MastodonSite site)
    {
        var (avatar, header) = (site.AvatarOf(account), site.HeaderOf(account));
        json.WriteString("avatar", avatar);
        json.WriteString("avatar_static", avatar);
        json.WriteString("avatar_description", "");
        json.WriteString("header", header);
        json.WriteString("header_static", header);
        json.WriteString("header_description", "");
    }
}
