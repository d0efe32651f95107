using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>An upload as the server answered it.</summary>
/// <param name="File">The name of its file.</param>
internal sealed record UploadedMedium(MediaId Id, string File, JsonElement Json)
{
    public string Url => Json.GetProperty("url").GetString()!;
}

/// <summary>Uploads pictures as an app does.</summary>
internal static class MediaClient
{
    public static async Task<UploadedMedium> UploadAsync(
        HttpClient http,
        string token,
        byte[] file,
        CancellationToken stop
    )
    {
        using var answer = await SendAsync(http, token, file, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return answer.StatusCode == HttpStatusCode.OK
            ? Read(text)
            : throw new InvalidOperationException(
                $"The upload was answered {answer.StatusCode}: {text}"
            );
    }

    public static Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        string token,
        byte[] file,
        CancellationToken stop,
        params (string Name, string Value)[] fields
    ) => SendAsync(http, token, file, null, stop, fields);

    /// <param name="still">A still picture of the file.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        string token,
        byte[] file,
        byte[]? still,
        CancellationToken stop,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new MultipartFormDataContent();
        // What the client calls it and says that it is, is never believed.
        body.Add(
            new ByteArrayContent(file) { Headers = { ContentType = new("text/html") } },
            "file",
            "../../evil.html"
        );
        if (still is not null)
        {
            body.Add(new ByteArrayContent(still), "thumbnail", "still.svg");
        }

        foreach (var (name, value) in fields)
        {
            body.Add(new StringContent(value), name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/media")
        {
            Content = body,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        return await http.SendAsync(request, stop);
    }

    /// <summary>Changes a profile as an app does: pictures and texts in one body.</summary>
    public static async Task<HttpResponseMessage> ChangeProfileAsync(
        HttpClient http,
        string token,
        (string Name, byte[] File)[] pictures,
        CancellationToken stop,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new MultipartFormDataContent();
        foreach (var (name, file) in pictures)
        {
            body.Add(new ByteArrayContent(file), name, "me.svg");
        }

        foreach (var (name, value) in fields)
        {
            body.Add(new StringContent(value), name);
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Patch,
            "/api/v1/accounts/update_credentials"
        )
        {
            Content = body,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        return await http.SendAsync(request, stop);
    }

    public static UploadedMedium Read(string text)
    {
        var json = JsonDocument.Parse(text).RootElement;
        var url = json.GetProperty("url").GetString()!;
        return new UploadedMedium(
            new MediaId(
                long.Parse(json.GetProperty("id").GetString()!, CultureInfo.InvariantCulture)
            ),
            url[(url.LastIndexOf('/') + 1)..],
            json
        );
    }
}
