using System.Text.Json;
using Rookery.Accounts;
using Rookery.Moderation;

namespace Rookery.Api.Mastodon;

/// <summary>Writes a report as Mastodon's <c>Report</c>.</summary>
internal static class ReportEntity
{
    public static void Write(
        Utf8JsonWriter json,
        Report report,
        AccountCard account,
        MastodonSite site
    )
    {
        json.WriteStartObject();
        json.WriteString("id", report.Id.ToString());
        json.WriteBoolean("action_taken", report.Resolution is not null);
        if (report.Resolution is { } resolution)
        {
            json.WriteIsoTime("action_taken_at", resolution.At);
        }
        else
        {
            json.WriteNull("action_taken_at");
        }

        json.WriteString("category", ReportCategories.NameOf(report.Category));
        json.WriteString("comment", report.Comment);
        json.WriteBoolean("forwarded", false);
        json.WriteIsoTime("created_at", report.CreatedAt);
        json.WriteStartArray("status_ids");
        foreach (var post in report.Posts)
        {
            json.WriteStringValue(post.ToString());
        }

        json.WriteEndArray();
        json.WriteNull("rule_ids");
        json.WriteNull("collection_ids");
        json.WritePropertyName("target_account");
        AccountEntity.Write(json, account, site);
        json.WriteEndObject();
    }
}
