using System.Text.Json.Serialization;

namespace Rookery.Moderation;

/// <summary>A member told the moderators something new. Names those whom it is told to: who was one then, but for the reporter, at most <see cref="MaxModerators"/>.</summary>
public sealed record ReportFiled(
    ReportId Report,
    AccountId Reporter,
    IReadOnlyList<AccountId> Moderators
) : DomainEvent
{
    /// <summary>Some kilobytes of JSON; no server needs more of them.</summary>
    public const int MaxModerators = 200;
}

/// <summary>These reports are gone with an account, at most <see cref="MaxReports"/> in one event.</summary>
public sealed record ReportsRemoved(IReadOnlyList<ReportId> Reports) : DomainEvent
{
    /// <summary>20 KB of JSON: small enough for a broker's message.</summary>
    public const int MaxReports = 1000;
}

[JsonSerializable(typeof(ReportFiled))]
[JsonSerializable(typeof(ReportsRemoved))]
internal sealed partial class ReportEventsJson : JsonSerializerContext;

/// <summary>They stand in the outbox of accounts, beside the reports.</summary>
public static class ReportEvents
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new("report.filed", 1, ReportEventsJson.Default.ReportFiled),
        new("report.removed", 1, ReportEventsJson.Default.ReportsRemoved),
    ];
}
