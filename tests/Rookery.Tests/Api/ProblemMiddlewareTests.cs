using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class ProblemMiddlewareTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _arrived = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _left = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(MapAll);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(ProblemKind.Invalid, 400)]
    [InlineData(ProblemKind.Unauthenticated, 401)]
    [InlineData(ProblemKind.Forbidden, 403)]
    [InlineData(ProblemKind.NotFound, 404)]
    [InlineData(ProblemKind.Conflict, 409)]
    [InlineData(ProblemKind.TooLarge, 413)]
    [InlineData(ProblemKind.TooSlow, 408)]
    [InlineData(ProblemKind.UnsupportedMediaType, 415)]
    [InlineData(ProblemKind.KeyReused, 422)]
    [InlineData(ProblemKind.TooMany, 429)]
    [InlineData(ProblemKind.Unavailable, 503)]
    public async Task A_problem_has_its_status_and_the_shape_of_its_API(
        ProblemKind kind,
        int status
    )
    {
        var (service, one) = await GetAsync($"/problem/{kind}");
        var (client, two) = await GetAsync($"/api/problem/{kind}");

        Assert.Equal([status, status], [(int)service.StatusCode, (int)client.StatusCode]);
        Assert.Equal("application/problem+json", service.Content.Headers.ContentType?.ToString());
        Assert.Equal(status, one.GetProperty("status").GetInt32());
        Assert.StartsWith(
            "urn:rookery:problem:",
            one.GetProperty("type").GetString(),
            StringComparison.Ordinal
        );
        Assert.NotEqual("Something went wrong on this side", one.GetProperty("title").GetString());
        Assert.Equal("It is so.", one.GetProperty("detail").GetString());
        Assert.Equal("thing", one.GetProperty("field").GetString());
        Assert.Equal(
            "application/json; charset=utf-8",
            client.Content.Headers.ContentType?.ToString()
        );
        Assert.Equal("{\"error\":\"It is so.\",\"field\":\"thing\"}", two.GetRawText());
        Assert.Equal(TimeSpan.FromSeconds(1), service.Headers.RetryAfter?.Delta);
        Assert.Equal(status == 401, service.Headers.WwwAuthenticate.Count > 0);
    }

    [Fact]
    public void Every_kind_has_a_status() =>
        Assert.All(
            Enum.GetValues<ProblemKind>(),
            kind => Assert.InRange(ProblemResponses.StatusOf(kind), 400, 503)
        );

    [Theory]
    [InlineData("/nowhere", "detail")]
    [InlineData("/api/v1/nowhere", "error")]
    public async Task An_unknown_path_is_404_in_the_right_shape(string path, string text)
    {
        var (answer, body) = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("There is nothing at this path.", body.GetProperty(text).GetString());
    }

    [Theory]
    [InlineData("/fault", "detail", "PATCH")]
    [InlineData("/api/fault", "error", "BREW")]
    public async Task An_unknown_method_is_405_and_told_what_is_answered(
        string path,
        string text,
        string method
    )
    {
        using var answer = await _host.Client.SendAsync(new(new(method), path), Token);
        var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("GET", answer.Content.Headers.Allow);
        Assert.Contains("GET", body.GetProperty(text).GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/fault")]
    [InlineData("/api/fault")]
    [InlineData("/late-fault")]
    public async Task A_fault_is_500_without_its_text_and_one_line_in_the_log(string path)
    {
        var (answer, body) = await GetAsync(path + "?auth_token=secret");
        var trace = body.GetProperty("trace_id").GetString()!;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("X-Half-Done"));
        Assert.DoesNotContain("inner workings", body.GetRawText(), StringComparison.Ordinal);
        var line = Assert.Single(_host.Log.Errors);
        Assert.Contains(trace, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "^0af7651916cd43dd8448eb211c80319c$"
    )]
    [InlineData(
        "00-00000000000000000000000000000000-0000000000000000-00",
        "^(?!0{32})[0-9a-f]{32}$"
    )]
    public async Task A_fault_is_told_with_the_trace_that_the_client_began(
        string traceparent,
        string expected
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fault");
        request.Headers.Add("traceparent", traceparent);
        using var answer = await _host.Client.SendAsync(
            request,
            TestContext.Current.CancellationToken
        );
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(
            TestContext.Current.CancellationToken
        );

        var trace = body.GetProperty("trace_id").GetString()!;
        Assert.Matches(expected, trace);
        Assert.Contains(trace, Assert.Single(_host.Log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_503_and_asks_to_come_again()
    {
        var (answer, body) = await GetAsync("/store");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("/secret/path", body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task What_Kestrel_refuses_keeps_its_status()
    {
        var (answer, _) = await GetAsync("/bad");

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task A_chunk_whose_length_no_number_holds_is_the_clients_fault()
    {
        var (answer, _) = await GetAsync("/chunk");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task An_answer_that_fails_half_way_is_cut_and_logged()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            _host.Client.GetStringAsync("/half", Token)
        );

        Assert.Single(_host.Log.Errors);
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_error()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var request = _host.Client.GetAsync("/wait", gone.Token);
        await _arrived.Task.WaitAsync(Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await _left.Task.WaitAsync(Token);
        // The server ends what it began before it is gone.
        await _host.DisposeAsync();

        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public void What_goes_well_costs_no_allocation()
    {
        var middleware = new ProblemMiddleware(
            _ => Task.CompletedTask,
            NullLogger<ProblemMiddleware>.Instance
        );
        var context = new DefaultHttpContext();
        var last = Task.CompletedTask;
        Assert.Equal(0, LeastAllocated.Of(() => last = middleware.InvokeAsync(context)));
        Assert.True(last.IsCompletedSuccessfully);
    }

    private async Task<(HttpResponseMessage Answer, JsonElement Body)> GetAsync(string path)
    {
        var answer = await _host.Client.GetAsync(path, Token);
        return (answer, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token)));
    }

    private void MapAll(IEndpointRouteBuilder routes)
    {
        var doc = new RouteDoc("Throws", AuthKind.None);
        Map("/problem/{kind}", context => Task.FromResult<Problem?>(ProblemOf(context)));
        Map("/api/problem/{kind}", context => Task.FromResult<Problem?>(ProblemOf(context)));
        Map("/fault", _ => throw new InvalidOperationException("inner workings"));
        Map("/api/fault", _ => throw new InvalidOperationException("inner workings"));
        Map("/late-fault", FailLateAsync);
        Map("/store", _ => throw new StoreUnavailableException("disk full at /secret/path"));
        Map("/bad", _ => throw new BadHttpRequestException("too slow", 408));
        Map("/chunk", _ => throw new IOException("bad chunk", new OverflowException()));
        Map("/half", context => context.AnswerIdsAsync(Half()));
        Map("/wait", WaitAsync);

        void Map(string path, Handler handler) => Endpoints.Map(routes, "GET", path, handler, doc);
    }

    private static Problem ProblemOf(HttpContext context) =>
        new(
            Enum.Parse<ProblemKind>((string)context.Request.RouteValues["kind"]!),
            "It is so.",
            "thing",
            TimeSpan.FromMilliseconds(5)
        );

    private static async Task<Problem?> FailLateAsync(HttpContext context)
    {
        context.Response.Headers["X-Half-Done"] = "yes";
        await Task.Yield();
        throw new InvalidOperationException("inner workings");
    }

    private static async IAsyncEnumerable<AccountId> Half()
    {
        yield return new(1);
        await Task.Yield();
        throw new InvalidOperationException("inner workings");
    }

    private async Task<Problem?> WaitAsync(HttpContext context)
    {
        _arrived.SetResult();
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            return null;
        }
        finally
        {
            _left.SetResult();
        }
    }
}
