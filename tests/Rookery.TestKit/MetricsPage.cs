using System.Globalization;
using System.Net.Http.Headers;

namespace Rookery.TestKit;

/// <summary>What <c>/metrics</c> answered.</summary>
internal sealed class MetricsPage(string text)
{
    private readonly string[] _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string Text => text;

    /// <summary>The names with their kinds, as <c>name kind</c>, in order.</summary>
    public IReadOnlyList<string> Families =>
        [
            .. _lines
                .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
                .Select(line => line["# TYPE ".Length..]),
        ];

    /// <summary>The value of a series, written as in the text; null where there is none.</summary>
    public double? this[string series] =>
        _lines.FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal))
            is { } found
            ? double.Parse(found.AsSpan(series.Length + 1), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The lines of values, with whatever labels, of a name.</summary>
    public IEnumerable<string> LinesOf(string name) =>
        _lines.Where(line =>
            line.StartsWith(name + "{", StringComparison.Ordinal)
            || line.StartsWith(name + " ", StringComparison.Ordinal)
        );

    public static async Task<MetricsPage> ReadAsync(
        HttpClient http,
        string key,
        CancellationToken stop
    )
    {
        using var answer = await AskAsync(http, key, stop);
        answer.EnsureSuccessStatusCode();
        return new MetricsPage(await answer.Content.ReadAsStringAsync(stop));
    }

    public static async Task<HttpResponseMessage> AskAsync(
        HttpClient http,
        string? key,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = key is null
            ? null
            : new AuthenticationHeaderValue("Bearer", key);
        return await http.SendAsync(request, stop);
    }
}
