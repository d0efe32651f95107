using System.Text.Json;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Web.Languages;
using Rookery.Web.Layout;

namespace Rookery.Web.About;

/// <summary>The site as one caller asks for it.</summary>
/// <param name="Host">By which the caller reaches it.</param>
/// <param name="Origin">Before the paths of its pages.</param>
internal sealed record AskedInstance(
    string Host,
    string Origin,
    SiteOptions Site,
    Words Say,
    IReadOnlyList<string> Rules,
    MemberTotals Totals,
    string PushKey
);

/// <summary>Writes what the site is and what it takes as Mastodon's <c>Instance</c>, and as what that was in its first version. What is not there has room for nothing.</summary>
internal sealed class DescribeInstance(IOptions<PostsOptions> posts, IOptions<MediaOptions> media)
{
    /// <summary>Programs read from its beginning what a server can do. Later versions of Mastodon tell of what changed first of all in notifications.</summary>
    private const string LikeMastodon = "4.2.0";

    private static readonly string[] MimeTypes =
    [
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/quicktime",
        "video/webm",
    ];

    public static string OwnVersion { get; } =
        typeof(DescribeInstance).Assembly.GetName().Version!.ToString(3);

    private static string Version => $"{LikeMastodon} (compatible; Rookery {OwnVersion})";

    public void Write(Utf8JsonWriter json, AskedInstance asked)
    {
        json.WriteStartObject();
        json.WriteString("domain", asked.Host);
        json.WriteString("title", asked.Site.Name);
        json.WriteString("version", Version);
        json.WriteString("source_url", $"{asked.Origin}/about");
        json.WriteString("description", asked.Site.DescriptionIn(asked.Say));
        json.WriteStartObject("usage");
        json.WriteStartObject("users");
        json.WriteNumber("active_month", asked.Totals.Lately);
        json.WriteEndObject();
        json.WriteEndObject();
        WritePictures(json, asked);
        WriteLanguages(json);
        json.WriteStartObject("configuration");
        WriteAddresses(json, asked);
        json.WriteStartObject("vapid");
        json.WriteString("public_key", asked.PushKey);
        json.WriteEndObject();
        WriteLimits(json);
        json.WriteStartObject("translation");
        json.WriteBoolean("enabled", false);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteRegistrations(json);
        json.WriteStartObject("api_versions");
        json.WriteNumber("mastodon", 1);
        json.WriteEndObject();
        json.WriteStartObject("contact");
        json.WriteString("email", EmailOf(asked));
        json.WriteNull("account");
        json.WriteEndObject();
        json.WritePropertyName("rules");
        WriteRules(json, asked.Rules);
        json.WriteEndObject();
    }

    public void WriteOld(Utf8JsonWriter json, AskedInstance asked)
    {
        var description = asked.Site.DescriptionIn(asked.Say);
        json.WriteStartObject();
        json.WriteString("uri", asked.Host);
        json.WriteString("title", asked.Site.Name);
        json.WriteString("short_description", description);
        json.WriteString("description", description);
        json.WriteString("email", EmailOf(asked));
        json.WriteString("version", Version);
        json.WriteStartObject("urls");
        json.WriteString("streaming_api", StreamsOf(asked));
        json.WriteEndObject();
        json.WriteStartObject("stats");
        json.WriteNumber("user_count", asked.Totals.Accounts);
        json.WriteNumber("status_count", asked.Totals.Posts);
        json.WriteNumber("domain_count", 0);
        json.WriteEndObject();
        json.WriteString("thumbnail", asked.Origin + SiteFiles.All.LargePicture);
        WriteLanguages(json);
        json.WriteBoolean("registrations", true);
        json.WriteBoolean("approval_required", false);
        json.WriteBoolean("invites_enabled", false);
        json.WriteStartObject("configuration");
        WriteLimits(json);
        json.WriteEndObject();
        json.WriteNull("contact_account");
        json.WritePropertyName("rules");
        WriteRules(json, asked.Rules);
        json.WriteEndObject();
    }

