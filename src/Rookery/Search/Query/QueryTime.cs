using System.Globalization;

namespace Rookery.Search;

/// <summary>
/// Moments in a query: a year, a month, a day or a time of ISO 8601, in UTC unless an offset stands behind the time. Each names a stretch from its first
/// moment to before the next of its kind: "2026-01-31" is a day, "2026-01-31T12:00Z" a minute.
/// </summary>
internal static class QueryTime
{
    private static readonly (string Format, Func<DateTimeOffset, DateTimeOffset> End)[] Formats =
    [
        ("yyyy", from => from.AddYears(1)),
        ("yyyy-M", from => from.AddMonths(1)),
        ("yyyy-M-d", from => from.AddDays(1)),
        ("yyyy-M-d'T'H:mm", from => from.AddMinutes(1)),
        ("yyyy-M-d'T'H:mmK", from => from.AddMinutes(1)),
        ("yyyy-M-d'T'H:mm:ss", from => from.AddSeconds(1)),
        ("yyyy-M-d'T'H:mm:ssK", from => from.AddSeconds(1)),
        ("yyyy-M-d'T'H:mm:ss.FFFFFFF", from => from.AddMilliseconds(1)),
        ("yyyy-M-d'T'H:mm:ss.FFFFFFFK", from => from.AddMilliseconds(1)),
    ];

    /// <summary>
    /// Posts of a stretch of time. "since:" begins with the named stretch; "after:" begins when it is over; "until:" and "before:" end before it begins; "during:" is the stretch itself. So
    /// "since:2026-01-01 until:2026-02-01" is January, as on Twitter, and "after:2026-01-31" begins with February, as on Mastodon.
    /// </summary>
    /// <returns>Null for what is no such operator or no time.</returns>
    public static SearchNode.Ids? Range(string name, string value)
    {
        if (Stretch(value) is not { } stretch)
        {
            return null;
        }

        return name switch
        {
            "since" => new SearchNode.Ids(At(stretch.From), PostId.Newest),
            "after" => new SearchNode.Ids(At(stretch.End), PostId.Newest),
            "during" => new SearchNode.Ids(At(stretch.From), At(stretch.End)),
            "until" or "before" => new SearchNode.Ids(new PostId(0), At(stretch.From)),
            _ => null,
        };
    }

    private static (DateTimeOffset From, DateTimeOffset End)? Stretch(string value)
    {
        foreach (var (format, end) in Formats)
        {
            if (
                DateTimeOffset.TryParseExact(
                    value,
                    format,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var from
                )
            )
            {
                // The last year has no next.
                return from.Year < 9999 ? (from, end(from)) : (from, from);
            }
        }

        return null;
    }

    /// <summary>The least id of a moment. Before the first id there is none, and nothing is after the last.</summary>
    private static PostId At(DateTimeOffset moment)
    {
        if (moment <= Snowflake.Epoch)
        {
            return new PostId(0);
        }

        return moment >= Snowflake.TimeOf(long.MaxValue)
            ? PostId.Newest
            : new PostId(Snowflake.FloorAt(moment));
    }
}
