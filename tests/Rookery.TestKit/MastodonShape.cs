using System.Globalization;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>
/// What each entity of Mastodon's API must have, by its published description and by what strict clients decode: a field that is missing, null or of another kind
/// loses them the whole answer.
/// </summary>
internal static class MastodonShape
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>A question mark behind a name: may be absent; behind a kind: may be null.</summary>
    private static readonly Dictionary<string, string> _entities = new()
    {
        ["Search"] = "accounts:[Account] statuses:[Status] hashtags:[Tag]",
        ["Account"] =
            "id:id username:string acct:string display_name:string locked:boolean bot:boolean group:boolean discoverable:boolean? indexable:boolean "
            + "created_at:midnight note:string url:url? uri:url avatar:url avatar_static:url header:url header_static:url followers_count:count "
            + "following_count:count statuses_count:count last_status_at:string? emojis:[Emoji] fields:[Field] avatar_description?:string "
            + "header_description?:string hide_collections?:boolean? noindex?:boolean source?:Source",
        ["Source"] =
            "note:string fields:[Field] privacy:visibility sensitive:boolean language:string? follow_requests_count:count hide_collections:boolean? "
            + "discoverable:boolean? indexable:boolean attribution_domains:[string] quote_policy:string",
        ["Status"] =
            "id:id created_at:time edited_at:time? account:Account content:string visibility:visibility sensitive:boolean spoiler_text:string "
            + "language:string? uri:url url:url? in_reply_to_id:id? in_reply_to_account_id:id? reblog:Status? media_attachments:[Media] "
            + "mentions:[Mention] tags:[StatusTag] emojis:[Emoji] replies_count:count reblogs_count:count favourites_count:count quotes_count?:count "
            + "card:Card? poll:Poll? quote?:Quote? favourited?:boolean reblogged?:boolean muted?:boolean bookmarked?:boolean pinned?:boolean "
            + "filtered?:[Filter]",
        ["Media"] =
            "id:id type:media url:url preview_url:url? remote_url:url? preview_remote_url?:url? text_url?:url? meta:MediaMeta description:string? blurhash:string?",
        ["MediaMeta"] = "original:MediaSize small:MediaSize focus:Focus",
        ["MediaSize"] = "width:count height:count size:string aspect:number duration?:number",
        ["Focus"] = "x:number y:number",
        ["Mention"] = "id:id username:string acct:string url:url",
        ["StatusTag"] = "name:string url:url",
        ["Tag"] =
            "id:id name:string url:url history:[History] following?:boolean featuring?:boolean",
        ["Relationship"] =
            "id:id following:boolean showing_reblogs:boolean notifying:boolean languages:[string]? followed_by:boolean blocking:boolean blocked_by:boolean "
            + "muting:boolean muting_notifications:boolean requested:boolean requested_by:boolean domain_blocking:boolean endorsed:boolean note:string "
            + "muting_expires_at?:time?",
        ["History"] = "day:string uses:string accounts:string",
        ["Notification"] =
            "id:id type:notification created_at:time group_key:string account:Account status?:Status report?:Report moderation_warning?:Warning",
        ["Report"] =
            "id:id action_taken:boolean action_taken_at:time? category:string comment:string forwarded:boolean created_at:time status_ids:[id] "
            + "rule_ids:[id]? collection_ids:[id]? target_account:Account",
        ["Warning"] =
            "id:id action:string text:string status_ids:[id] target_account:Account appeal:string? created_at:time",
        ["GroupedNotifications"] =
            "accounts:[Account] statuses:[Status] notification_groups:[NotificationGroup] partial_accounts?:[PartialAccount]",
        ["NotificationGroup"] =
            "group_key:string notifications_count:count type:notification most_recent_notification_id:count page_min_id:id page_max_id:id "
            + "latest_page_notification_at:time sample_account_ids:[id] status_id:id? report?:Report moderation_warning?:Warning",
        ["PartialAccount"] =
            "id:id acct:string locked:boolean bot:boolean url:url avatar:url avatar_static:url avatar_description?:string",
        ["Marker"] = "last_read_id:id version:count updated_at:time",
        ["Instance"] =
            "domain:string title:string version:string source_url:url description:string usage:Usage thumbnail:Thumbnail icon:[Icon] languages:[string] "
            + "configuration:Configuration registrations:Registrations api_versions:ApiVersions contact:Contact rules:[Rule]",
        ["Usage"] = "users:ActiveUsers",
        ["ActiveUsers"] = "active_month:count",
        ["Thumbnail"] = "url:url blurhash:string? versions:Versions? description:string",
        ["Icon"] = "src:url size:string",
        ["Configuration"] =
            "urls:InstanceUrls vapid:Vapid accounts:AccountLimits statuses:StatusLimits media_attachments:MediaLimits polls:PollLimits translation:Translation",
        ["InstanceUrls"] =
            "streaming:string? status:url? about:url? privacy_policy:url? terms_of_service:url?",
        ["Vapid"] = "public_key:string",
        ["AccountLimits"] =
            "max_featured_tags:count max_pinned_statuses:count max_profile_fields:count profile_field_name_limit:count profile_field_value_limit:count "
            + "max_display_name_length:count max_note_length:count",
        ["StatusLimits"] =
            "max_characters:count max_media_attachments:count characters_reserved_per_url:count",
        ["MediaLimits"] =
            "supported_mime_types:[string] description_limit:count image_size_limit:count image_matrix_limit:count video_size_limit:count "
            + "video_frame_rate_limit:count video_matrix_limit:count",
        ["PollLimits"] =
            "max_options:count max_characters_per_option:count min_expiration:count max_expiration:count",
        ["Translation"] = "enabled:boolean",
        ["Registrations"] =
            "enabled:boolean approval_required:boolean reason_required:boolean? message:string? min_age:count? url:url?",
        ["ApiVersions"] = "mastodon:count",
        ["Contact"] = "email:string account:Account?",
        ["Rule"] = "id:id text:string hint:string",
        ["V1Instance"] =
            "uri:string title:string short_description:string description:string email:string version:string urls:V1Urls stats:Stats thumbnail:url? "
            + "languages:[string] registrations:boolean approval_required:boolean invites_enabled:boolean configuration:V1Configuration "
            + "contact_account:Account? rules:[Rule]",
        ["V1Urls"] = "streaming_api:string",
        ["Stats"] = "user_count:count status_count:count domain_count:count",
        ["V1Configuration"] =
            "accounts:AccountLimits statuses:StatusLimits media_attachments:MediaLimits polls:PollLimits",
    };

    /// <summary>What is wrong with it; empty where nothing is.</summary>
    public static IReadOnlyList<string> WrongWith(JsonElement value, string entity) =>
        [.. Entity(value, entity, entity)];

    private static IEnumerable<string> Entity(JsonElement value, string entity, string where)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [$"{where} is {value.ValueKind}"];
        }

        var fields = _entities[entity].Split(' ').Select(field => field.Split(':')).ToList();
        var known = fields.Select(field => field[0].TrimEnd('?')).ToHashSet();
        var unknown =
            from field in value.EnumerateObject()
            where !known.Contains(field.Name)
            select $"{where}.{field.Name} is unknown";
        return fields.SelectMany(field => Field(value, field[0], field[1], where)).Concat(unknown);
    }

    private static IEnumerable<string> Field(
        JsonElement value,
        string name,
        string kind,
        string where
    )
    {
        var path = $"{where}.{name.TrimEnd('?')}";
        if (!value.TryGetProperty(name.TrimEnd('?'), out var field))
        {
            return name.EndsWith('?') ? [] : [$"{path} is missing"];
        }

        if (field.ValueKind == JsonValueKind.Null)
        {
            return kind.EndsWith('?') ? [] : [$"{path} is null"];
        }

        kind = kind.TrimEnd('?');
        if (kind.StartsWith('['))
        {
            return field.ValueKind == JsonValueKind.Array
                ? field
                    .EnumerateArray()
                    .SelectMany(one =>
                        char.IsUpper(kind[1]) ? Entity(one, kind[1..^1], path)
                        : Is(one, kind[1..^1]) ? []
                        : [$"{path} has {one.GetRawText()}, and no {kind[1..^1]}"]
                    )
                : [$"{path} is {field.ValueKind}"];
        }

        return char.IsUpper(kind[0]) ? Entity(field, kind, path)
            : Is(field, kind) ? []
            : [$"{path} is {field.GetRawText()}, and no {kind}"];
    }

    private static bool Is(JsonElement value, string kind) =>
        kind switch
        {
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "count" => value.ValueKind == JsonValueKind.Number
                && value.TryGetInt64(out var count)
                && count >= 0,
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => value.ValueKind == JsonValueKind.String && IsText(value.GetString()!, kind),
        };

    private static bool IsText(string text, string kind) =>
        kind switch
        {
            "string" => true,
            "id" => text.Length > 0 && text.All(char.IsAsciiDigit),
            "url" => Uri.TryCreate(text, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https",
            "media" => text is "image" or "gifv" or "video" or "audio" or "unknown",
            "notification" => text
                is "follow"
                    or "mention"
                    or "reblog"
                    or "favourite"
                    or "status"
                    or "follow_request"
                    or "moderation_warning"
                    or "admin.report",
            "visibility" => text is "public" or "unlisted" or "private" or "direct",
            "midnight" => IsTime(text, out var time) && time.TimeOfDay == TimeSpan.Zero,
            _ => IsTime(text, out _),
        };

    private static bool IsTime(string text, out DateTime time) =>
        DateTime.TryParseExact(
            text,
            Time,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out time
        );
}
