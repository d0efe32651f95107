using System.Text.Json;
using Rookery.Accounts;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>Writes notifications, alone and in groups.</summary>
internal static class NotificationEntity
{
    /// <param name="status">What it is about; null for what is about none.</param>
    public static void Write(
        Utf8JsonWriter json,
        ShownNotification shown,
        Status? status,
        AccountId viewer,
        MastodonSite site
    )
    {
        var one = shown.What;
        json.WriteStartObject();
        json.WriteString("id", one.Id.ToString());
        json.WriteString("type", NotificationTypes.NameOf(one.Kind));
        json.WriteIsoTime("created_at", one.CreatedAt);
        json.WriteString("group_key", GroupKey.Of(one, GroupKey.Grouped));
        json.WritePropertyName("account");
        AccountEntity.Write(json, shown.Actor, site);
        if (status is not null)
        {
            json.WritePropertyName("status");
            StatusEntity.Write(json, status, viewer, site);
        }

        WriteModeration(json, one, shown.Actor, shown.Report, site);
        json.WriteEndObject();
    }

    /// <summary>A <c>GroupedNotificationsResults</c>: accounts and statuses stand in it once each, and groups name them.</summary>
    /// <param name="arePartial">Of those who are not the first of a group, only the picture and the name.</param>
    public static void WriteGroups(
        Utf8JsonWriter json,
        IReadOnlyList<ShownGroup> groups,
        IReadOnlyDictionary<PostId, Status> statuses,
        bool arePartial,
        AccountId viewer,
        MastodonSite site
    )
    {
        var people = groups.SelectMany(group => group.Actors).DistinctBy(one => one.Id).ToList();
        var first = groups.Select(group => group.Actors[0].Id).ToHashSet();
        var whole = arePartial ? people.FindAll(one => first.Contains(one.Id)) : people;
        json.WriteStartObject();
        json.WritePropertyName("accounts");
        AccountEntity.WriteMany(json, whole, site);
        if (arePartial)
        {
            json.WritePropertyName("partial_accounts");
            json.WriteObjects(
                people.Except(whole),
                (into, account) => AccountEntity.WritePartial(into, account, site)
            );
        }

        json.WritePropertyName("statuses");
        StatusEntity.WriteMany(
            json,
            [
                .. groups
                    .Select(group => group.Post)
                    .Where(statuses.ContainsKey)
                    .Distinct()
                    .Select(post => statuses[post]),
            ],
            viewer,
            site
        );
        json.WritePropertyName("notification_groups");
        var oldest = groups.Count > 0 ? groups[^1].Newest.Id : default;
        json.WriteObjects(groups, (into, group) => WriteGroup(into, group, oldest, site));
        json.WriteEndObject();
    }

    /// <param name="oldest">Where the page ends: of what is below it, the next one may tell.</param>
    private static void WriteGroup(
        Utf8JsonWriter json,
        ShownGroup group,
        NotificationId oldest,
        MastodonSite site
    )
    {
        json.WriteString("group_key", group.Key);
        json.WriteNumber("notifications_count", group.Count);
        json.WriteString("type", NotificationTypes.NameOf(group.Kind));
        json.WriteNumber("most_recent_notification_id", group.Newest.Id.Value);
        json.WriteString("page_min_id", group.All.Last(one => one.Id >= oldest).Id.ToString());
        json.WriteString("page_max_id", group.Newest.Id.ToString());
        json.WriteIsoTime("latest_page_notification_at", group.Newest.CreatedAt);
        json.WriteStartArray("sample_account_ids");
        foreach (var actor in group.Actors)
        {
            json.WriteStringValue(actor.Id.ToString());
        }

        json.WriteEndArray();
        if (group.Post.Value != 0)
        {
            json.WriteTextId("status_id", group.Post);
        }
        else
        {
            json.WriteNull("status_id");
        }

        WriteModeration(json, group.Newest, group.Actors[0], group.Report, site);
    }

    /// <summary>What moderators are told, and what they did.</summary>
    /// <param name="actor">Of what was done to the reader, the reader.</param>
    private static void WriteModeration(
        Utf8JsonWriter json,
        Notification one,
        AccountCard actor,
        ToldReport? report,
        MastodonSite site
    )
    {
        if (report is not null)
        {
            json.WritePropertyName("report");
            ReportEntity.Write(json, report.Report, report.About, site);
        }

        if (one.Kind == NotificationKind.Moderation)
        {
            json.WriteStartObject("moderation_warning");
            json.WriteString("id", one.Id.ToString());
            json.WriteString("action", "suspend");
            // Why is written for moderators.
            json.WriteString("text", "");
            json.WriteEmptyArray("status_ids");
            json.WritePropertyName("target_account");
            AccountEntity.Write(json, actor, site);
            json.WriteNull("appeal");
            json.WriteIsoTime("created_at", one.CreatedAt);
            json.WriteEndObject();
        }
    }
}
