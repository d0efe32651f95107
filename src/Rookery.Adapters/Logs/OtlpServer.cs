using System.Net;
using System.Net.Http.Headers;

namespace Rookery.Adapters.Logs;

/// <summary>A collector that takes OTLP over HTTP.</summary>
internal sealed class OtlpServer : ILogServer
{
    private const string Path = "/v1/logs";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly MediaTypeHeaderValue _type = new("application/x-protobuf");

    private readonly HttpClient _http;
    private readonly Uri _uri;
    private readonly OtlpFormat _format;
    private byte[]? _body;

    public OtlpServer(Uri uri, OtlpFormat format)
    {
        _format = format;
        var below = uri.AbsoluteUri.TrimEnd('/');
        _uri = new Uri(below.EndsWith(Path, StringComparison.Ordinal) ? below : below + Path);
        // Its own requests belong to no trace.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        _http = new HttpClient(handler) { Timeout = Timeout };
    }

    public string Name =>
        $"{LogsOptions.Section}:{nameof(LogsOptions.Otlp)} ({_uri.GetLeftPart(UriPartial.Authority)})";

    public void Take(IReadOnlyList<LogLine> lines) =>
        _body = lines.Count == 0 ? null : _format.Write(lines);

    public async Task<Sent> SendAsync(CancellationToken token)
    {
        if (_body is null)
        {
            return new Sent(true);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, _uri)
        {
            Content = new ByteArrayContent(_body) { Headers = { ContentType = _type } },
        };
        using var response = await _http.SendAsync(request, token);
        if (IsRefusal(response.StatusCode))
        {
            _body = null;
            return new Sent(true, $"it answers {(int)response.StatusCode}");
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"it answers {(int)response.StatusCode}");
        }

        _body = null;
        return new Sent(true);
    }

    public Task CloseAsync(CancellationToken token) => Task.CompletedTask;

    public void Dispose() => _http.Dispose();

    /// <summary>What is in these lines it will not take tomorrow either. Another status may be gone once somebody has set the server right.</summary>
    private static bool IsRefusal(HttpStatusCode status) =>
        status
            is HttpStatusCode.BadRequest
                or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.UnprocessableEntity;
}
