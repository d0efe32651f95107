namespace Rookery.Server.Commands.Import;

/// <summary>Which column of a file, or which field of its JSON objects (dots lead into inner objects), holds what.</summary>
internal sealed record ImportColumns(
    string? Text = null,
    string? User = null,
    string? Date = null,
    string? Id = null,
    string? Url = null
)
{
    public const string Example = "--columns text=body,user=author,date=created_at";

    private const string Right =
        $"it is said like {Example}, with id= and url= where the file has them";

    /// <summary>No columns for null.</summary>
    public static Result<ImportColumns> Parse(string? list)
    {
        var columns = new ImportColumns();
        foreach (var pair in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var column = pair[(equals + 1)..].Trim();
            var next =
                equals > 0 && column.Length > 0
                    ? columns.With(pair[..equals].Trim(), column)
                    : null;
            if (next is null)
            {
                return Problem.Invalid(
                    "columns",
                    $"\"{pair}\" in --columns says nothing: {Right}."
                );
            }

            columns = next;
        }

        return columns;
    }

    private ImportColumns? With(string what, string column) =>
        what switch
        {
            "text" => this with { Text = column },
            "user" => this with { User = column },
            "date" => this with { Date = column },
            "id" => this with { Id = column },
            "url" => this with { Url = column },
            _ => null,
        };
}
