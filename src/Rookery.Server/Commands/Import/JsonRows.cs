using System.Text.Json;

namespace Rookery.Server.Commands.Import;

/// <summary>Reads JSON lines: one object a line. Where no columns are named, the usual names of such files are looked for.</summary>
internal static class JsonRows
{
    private static readonly string[] TextNames = ["text", "full_text", "content", "body"];
    private static readonly string[] UserNames =
    [
        "user",
        "username",
        "screen_name",
        "user.screen_name",
        "author",
    ];
    private static readonly string[] DateNames = ["date", "created_at", "time", "timestamp"];
    private static readonly string[] IdNames = ["id_str", "id"];
    private static readonly string[] UrlNames = ["url"];

    public static IEnumerable<SourceRow> Read(TextReader text, ImportColumns columns)
    {
        for (var line = 1L; text.ReadLine() is { } raw; line++)
        {
            if (!string.IsNullOrWhiteSpace(raw))
            {
                yield return Parse(line, raw, columns);
            }
        }
    }

    private static SourceRow Parse(long line, string raw, ImportColumns columns)
    {
        try
        {
            using var json = JsonDocument.Parse(raw);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return SourceRow.Refused(line, "the line is JSON, but no object");
            }

            var root = json.RootElement;
            return new SourceRow(
                line,
                Find(root, columns.Text, TextNames),
                Find(root, columns.User, UserNames),
                Find(root, columns.Date, DateNames),
                Find(root, columns.Id, IdNames),
                Find(root, columns.Url, UrlNames)
            );
        }
        catch (JsonException)
        {
            return SourceRow.Refused(line, "the line is no JSON object");
        }
        catch (InvalidOperationException)
        {
            // The only value of a known kind that cannot be read is a string with half of a surrogate pair.
            return SourceRow.Refused(line, "the line holds half of a surrogate pair");
        }
    }

    private static string? Find(JsonElement root, string? column, string[] usual)
    {
        foreach (var path in column is null ? usual : [column])
        {
            if (Value(root, path) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private static string? Value(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (
                element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty(name, out element)
            )
            {
                return null;
            }
        }

        return element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
    }
}
