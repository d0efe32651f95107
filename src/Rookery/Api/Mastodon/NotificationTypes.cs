using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>What Mastodon's clients call the kinds. Whoever is answered is mentioned there.</summary>
internal static class NotificationTypes
{
    private static readonly Dictionary<string, NotificationKind[]> _kinds = new(
        StringComparer.Ordinal
    )
    {
        ["follow"] = [NotificationKind.Follow],
        ["mention"] = [NotificationKind.Mention, NotificationKind.Reply],
        ["reblog"] = [NotificationKind.Repost],
        ["favourite"] = [NotificationKind.Like],
        ["status"] = [NotificationKind.Status],
        ["follow_request"] = [NotificationKind.FollowRequest],
        ["moderation_warning"] = [NotificationKind.Moderation],
        ["admin.report"] = [NotificationKind.Report],
    };

    /// <summary>More than there are names.</summary>
    private const int MostNames = 50;

    public const string Types = "types";
    public const string Excluded = "exclude_types";
    public const string Grouped = "grouped_types";
    private const string Account = "account_id";

    /// <summary>What the next page of a list needs again.</summary>
    public static IReadOnlyList<string> Kept { get; } =
    [Types, $"{Types}[]", Excluded, $"{Excluded}[]", Account];

    public static IReadOnlyList<FieldDoc> Fields { get; } =
    [
        Named(
            Types,
            "Only these, as `types[]` for each: `follow`, `mention`, `reblog`, `favourite`, `status`, `follow_request`, `moderation_warning`, `admin.report` (for moderators)."
        ),
        Named(Excluded, "Not these, as `exclude_types[]`."),
        SearchDoc.Lenient(Account, FieldType.Id, "Only what this account did."),
    ];

    /// <summary>Some of the types.</summary>
    public static FieldDoc Named(string name, string description) =>
        SearchDoc.Lenient(name, FieldType.Names, description) with
        {
            Max = MostNames,
        };

    public static string NameOf(NotificationKind kind) =>
        _kinds.First(one => one.Value.Contains(kind)).Key;

    /// <summary>Names that nobody knows are of nothing.</summary>
    public static NotificationFilter FilterIn(LenientFields fields)
    {
        var wanted = fields.Texts(Types, MostNames);
        var kinds = (wanted.Count > 0 ? KindsOf(wanted) : _kinds.Values.SelectMany(one => one))
            .Except(KindsOf(fields.Texts(Excluded, MostNames)))
            .ToHashSet();
        return new NotificationFilter(kinds, fields.Account(Account));
    }

    /// <summary>Which kinds are grouped; where nothing is said, all that can be.</summary>
    public static IReadOnlySet<NotificationKind> GroupedIn(LenientFields fields) =>
        fields.Texts(Grouped, MostNames) is { Count: > 0 } named
            ? KindsOf(named).ToHashSet()
            : GroupKey.Grouped;

    private static IEnumerable<NotificationKind> KindsOf(IEnumerable<string> names) =>
        names.SelectMany(name => _kinds.GetValueOrDefault(name, []));
}
