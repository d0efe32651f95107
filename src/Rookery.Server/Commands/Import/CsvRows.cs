namespace Rookery.Server.Commands.Import;

/// <summary>Reads the rows of a CSV file whose first record names its columns.</summary>
internal static class CsvRows
{
    public static Result<SourceRows> Read(TextReader text, ImportColumns columns)
    {
        var csv = new CsvReader(text);
        var header = new List<string>();
        if (!csv.Read(header))
        {
            return Problem.Invalid("file", "The file is empty.");
        }

        var places = new Places(
            Find(header, columns.Text ?? "text"),
            Find(header, columns.User ?? "user"),
            Find(header, columns.Date ?? "date"),
            Find(header, columns.Id ?? "id"),
            Find(header, columns.Url ?? "url")
        );
        return Missing(columns, places) is { } missing
            ? Problem.Invalid(
                "columns",
                $"The file has no column {missing}; it has {string.Join(", ", header)}. Say which of them is what, like {ImportColumns.Example}."
            )
            : new SourceRows(Rows(csv, places));
    }

    private static string? Missing(ImportColumns columns, Places places) =>
        places.Text < 0 ? columns.Text ?? "text"
        : places.User < 0 ? columns.User ?? "user"
        : places.Date < 0 ? columns.Date ?? "date"
        : places.Id < 0 && columns.Id is { } id ? id
        : places.Url < 0 && columns.Url is { } url ? url
        : null;

    private static IEnumerable<SourceRow> Rows(CsvReader csv, Places places)
    {
        var fields = new List<string>();
        while (csv.Read(fields))
        {
            yield return places.Last < fields.Count
                ? new SourceRow(
                    csv.Line,
                    fields[places.Text],
                    fields[places.User],
                    fields[places.Date],
                    places.Id < 0 ? null : fields[places.Id],
                    places.Url < 0 ? null : fields[places.Url]
                )
                : SourceRow.Refused(
                    csv.Line,
                    $"the record has {fields.Count} fields and needs {places.Last + 1}"
                );
        }
    }

    private static int Find(List<string> header, string column) =>
        header.FindIndex(name => name.Trim().Equals(column, StringComparison.OrdinalIgnoreCase));

    private sealed record Places(int Text, int User, int Date, int Id, int Url)
    {
        public int Last { get; } = new[] { Text, User, Date, Id, Url }.Max();
    }
}
