namespace Rookery.Moderation;

public enum ReportCategory
{
    Other = 0,
    Spam = 1,
    Legal = 2,

    /// <summary>Of the rules of the server.</summary>
    Violation = 3,
}

/// <summary>What a member told moderators about an account and perhaps some of its posts.</summary>
/// <param name="Posts">By the reported account, when they were reported; in the order of their ids.</param>
/// <param name="Resolution">Null while the report is open.</param>
public sealed record Report(
    ReportId Id,
    AccountId Reporter,
    AccountId Account,
    ReportCategory Category,
    string Comment,
    IReadOnlyList<PostId> Posts,
    DateTimeOffset CreatedAt,
    Resolution? Resolution
);

/// <summary>Who looked at a report, and what came of it.</summary>
public sealed record Resolution(DateTimeOffset At, AccountId By, string Note);

/// <summary>What categories are called in requests and answers.</summary>
internal static class ReportCategories
{
    private static readonly string[] _names = ["other", "spam", "legal", "violation"];

    public static string Listed => $"{string.Join(", ", _names[..^1])} or {_names[^1]}";

    public static string NameOf(ReportCategory category) => _names[(int)category];

    /// <summary>Null for what is none.</summary>
    public static ReportCategory? Parse(string name) =>
        Array.IndexOf(_names, name) is >= 0 and var place ? (ReportCategory)place : null;
}
