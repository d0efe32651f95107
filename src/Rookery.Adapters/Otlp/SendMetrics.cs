using System.Net.Http.Headers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Telemetry;

namespace Rookery.Adapters.Otlp;

/// <summary>
/// Sends a collector what was measured, again and again, and once more at the end. Nothing is kept for one that is away: what comes later says all that was
/// counted meanwhile.
/// </summary>
/// <param name="otlp">As the setting names it.</param>
internal sealed partial class SendMetrics(
    string otlp,
    TimeSpan interval,
    Measurements measurements,
    IReadOnlyDictionary<string, string> resource,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    private const string Path = "/v1/metrics";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A process that ends waits no longer for its last numbers.</summary>
    private static readonly TimeSpan LastTimeout = TimeSpan.FromSeconds(2);

    private static readonly MediaTypeHeaderValue _type = new("application/x-protobuf");

    private readonly Uri _uri = AddressOf(otlp);
    private readonly OtlpMetrics _format = new(resource, time.GetUtcNow());

    // Its own requests belong to no trace.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }
    )
    {
        Timeout = Timeout,
    };

    private bool _isAway;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = new CancellationTokenSource(LastTimeout, time);
        await TrySendAsync(last.Token);
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TrySendAsync(stoppingToken);
        }
    }

    private static Uri AddressOf(string otlp)
    {
        var below = new Uri(otlp).AbsoluteUri.TrimEnd('/');
        return new Uri(below.EndsWith(Path, StringComparison.Ordinal) ? below : below + Path);
    }

    private async Task TrySendAsync(CancellationToken token)
    {
        try
        {
            await SendAsync(token);
            if (_isAway)
            {
                _isAway = false;
                IsBack(logger, _uri.Authority);
            }
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!_isAway && !token.IsCancellationRequested)
            {
                _isAway = true;
                IsAway(logger, _uri.Authority, fault.Message);
            }
        }
#pragma warning disable CA1031 // A loop's edge: no server ends because something of it cannot be measured.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(logger, fault);
        }
    }

    private async Task SendAsync(CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri)
        {
            Content = new ByteArrayContent(_format.Write(measurements.Read(), time.GetUtcNow()))
            {
                Headers = { ContentType = _type },
            },
        };
        using var response = await _http.SendAsync(request, token);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"it answers {(int)response.StatusCode}");
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Metrics:Otlp ({Where}) takes no metrics; it is tried again: {Why}"
    )]
    private static partial void IsAway(ILogger logger, string where, string why);

    [LoggerMessage(2, LogLevel.Information, "Metrics:Otlp ({Where}) takes metrics again")]
    private static partial void IsBack(ILogger logger, string where);

    [LoggerMessage(3, LogLevel.Error, "Metrics could not be gathered; it is tried again")]
    private static partial void Failed(ILogger logger, Exception fault);
}
