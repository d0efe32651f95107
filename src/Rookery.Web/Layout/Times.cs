using System.Globalization;

namespace Rookery.Web.Layout;

/// <summary>Moments as programs read them; how people do is <see cref="Languages.Words"/>.</summary>
internal static class Times
{
    public static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Where the hour is not known.</summary>
    public static string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
