using System.Globalization;

namespace Rookery.Web.Languages;

/// <summary>Numbers and moments, put together from the language's own texts: all that a culture of the system would add is when it changes.</summary>
public sealed partial class Words
{
    private readonly string[] _months;
    private readonly string[] _monthsShort;

    /// <summary>At most four digits and signs: 999, 1.2k, 12k, 3.4M. Never rounded up.</summary>
    public string Shortened(long count) =>
        count switch
        {
            < 1_000 => Digits(count),
            < 1_000_000 => NumberThousands(Tenths(count, 1_000)),
            _ => NumberMillions(Tenths(count, 1_000_000)),
        };

    public string Exact(long count) =>
        count
            .ToString("N0", CultureInfo.InvariantCulture)
            .Replace(",", NumberGroup, StringComparison.Ordinal);

    /// <summary>With the minute, as UTC has it.</summary>
    public string Moment(DateTimeOffset at) =>
        MomentOfDay(Day(at), at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture));

    public string Day(DateTimeOffset at) => Date(_texts["TimeDayOfPast"], at.UtcDateTime, _months);

    /// <summary>How long it is past; its day where that is more than a week. The script goes on with it in the same words.</summary>
    public string Ago(DateTimeOffset at, DateTimeOffset now) =>
        (now - at) switch
        {
            { TotalSeconds: < 60 } => _texts["TimeNow"],
            { TotalMinutes: < 60 } past => Past("TimeMinutes", past.TotalMinutes),
            { TotalHours: < 24 } past => Past("TimeHours", past.TotalHours),
            { TotalDays: < 7 } past => Past("TimeDays", past.TotalDays),
            _ => Date(
                _texts[
                    at.UtcDateTime.Year == now.UtcDateTime.Year ? "TimeDayOfYear" : "TimeDayOfPast"
                ],
                at.UtcDateTime,
                _monthsShort
            ),
        };

    private string Past(string key, double count) =>
        Filled(_texts[key], "count", Digits((long)count));

    private static string Date(string text, DateTime at, string[] months) =>
        Filled(
            Filled(Filled(text, "day", Digits(at.Day)), "month", months[at.Month - 1]),
            "year",
            Digits(at.Year)
        );

    private string Tenths(long count, long unit) =>
        count < 10 * unit && count / (unit / 10) % 10 is > 0 and var tenths
            ? $"{Digits(count / unit)}{NumberPoint}{Digits(tenths)}"
            : Digits(count / unit);

    private static string Digits(long count) => count.ToString(CultureInfo.InvariantCulture);
}
