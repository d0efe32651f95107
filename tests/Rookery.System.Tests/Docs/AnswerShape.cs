using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>
/// Compares an answer with the one that the document shows. Ids are short in the document: each short one must stand for one real one
/// throughout. Times and tokens must look alike, counters must be numbers; all else must be the same.
/// </summary>
internal sealed partial class AnswerShape
{
    /// <summary>As a name: further fields. As a value: anything.</summary>
    private const string Elided = "…";

    private readonly Dictionary<string, string> _real = [];
    private readonly Dictionary<string, string> _shown = [];

    public void Check(JsonElement shown, JsonElement real, string where)
    {
        if (shown.ValueKind == JsonValueKind.String && shown.GetString() == Elided)
        {
            return;
        }

        switch (real.ValueKind)
        {
            case JsonValueKind.Object when shown.ValueKind == JsonValueKind.Object:
                CheckObject(shown, real, where);
                break;
            case JsonValueKind.Array when shown.ValueKind == JsonValueKind.Array:
                CheckArray(shown, real, where);
                break;
            case JsonValueKind.String or JsonValueKind.Number when IdOf(real) is { } id:
                AssertKind(shown, real, where);
                CheckId(TextOf(shown), id, where);
                break;
            case JsonValueKind.Number when where.EndsWith("_count", StringComparison.Ordinal):
                AssertKind(shown, real, where);
                break;
            default:
                AssertKind(shown, real, where);
                CheckText(TextOf(shown), TextOf(real), where);
                break;
        }
    }

    private void CheckObject(JsonElement shown, JsonElement real, string where)
    {
        var names = shown.EnumerateObject().Select(field => field.Name).ToList();
        var others = real.EnumerateObject().Select(field => field.Name).Except(names).ToList();
        Assert.True(
            names.Contains(Elided) || others.Count == 0,
            $"{where} has fields that are not shown: {string.Join(", ", others)}"
        );
        foreach (var name in names.Where(name => name != Elided))
        {
            Assert.True(real.TryGetProperty(name, out var value), $"{where} has no field {name}");
            Check(shown.GetProperty(name), value, $"{where}.{name}");
        }
    }

    private void CheckArray(JsonElement shown, JsonElement real, string where)
    {
        Assert.True(
            shown.GetArrayLength() == real.GetArrayLength(),
            $"{where} has {real.GetArrayLength()} entries: {real}"
        );
        foreach (var (index, pair) in shown.EnumerateArray().Zip(real.EnumerateArray()).Index())
        {
            Check(pair.First, pair.Second, $"{where}[{index}]");
        }
    }

    private void CheckId(string shown, string real, string where)
    {
        _real.TryAdd(shown, real);
        _shown.TryAdd(real, shown);
        Assert.True(
            _real[shown] == real && _shown[real] == shown,
            $"{where}: {shown} stands for {_real[shown]} elsewhere, and {real} is shown as {_shown[real]}"
        );
    }

    private void CheckText(string shown, string real, string where)
    {
        foreach (var form in new[] { IsoTime(), ClassicTime(), Token() })
        {
            if (form.IsMatch(shown))
            {
                Assert.Matches(form, real);
                return;
            }
        }

        var named = LongNumber()
            .Replace(real, number => _shown.GetValueOrDefault(number.Value, number.Value));
        Assert.True(shown == named, $"{where}: shown is\n{shown}\nand answered was\n{named}");
    }

    private static void AssertKind(JsonElement shown, JsonElement real, string where) =>
        Assert.True(
            shown.ValueKind == real.ValueKind,
            $"{where}: shown is {shown.GetRawText()}, and answered was {real.GetRawText()}"
        );

    private static string? IdOf(JsonElement value) =>
        TextOf(value) is var text && WholeId().IsMatch(text) ? text : null;

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    [GeneratedRegex("^[0-9]{16,19}$")]
    private static partial Regex WholeId();

    [GeneratedRegex("[0-9]{16,19}")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoTime();

    [GeneratedRegex(@"^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \+0000 \d{4}$")]
    private static partial Regex ClassicTime();

    [GeneratedRegex("^[A-Za-z0-9_-]{43}$")]
    private static partial Regex Token();
}
