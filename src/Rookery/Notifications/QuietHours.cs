namespace Rookery.Notifications;

/// <summary>
/// From when to when, every day by the clocks of a place, a reader is not to be disturbed; over midnight where it ends before it begins. A night in which the clocks change is as long as they make
/// it: what they show twice is quiet both times, and what they leave out ends where they go on.
/// </summary>
/// <param name="Zone">Null: there are none.</param>
public readonly record struct QuietHours(TimeOnly From, TimeOnly To, TimeZoneInfo? Zone)
{
    public static readonly QuietHours None;

    /// <summary>When they end in which <paramref name="moment"/> is; null where it is in none, as is the moment itself at which they end.</summary>
    public DateTimeOffset? EndsAfter(DateTimeOffset moment)
    {
        if (Zone is not { } zone || From == To)
        {
            return null;
        }

        var today = LocalClock.DateAt(zone, moment);
        var nights = To < From ? 1 : 0;
        for (var ago = 1; ago >= 0; ago--)
        {
            var day = today.AddDays(-ago);
            var end = LocalClock.Last(zone, day.AddDays(nights), To);
            if (LocalClock.First(zone, day, From) <= moment && moment < end)
            {
                return end;
            }
        }

        return null;
    }
}
