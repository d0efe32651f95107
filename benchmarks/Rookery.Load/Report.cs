using System.Globalization;

namespace Rookery.Load;

/// <summary>Lines of what was measured beside what was aimed at.</summary>
internal static class Report
{
    public static void Line(string what, FormattableString measured, string target = "") =>
        Console.WriteLine(
            $"{what, -44} {measured.ToString(CultureInfo.InvariantCulture), -64} {target}"
        );

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
