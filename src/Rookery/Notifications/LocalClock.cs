namespace Rookery.Notifications;

/// <summary>When a time of a place's clocks is. Where they are put forward it may not be at all, and where they are put back it is twice.</summary>
internal static class LocalClock
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static DateOnly DateAt(TimeZoneInfo zone, DateTimeOffset moment) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>The first moment of that time, or the first behind it that the clocks show.</summary>
    public static DateTimeOffset First(TimeZoneInfo zone, DateOnly date, TimeOnly time)
    {
        var local = Shown(zone, date.ToDateTime(time));
        return new DateTimeOffset(
            local,
            zone.IsAmbiguousTime(local)
                ? zone.GetAmbiguousTimeOffsets(local).Max()
                : zone.GetUtcOffset(local)
        );
    }

    /// <summary>The last moment of that time, else as <see cref="First"/>.</summary>
    public static DateTimeOffset Last(TimeZoneInfo zone, DateOnly date, TimeOnly time)
    {
        var local = Shown(zone, date.ToDateTime(time));
        return new DateTimeOffset(
            local,
            zone.IsAmbiguousTime(local)
                ? zone.GetAmbiguousTimeOffsets(local).Min()
                : zone.GetUtcOffset(local)
        );
    }

    /// <summary>Clocks are put forward by whole minutes, and by an hour nearly everywhere.</summary>
    private static DateTime Shown(TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local += Minute;
        }

        return local;
    }
}
