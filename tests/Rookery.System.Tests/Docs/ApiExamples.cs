using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rookery.SystemTests.Docs;

/// <summary>What one call of the document answers: the status, and the body as it is shown.</summary>
internal sealed record ShownAnswer(int Status, JsonElement Body);

/// <summary>The examples of docs/api.md: each block of calls is followed by a block of their answers.</summary>
internal sealed partial record ApiExamples(string Script, IReadOnlyList<ShownAnswer> Answers)
{
    public static ApiExamples Read(string markdown)
    {
        var script = new StringBuilder();
        var answers = new List<ShownAnswer>();
        foreach (Match block in Blocks().Matches(markdown))
        {
            var text = block.Groups["text"].Value;
            if (block.Groups["kind"].Value == "bash")
            {
                script.AppendLine(text);
            }
            else
            {
                answers.AddRange(AnswerStarts().Split(text).Where(IsNotBlank).Select(Parse));
            }
        }

        return new ApiExamples(script.ToString(), answers);
    }

    private static bool IsNotBlank(string text) => !string.IsNullOrWhiteSpace(text);

    private static ShownAnswer Parse(string text) =>
        new(
            int.Parse(text.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture),
            ReadBody(text[4..])
        );

    /// <summary>A stream is read as the events that it has.</summary>
    public static JsonElement ReadBody(string body)
    {
        if (!body.StartsWith(':'))
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }

        var lines = body.Split('\n', StringSplitOptions.TrimEntries);
        return JsonSerializer.SerializeToElement(
            After("event: ")
                .Zip(After("data: "))
                .Select(one => new
                {
                    name = one.First,
                    data = JsonSerializer.Deserialize<JsonElement>(one.Second),
                })
        );

        IEnumerable<string> After(string key) =>
            lines
                .Where(line => line.StartsWith(key, StringComparison.Ordinal))
                .Select(line => line[key.Length..]);
    }

    [GeneratedRegex(
        "^```(?<kind>bash|text)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Blocks();

    [GeneratedRegex("^(?=[1-5][0-9]{2} )", RegexOptions.Multiline)]
    private static partial Regex AnswerStarts();
}
