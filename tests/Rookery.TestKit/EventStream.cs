using System.Net.Http.Headers;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>One event as it was sent.</summary>
internal sealed record SentEvent(string Id, string Name, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);

    /// <summary>The post that it is about.</summary>
    public PostId Post =>
        new(
            Name == "delete"
                ? long.Parse(Data, System.Globalization.CultureInfo.InvariantCulture)
                : Answer.IdOf(Json.GetProperty("id"))
        );
}

/// <summary>Reads Server-Sent Events, comments too.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;
    private readonly Queue<SentEvent> _posts = [];

    private EventStream(HttpResponseMessage answer, StreamReader lines) =>
        (_answer, _lines) = (answer, lines);

    public HttpResponseMessage Answer => _answer;

    /// <summary>Where the reader stands: the id of the last event, or what a comment says.</summary>
    public string At { get; private set; } = "";

    /// <summary>The notifications that have come. They come between the posts, whenever they are raised.</summary>
    public List<SentEvent> Notified { get; } = [];

    /// <summary>Without what stands where, of which each is read before the next event.</summary>
    public List<string> Comments { get; } = [];

    public static async Task<EventStream> OpenAsync(
        HttpClient http,
        string path,
        string? token,
        CancellationToken stop,
        string? lastEventId = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/streaming/" + path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        var stream = new EventStream(
            answer,
            new StreamReader(await answer.Content.ReadAsStreamAsync(stop))
        );
        if (answer.IsSuccessStatusCode)
        {
            // Its first line says where it begins: what is posted from now on is in it.
            await stream.ReadLineAsync(stop);
        }

        return stream;
    }

    /// <summary>The next event that is no notification; null where the stream has ended.</summary>
    public async Task<SentEvent?> NextAsync(CancellationToken stop)
    {
        while (_posts.Count == 0 && await NextOfAllAsync(stop) is { } next)
        {
            Sort(next);
        }

        return _posts.TryDequeue(out var first) ? first : null;
    }

    /// <summary>Waits for so many more notifications, and answers them.</summary>
    public async Task<List<SentEvent>> TakeNotifiedAsync(int count, CancellationToken stop)
    {
        var before = Notified.Count;
        while (Notified.Count < before + count)
        {
            Sort(
                await NextOfAllAsync(stop)
                    ?? throw new InvalidOperationException(
                        $"The stream ended after {Notified.Count - before} notifications: {string.Join(' ', Comments)}"
                    )
            );
        }

        return Notified[before..];
    }

    private void Sort(SentEvent sent)
    {
        if (sent.Name == "notification")
        {
            Notified.Add(sent);
        }
        else
        {
            _posts.Enqueue(sent);
        }
    }

    private async Task<SentEvent?> NextOfAllAsync(CancellationToken stop)
    {
        var (id, name, data) = ("", "", "");
        while (await ReadLineAsync(stop) is { } line)
        {
            var (key, value) = line.Split(": ", 2) is [var before, var behind]
                ? (before, behind)
                : (line, "");
            switch (key)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data += value;
                    break;
                case "":
                    At = id;
                    return new SentEvent(id, name, data);
            }
        }

        return null;
    }

    /// <summary>What is left of an answer that is no stream.</summary>
    public Task<string> RestAsync(CancellationToken stop) => _lines.ReadToEndAsync(stop);

    /// <summary>So many events.</summary>
    public async Task<List<SentEvent>> TakeAsync(int count, CancellationToken stop)
    {
        var taken = new List<SentEvent>();
        while (taken.Count < count)
        {
            taken.Add(
                await NextAsync(stop)
                    ?? throw new InvalidOperationException(
                        $"The stream, which was answered with {(int)_answer.StatusCode}, ended after {taken.Count} events: {string.Join(' ', Comments)}"
                    )
            );
        }

        return taken;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }

    private async Task<string?> ReadLineAsync(CancellationToken stop)
    {
        var line = await _lines.ReadLineAsync(stop);
        if (line?.StartsWith(":at ", StringComparison.Ordinal) == true)
        {
            At = line[4..];
        }
        else if (line?.StartsWith(':') == true)
        {
            Comments.Add(line);
        }

        return line;
    }
}
