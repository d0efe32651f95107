using System.Globalization;

namespace Rookery.Web.Layout;

internal static class Numbers
{
    /// <summary>At most four signs: 999, 1.2k, 12k, 3.4M. Never rounded up.</summary>
    public static string Short(long count) =>
        count switch
        {
            < 1_000 => count.ToString(CultureInfo.InvariantCulture),
            < 1_000_000 => Of(count, 1_000, "k"),
            _ => Of(count, 1_000_000, "M"),
        };

    public static string Exact(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Of(long count, long unit, string sign) =>
        count < 10 * unit && count / (unit / 10) % 10 != 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{count / unit}.{count / (unit / 10) % 10}{sign}"
            )
            : string.Create(CultureInfo.InvariantCulture, $"{count / unit}{sign}");
}
