using System.Globalization;

namespace Rookery.Server.Commands.Import;

/// <summary>Reads the dates that exported posts come with. Where no zone is said, it is UTC.</summary>
internal static class ImportDate
{
    public const string Right =
        "2017-08-27T00:05:34Z, 2017-08-27 00:05:34, 8/27/17 0:05, Sun Aug 27 00:05:34 +0000 2017, or seconds or milliseconds since 1970";

    /// <summary>Larger numbers are milliseconds: as seconds they would be after the year 5000, as milliseconds they are before 1974.</summary>
    private const long LargestSeconds = 100_000_000_000;

    private const long LargestMilliseconds = 253_402_300_799_999;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss zzz",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd",
        "M/d/yy H:mm",
        "M/d/yy H:mm:ss",
        "M/d/yyyy H:mm",
        "M/d/yyyy H:mm:ss",
        "ddd MMM dd HH:mm:ss zzz yyyy",
    ];

    public static bool TryParse(string? text, out DateTimeOffset date)
    {
        var trimmed = text.AsSpan().Trim();
        return long.TryParse(
            trimmed,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? TryUnix(number, out date)
            : DateTimeOffset.TryParseExact(
                trimmed,
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out date
            );
    }

    private static bool TryUnix(long number, out DateTimeOffset date)
    {
        var milliseconds = number <= LargestSeconds ? number * 1000 : number;
        var known = milliseconds <= LargestMilliseconds;
        date = known ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return known;
    }
}