    public static void WriteRules(Utf8JsonWriter json, IReadOnlyList<string> rules)
    {
        json.WriteStartArray();
        for (var i = 0; i < rules.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", $"{i + 1}");
            json.WriteString("text", rules[i]);
            json.WriteString("hint", "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePictures(Utf8JsonWriter json, AskedInstance asked)
    {
        var files = SiteFiles.All;
        json.WriteStartObject("thumbnail");
        json.WriteString("url", asked.Origin + files.LargePicture);
        json.WriteNull("blurhash");
        json.WriteNull("versions");
        json.WriteString("description", "");
        json.WriteEndObject();
        json.WriteStartArray("icon");
        foreach (
            var (path, size) in new[]
            {
                (files.Picture, "192x192"),
                (files.LargePicture, "512x512"),
            }
        )
        {
            json.WriteStartObject();
            json.WriteString("src", asked.Origin + path);
            json.WriteString("size", size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLanguages(Utf8JsonWriter json)
    {
        json.WriteStartArray("languages");
        foreach (var say in Words.All)
        {
            json.WriteStringValue(say.Code);
        }

        json.WriteEndArray();
    }

    private static void WriteAddresses(Utf8JsonWriter json, AskedInstance asked)
    {
        json.WriteStartObject("urls");
        json.WriteString("streaming", StreamsOf(asked));
        json.WriteNull("status");
        json.WriteString("about", $"{asked.Origin}/about");
        json.WriteString("privacy_policy", $"{asked.Origin}/terms");
        json.WriteString("terms_of_service", $"{asked.Origin}/terms");
        json.WriteEndObject();
    }

    private static void WriteRegistrations(Utf8JsonWriter json)
    {
        json.WriteStartObject("registrations");
        json.WriteBoolean("enabled", true);
        json.WriteBoolean("approval_required", false);
        json.WriteBoolean("reason_required", false);
        json.WriteNull("message");
        json.WriteNull("min_age");
        json.WriteNull("url");
        json.WriteEndObject();
    }

    private void WriteLimits(Utf8JsonWriter json)
    {
        json.WriteStartObject("accounts");
        foreach (
            var name in (string[])
                [
                    "max_featured_tags",
                    "max_pinned_statuses",
                    "max_profile_fields",
                    "profile_field_name_limit",
                    "profile_field_value_limit",
                ]
        )
        {
            json.WriteNumber(name, 0);
        }

        json.WriteNumber("max_display_name_length", DisplayName.MaxLength);
        json.WriteNumber("max_note_length", Bio.MaxLength);
        json.WriteEndObject();
        json.WriteStartObject("statuses");
        json.WriteNumber("max_characters", posts.Value.MaxLength);
        json.WriteNumber("max_media_attachments", posts.Value.MaxMedia);
        json.WriteNumber("characters_reserved_per_url", PostText.LinkLength);
        json.WriteEndObject();
        WriteMedia(json);
        json.WriteStartObject("polls");
        foreach (
            var name in (string[])
                ["max_options", "max_characters_per_option", "min_expiration", "max_expiration"]
        )
        {
            json.WriteNumber(name, 0);
        }

        json.WriteEndObject();
    }

    private void WriteMedia(Utf8JsonWriter json)
    {
        // As fast as any camera and any screen: nothing is refused for it.
        const int FramesInASecond = 240;
        var limits = media.Value;
        json.WriteStartObject("media_attachments");
        json.WriteStartArray("supported_mime_types");
        foreach (var type in MimeTypes)
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
        json.WriteNumber("description_limit", limits.MaxDescription);
        json.WriteNumber("image_size_limit", limits.MaxBytes);
        json.WriteNumber("image_matrix_limit", limits.MaxPixels);
        json.WriteNumber("video_size_limit", limits.MaxVideoBytes);
        json.WriteNumber("video_frame_rate_limit", FramesInASecond);
        json.WriteNumber("video_matrix_limit", limits.MaxVideoPixels);
        json.WriteEndObject();
    }

    /// <summary>Where WebSockets begin: <c>wss</c> where pages come over TLS.</summary>
    private static string StreamsOf(AskedInstance asked) => $"ws{asked.Origin["http".Length..]}";

    private static string EmailOf(AskedInstance asked) =>
        asked.Site.Contact.Contains('@', StringComparison.Ordinal)
        && !asked.Site.Contact.Contains("://", StringComparison.Ordinal)
            ? asked.Site.Contact
            : "";
}
