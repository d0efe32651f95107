using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Rookery.Adapters.Http;

/// <summary>
/// Asks one door at another process. Every question may be asked again, so one that got no answer is, within a budget; a door that answers less than
/// half of them is left alone for a moment.
/// </summary>
internal sealed partial class Door : IDisposable
{
    private static readonly TimeSpan Sampled = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly string _setting;
    private readonly RetryBudget _budget;
    private readonly ResiliencePipeline _pipeline;
    private readonly ILogger _logger;
    private volatile bool _wasLetIn;
    private volatile string? _refusal;

    /// <param name="setting">What names the address, for an operator.</param>
    public Door(
        string setting,
        string url,
        string serviceKey,
        DoorOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        (_setting, _logger) = (setting, logger);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                // An address that has moved is found again.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ConnectTimeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            }
        )
        {
            BaseAddress = new Uri(url.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            serviceKey
        );
        _budget = new RetryBudget(options.QuestionsPerRetry);
        _pipeline = Pipeline(options, time);
    }

    /// <summary>Why the other process does not let this one in, which it never did: a setting is wrong. Null where it does, or has not been reached.</summary>
    public string? Refusal => _refusal;

    /// <exception cref="StoreUnavailableException">The door did not answer; the message names the setting.</exception>
    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(
        string path,
        TQuestion question,
        JsonTypeInfo<TQuestion> written,
        JsonTypeInfo<TAnswer> read,
        CancellationToken token
    )
    {
        _budget.Asked();
        var body = JsonSerializer.SerializeToUtf8Bytes(question, written);
        try
        {
            return await _pipeline.ExecuteAsync(
                async attempt => await AskOnceAsync(path, body, read, attempt),
                token
            );
        }
        catch (Exception fault) when (IsUnanswered(fault) || fault is BrokenCircuitException)
        {
            Unanswered(_logger, _http.BaseAddress!, _setting, ReasonOf(fault));
            throw new StoreUnavailableException(
                $"Another part of the product does not answer ({_setting}).",
                fault
            );
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Who asks nothing for a moment still knows why.</summary>
    private static string ReasonOf(Exception fault) =>
        fault is BrokenCircuitException { InnerException: { } last }
            ? $"it is left alone for a moment. Last: {last.Message}"
            : fault.Message;

    private static bool IsUnanswered(Exception fault) =>
        fault is HttpRequestException or TimeoutRejectedException or JsonException or IOException;

    private async Task<TAnswer> AskOnceAsync<TAnswer>(
        string path,
        byte[] body,
        JsonTypeInfo<TAnswer> read,
        CancellationToken token
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, token);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            var why =
                $"The service key is not the one of {_http.BaseAddress} ({_setting}); both need the same Service:Key";
            _refusal = _wasLetIn ? null : why + ".";
            throw new HttpRequestException(why);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException(
                $"{_http.BaseAddress}{path} answered {(int)response.StatusCode}"
            );
        }

        (_wasLetIn, _refusal) = (true, null);
        return await response.Content.ReadFromJsonAsync(read, token)
            ?? throw new HttpRequestException($"{_http.BaseAddress}{path} answered null");
    }

    private ResiliencePipeline Pipeline(DoorOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = 1,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Exception is { } fault
                                && IsUnanswered(fault)
                                && _budget.TryTake()
                        ),
                }
            )
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = 10,
                    SamplingDuration = Sampled,
                    BreakDuration = TimeSpan.FromMilliseconds(options.BreakMilliseconds),
                    ShouldHandle = attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Exception is { } fault && IsUnanswered(fault)
                        ),
                }
            )
            .AddTimeout(TimeSpan.FromMilliseconds(options.TimeoutMilliseconds))
            .Build();

    [LoggerMessage(1, LogLevel.Warning, "{Address} (setting {Setting}) did not answer: {Why}")]
    private static partial void Unanswered(ILogger logger, Uri address, string setting, string why);
}
