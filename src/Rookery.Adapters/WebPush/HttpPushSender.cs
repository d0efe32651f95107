using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Rookery.Notifications.Push;

namespace Rookery.Adapters.WebPush;

/// <summary>
/// Posts pushes to push services: RFC 8030. Endpoints are strangers' words, so it follows no redirect, asks no proxy, keeps no cookie, reads no body, connects only as
/// <see cref="ConnectPublic"/> does, and ends everything after its time.
/// </summary>
internal sealed class HttpPushSender : IPushSender, IDisposable
{
    /// <summary>What services answer is a status and some headers.</summary>
    private const int MostHeaderKilobytes = 16;

    /// <summary>A body that is longer costs its connection.</summary>
    private const int MostBodyBytes = 4 * 1024;

    /// <summary>A name that leads elsewhere is noticed within that.</summary>
    private static readonly TimeSpan ConnectionLasts = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _http;
    private readonly PushOptions _options;
    private readonly TimeProvider _time;

    public HttpPushSender(IOptions<PushOptions> options, TimeProvider time)
        : this(options.Value, time, new ConnectPublic(options.Value)) { }

    /// <param name="connect">How it reaches a service.</param>
    internal HttpPushSender(PushOptions options, TimeProvider time, ConnectPublic connect)
    {
        (_options, _time) = (options, time);
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = connect.ConnectAsync,
                ConnectTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
                MaxConnectionsPerServer = options.AtOnce,
                MaxResponseHeadersLength = MostHeaderKilobytes,
                MaxResponseDrainSize = MostBodyBytes,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                PooledConnectionLifetime = ConnectionLasts,
                // No trace of who calls whom is told to strangers.
                ActivityHeadersPropagator = null,
            }
        );
    }

    public async Task<PushOutcome> SendAsync(OutgoingPush push, CancellationToken token)
    {
        using var late = new CancellationTokenSource(
            TimeSpan.FromSeconds(_options.TimeoutSeconds),
            _time
        );
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, token);
        try
        {
            using var request = RequestOf(push);
            using var answer = await _http.SendAsync(request, both.Token);
            return OutcomeOf(answer);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return new PushOutcome(
                PushFate.PutOff,
                $"{push.Endpoint.Host} did not answer within {_options.TimeoutSeconds} s."
            );
        }
        catch (HttpRequestException fault) when (fault.InnerException is NotPublicException inner)
        {
            return new PushOutcome(PushFate.Refused, inner.Message);
        }
        catch (HttpRequestException fault)
        {
            return new PushOutcome(PushFate.PutOff, Words(push.Endpoint.Host, fault));
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestOf(OutgoingPush push)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, push.Endpoint)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ReadOnlyMemoryContent(push.Body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add(push.ContentEncoding);
        request.Headers.Add(
            "TTL",
            ((long)push.Lasts.TotalSeconds).ToString(CultureInfo.InvariantCulture)
        );
        request.Headers.Add("Urgency", "normal");
        request.Headers.Add("Topic", push.Topic);
        foreach (var (name, value) in push.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private PushOutcome OutcomeOf(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var said = $"The push service answered {status}.";
        return status switch
        {
            >= 200 and < 300 => new PushOutcome(PushFate.Sent),
            404 or 410 => new PushOutcome(PushFate.Gone, said),
            408 or 429 or >= 500 => new PushOutcome(PushFate.PutOff, said, RetryAfter(answer)),
            >= 300 and < 400 => new PushOutcome(
                PushFate.Refused,
                $"{said} Pushes follow no redirect."
            ),
            _ => new PushOutcome(PushFate.Refused, said),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter switch
        {
            { Delta: { } wait } => wait,
            { Date: { } at } when at > _time.GetUtcNow() => at - _time.GetUtcNow(),
            _ => null,
        };

    /// <summary>Only what the owner of the subscription may know: nothing of what was found at an address.</summary>
    private static string Words(string host, HttpRequestException fault) =>
        fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"There is no {host}.",
            HttpRequestError.SecureConnectionError =>
                $"{host} has no certificate that this server trusts.",
            HttpRequestError.ConnectionError => fault.InnerException
                is SocketException { SocketErrorCode: SocketError.HostNotFound }
                ? $"There is no {host}."
                : $"{host} cannot be reached.",
            _ => $"{host} did not answer as a push service does.",
        };
}
