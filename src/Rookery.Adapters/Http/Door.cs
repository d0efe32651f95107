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

    private static readonly byte[] Nothing = "{}"u8.ToArray();

    private readonly HttpClient _http;
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
        (Setting, _logger) = (setting, logger);
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

    /// <summary>What names the address, for an operator.</summary>
    public string Setting { get; }

    public Uri Address => _http.BaseAddress!;

    /// <summary>The other process has answered a question.</summary>
    public bool WasLetIn => _wasLetIn;

    /// <summary>Why the other process does not let this one in, which it never did: a setting is wrong. Null where it does, or has not been reached.</summary>
    public string? Refusal => _refusal;

    /// <summary>Asks a question that says nothing: who is let in is told what is missing, and nothing happens.</summary>
    /// <exception cref="StoreUnavailableException">This process is not let in, or the other one did not answer; the message names the setting.</exception>
    public Task MeetAsync(string path, CancellationToken token) =>
        AnsweredAsync(
            async attempt =>
            {
                using var response = await SendAsync(path, Nothing, attempt);
                if (response.StatusCode != HttpStatusCode.BadRequest)
                {
                    throw Unexpected(path, response);
                }

                (_wasLetIn, _refusal) = (true, null);
                return true;
            },
            token
        );

    /// <exception cref="StoreUnavailableException">The door did not answer; the message names the setting.</exception>
    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(
        string path,
        TQuestion question,
        JsonTypeInfo<TQuestion> written,
        JsonTypeInfo<TAnswer> read,
        CancellationToken token
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, written);
        return await AnsweredAsync(attempt => AskOnceAsync(path, body, read, attempt), token);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> AnsweredAsync<T>(
        Func<CancellationToken, Task<T>> ask,
        CancellationToken token
    )
    {
        _budget.Asked();
        try
        {
            return await _pipeline.ExecuteAsync(async attempt => await ask(attempt), token);
        }
        catch (Exception fault) when (IsUnanswered(fault) || fault is BrokenCircuitException)
        {
            Unanswered(_logger, Address, Setting, ReasonOf(fault));
            throw new StoreUnavailableException(
                $"Another part of the product does not answer ({Setting}).",
                fault
            );
        }
    }

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
        using var response = await SendAsync(path, body, token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Unexpected(path, response);
        }

        (_wasLetIn, _refusal) = (true, null);
        return await response.Content.ReadFromJsonAsync(read, token)
            ?? throw new HttpRequestException($"{Address}{path} answered null");
    }

    private async Task<HttpResponseMessage> SendAsync(
        string path,
        byte[] body,
        CancellationToken token
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await _http.SendAsync(request, token);
    }

    /// <summary>What a wrong setting is answered with stands in the readiness of a process that was never let in.</summary>
    private HttpRequestException Unexpected(string path, HttpResponseMessage response)
    {
        var wrong = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized =>
                $"The service key is not the one of {Address} ({Setting}); both need the same Service:Key",
            HttpStatusCode.NotFound =>
                $"{Address} has no {path} ({Setting}): the role does not run there, or a proxy between adds X-Forwarded-For",
            _ => null,
        };
        if (wrong is not null)
        {
            _refusal = _wasLetIn ? null : wrong + ".";
        }

        return new HttpRequestException(
            wrong ?? $"{Address}{path} answered {(int)response.StatusCode}"
        );
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
