using System.Text.RegularExpressions;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>A statement in PostgreSQL's words and with <c>$1</c> for its first name, so that it is read once here and once by the server.</summary>
/// <param name="ForRows">As it is for many rows, whose columns are its arguments; null where it does not insert one row.</param>
internal sealed partial record PostgresStatement(string Text, int Parameters, string? ForRows)
{
    public static PostgresStatement Of(string sql, IReadOnlyList<string> names)
    {
        var text = PostgresWords.Translate(sql);
        // The longest first: one name may begin with another.
        foreach (var (place, name) in names.Index().OrderByDescending(one => one.Item.Length))
        {
            text = text.Replace(name, $"${place + 1}", StringComparison.Ordinal);
        }

        return new PostgresStatement(text, names.Count, OfRows(text, names.Count));
    }

    private static string? OfRows(string text, int parameters)
    {
        if (parameters == 0)
        {
            return null;
        }

        var columns = Enumerable.Range(1, parameters).ToList();
        var arrays = string.Join(", ", columns.Select(column => $"${column}"));
        var names = string.Join(", ", columns.Select(column => $"c{column}"));
        var rows = $"unnest({arrays}) AS r({names})";
        string Of(Group part) => Place().Replace(part.Value, "r.c$1");
        if (InsertOfValues().Match(text) is { Success: true } values)
        {
            return $"{values.Groups["into"]}SELECT {Of(values.Groups["values"])} FROM {rows}{values.Groups["rest"]}";
        }

        return InsertOfRow().Match(text) is { Success: true } select
            ? $"{select.Groups["into"]}{Of(select.Groups["select"])}, {rows} WHERE {Of(select.Groups["rest"])}"
            : null;
    }

    [GeneratedRegex(
        @"^(?<into>\s*INSERT INTO \w+ \([^()]*\)\s+)VALUES \((?<values>[^()]*)\)(?<rest>.*)$",
        RegexOptions.Singleline
    )]
    private static partial Regex InsertOfValues();

    [GeneratedRegex(
        @"^(?<into>\s*INSERT INTO \w+ \([^()]*\)\s+)(?<select>SELECT [^()]* FROM \w+) WHERE (?<rest>.*)$",
        RegexOptions.Singleline
    )]
    private static partial Regex InsertOfRow();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Place();
}

/// <summary>Rows for one statement, column by column.</summary>
internal sealed class PostgresRows(string text, int columns)
{
    private readonly List<object[]> _rows = [];

    public string Text => text;

    public NpgsqlBatchCommand Command { get; } = new(text);

    public void Add(ReadOnlySpan<object> row)
    {
        foreach (var value in row)
        {
            // Now, when it is known whose it is, and not when it is sent.
            _ =
                value
                ?? throw new InvalidOperationException($"No statement here takes NULL: {text}");
        }

        _rows.Add(row.ToArray());
    }

    /// <summary>No more will come.</summary>
    public void Close()
    {
        for (var column = 0; column < columns; column++)
        {
            Command.Parameters.Add(
                _rows[0][column] switch
                {
                    long => Parameter<long>(column),
                    string => Parameter<string>(column),
                    byte[] => Parameter<byte[]>(column),
                    var other => throw new InvalidOperationException(
                        $"No rows are made of {other.GetType()}."
                    ),
                }
            );
        }
    }

    private NpgsqlParameter<T[]> Parameter<T>(int column) =>
        new() { TypedValue = [.. _rows.Select(row => (T)row[column])] };
}
