using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>What a server answered: a status and JSON.</summary>
internal sealed record Answer(int Status, JsonElement Json)
{
    /// <summary>The first value of each header.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>();

    public bool Succeeded => Status is >= 200 and < 300;

    public Answer Require(int status) =>
        Status == status
            ? this
            : throw new BrokenPromiseException(
                Promise.TheAnswerIsRight,
                $"Expected {status}, got {Status}: {Json}"
            );

    /// <summary>An id, as number or as string.</summary>
    public long Id(string name) => IdOf(Json.GetProperty(name));

    public static long IdOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture)
            : value.GetInt64();
}

/// <summary>One kind of caller: a base address and a bearer token.</summary>
internal sealed class Caller(HttpClient http, string? token)
{
    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken stop,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var response = await http.SendAsync(request, stop);
        var bytes = await response.Content.ReadAsByteArrayAsync(stop);
        // A balancer's own answers are pages.
        var isJson =
            bytes.Length > 0 && response.Content.Headers.ContentType?.MediaType != "text/html";
        using var json = JsonDocument.Parse(isJson ? bytes : "null"u8.ToArray());
        return new Answer((int)response.StatusCode, json.RootElement.Clone())
        {
            Headers = response.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.First(),
                StringComparer.OrdinalIgnoreCase
            ),
        };
    }

    public static string Query(string path, Page page, string separator = "?")
    {
        var query = $"{path}{separator}count={page.Count}";
        query += page.MaxId is { } max ? $"&max_id={max}" : "";
        query += page.SinceId is { } since ? $"&since_id={since}" : "";
        return query + (page.MinId is { } min ? $"&min_id={min}" : "");
    }
}
