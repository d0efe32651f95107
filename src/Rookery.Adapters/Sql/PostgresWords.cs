using System.Text.RegularExpressions;

namespace Rookery.Adapters.Sql;

/// <summary>The statements of the stores in PostgreSQL's words. They are written once, for SQLite, in what both understand but for these few.</summary>
internal static partial class PostgresWords
{
    private const string LastSequence = "SELECT sequence FROM last_issued WHERE id = 1";

    public static string Translate(string sqlite)
    {
        var sql = sqlite.Replace(
            SqlOutboxStore.SelectLastSequence,
            LastSequence,
            StringComparison.Ordinal
        );
        sql = Lists().Replace(sql, OpenList);
        sql = Largest().Replace(sql, "greatest(");
        sql = Joined().Replace(sql, "string_agg(");
        return IndexHint().Replace(sql, "");
    }

    // Places count from 0, as in JSON. The alias stands behind it, or the list is the whole of a sub-select.
    private static string OpenList(Match list)
    {
        var alias = list.Groups["alias"] is { Success: true, Value: var named } ? named : "j";
        return $"(SELECT value, place - 1 AS key FROM unnest({list.Groups["list"].Value}) WITH ORDINALITY AS u(value, place)) {alias}";
    }

    [GeneratedRegex(
        @"json_each\((?<list>@\w+)\)(?:[ ]+(?!WHERE\b|JOIN\b|LEFT\b|ORDER\b)(?<alias>[a-z]\w*))?"
    )]
    private static partial Regex Lists();

    // The larger of two values, not an aggregate: its first argument is 0 or a sub-select.
    [GeneratedRegex(@"\bmax\((?=0,|\(SELECT)")]
    private static partial Regex Largest();

    [GeneratedRegex(@"\bgroup_concat\(")]
    private static partial Regex Joined();

    [GeneratedRegex(@"[ ]INDEXED BY \w+")]
    private static partial Regex IndexHint();
}
