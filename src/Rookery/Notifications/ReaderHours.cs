using System.Globalization;

namespace Rookery.Notifications;

/// <summary>When a digest is due.</summary>
/// <param name="Period">Of what it is the only one: <c>2026-11-30</c>, or <c>2026-W49</c> where it comes once a week. Stands on the disk.</param>
public readonly record struct DigestTime(DateTimeOffset At, string Period);

/// <summary>When a reader wants to hear of something.</summary>
/// <param name="Zone">Whose clocks count, as IANA calls them; empty where none was chosen.</param>
/// <param name="QuietFrom">As <paramref name="QuietTo"/>: there are no quiet hours.</param>
/// <param name="DigestDay">Null: every day.</param>
/// <param name="DigestHour">0 to 23.</param>
public sealed record ReaderHours(
    string Zone,
    TimeOnly QuietFrom,
    TimeOnly QuietTo,
    DayOfWeek? DigestDay,
    int DigestHour
)
{
    /// <summary>Whoever has chosen nothing finds the digest before work, by the clocks of nobody in particular.</summary>
    public static readonly ReaderHours Unchosen = new("", default, default, null, 8);

    private const int DaysOfTwoWeeks = 15;

    public QuietHours Quiet =>
        QuietFrom == QuietTo ? QuietHours.None : new(QuietFrom, QuietTo, Clocks);

    /// <summary>UTC also where this machine does not know them any more: a digest at the wrong hour is better than none.</summary>
    private TimeZoneInfo Clocks =>
        Zone.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var known)
            ? known
            : TimeZoneInfo.Utc;

    /// <summary>When the next digest is due at <paramref name="now"/> or later.</summary>
    /// <param name="had">The periods that have had theirs.</param>
    public DigestTime NextDigest(DateTimeOffset now, IReadOnlySet<string> had)
    {
        var clocks = Clocks;
        var today = LocalClock.DateAt(clocks, now);
        for (var days = 0; days <= DaysOfTwoWeeks; days++)
        {
            var date = today.AddDays(days);
            if (DigestDay is { } day && date.DayOfWeek != day)
            {
                continue;
            }

            var due = new DigestTime(
                LocalClock.First(clocks, date, new TimeOnly(DigestHour, 0)),
                PeriodOf(date)
            );
            if (due.At >= now && !had.Contains(due.Period))
            {
                return due;
            }
        }

        throw new InvalidOperationException(
            $"All days from {today} on are said to have had their digest: {string.Join(", ", had)}."
        );
    }

    private string PeriodOf(DateOnly date)
    {
        if (DigestDay is null)
        {
            return date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        var day = date.ToDateTime(default);
        return $"{ISOWeek.GetYear(day):D4}-W{ISOWeek.GetWeekOfYear(day):D2}";
    }
}
