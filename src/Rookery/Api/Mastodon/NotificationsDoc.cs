namespace Rookery.Api.Mastodon;

/// <summary>How the routes of notifications are described.</summary>
internal static class NotificationsDoc
{
    public const int DefaultLimit = 40;
    public const int MaxLimit = 80;
    public const int DefaultCount = 100;
    public const int MaxCount = 1_000;
    public const string Limit = "limit";

    public const string One =
        $$"""{"id":"2714000000000001","type":"favourite","created_at":"2026-01-02T03:04:05.678Z","group_key":"favourite-987-40912","account":{{SearchDoc.Account}},"status":{{SearchDoc.Status}}}""";

    public const string Groups =
        $$"""{"accounts":[{{SearchDoc.Account}}],"statuses":[{{SearchDoc.Status}}],"notification_groups":[{"group_key":"favourite-987-40912","notifications_count":3,"type":"favourite","most_recent_notification_id":2714000000000001,"page_min_id":"2714000000000001","page_max_id":"2714000000000001","latest_page_notification_at":"2026-01-02T03:04:05.678Z","sample_account_ids":["456"],"status_id":"987"}]}""";

    public static FieldDoc Count { get; } =
        SearchDoc.Lenient(
            Limit,
            FieldType.Integer,
            $"Beyond how many nobody counts; {DefaultCount} when not given, {MaxCount} at most."
        );

    public static FieldDoc Id { get; } = new("id", FieldType.Id, FieldPlace.Path, "Which.");

    public static FieldDoc Key { get; } =
        new(
            "group_key",
            FieldType.Text,
            FieldPlace.Path,
            "Which group, as lists name it.",
            true,
            1,
            100
        );

    public static FieldDoc GroupedTypes { get; } =
        NotificationTypes.Named(
            NotificationTypes.Grouped,
            "Which are grouped, as `grouped_types[]`; `favourite`, `follow` and `reblog` when not given, and no others can be."
        );

    public static RouteDoc Of(
        string summary,
        IEnumerable<FieldDoc> fields,
        params AnswerDoc[] answers
    ) =>
        new(summary, AuthKind.Token)
        {
            Fields = [.. fields, MastodonRoutes.Token],
            Answers = answers,
        };
}
