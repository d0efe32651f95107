using System.Globalization;

namespace Rookery.Web.Layout;

/// <summary>Moments as people read them: how long ago, and beside it when exactly.</summary>
internal static class Times
{
    public static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Long(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Where the hour is not known.</summary>
    public static string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Ago(DateTimeOffset at, DateTimeOffset now) =>
        (now - at) switch
        {
            { TotalSeconds: < 60 } => "now",
            { TotalMinutes: < 60 } past => $"{(int)past.TotalMinutes} min",
            { TotalHours: < 24 } past => $"{(int)past.TotalHours} h",
            { TotalDays: < 7 } past => $"{(int)past.TotalDays} d",
            _ => at.UtcDateTime.ToString(
                at.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM" : "d MMM yyyy",
                CultureInfo.InvariantCulture
            ),
        };
}
