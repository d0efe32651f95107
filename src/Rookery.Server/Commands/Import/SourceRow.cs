namespace Rookery.Server.Commands.Import;

/// <summary>A post as its file has it, or why the row is none.</summary>
internal sealed record SourceRow(
    long Line,
    string? Text,
    string? User,
    string? Date,
    string? Id,
    string? Url,
    string? Refusal = null
)
{
    public static SourceRow Refused(long line, string why) =>
        new(line, null, null, null, null, null, why);
}

/// <summary>The rows of a file, read while they are asked for.</summary>
internal sealed record SourceRows(IEnumerable<SourceRow> All)
{
    /// <summary>JSON lines or CSV, told apart by the first sign.</summary>
    public static Result<SourceRows> Of(TextReader text, ImportColumns columns) =>
        text.Peek() == '{'
            ? new SourceRows(JsonRows.Read(text, columns))
            : CsvRows.Read(text, columns);
}
