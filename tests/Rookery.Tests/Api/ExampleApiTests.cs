using System.Net;
using System.Text;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class ExampleApiTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(ExampleApi.Map);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_answer_has_its_length_and_is_kept_by_no_cache()
    {
        using var answer = await PostAsync("{\"name\":\"Zoë\"}");
        var body = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("{\"id\":1,\"id_str\":\"1\",\"name\":\"Zoë\"}", body);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), answer.Content.Headers.ContentLength);
        Assert.Equal(
            "application/json; charset=utf-8",
            answer.Content.Headers.ContentType?.ToString()
        );
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task What_curl_calls_a_form_is_read_as_JSON_and_a_form_as_a_form()
    {
        using var json = await PostAsync("{\"name\":\"a\"}", Requests.Form);
        using var form = await PostAsync("name=b", Requests.Form);

        Assert.Equal(HttpStatusCode.Created, json.StatusCode);
        Assert.Equal(HttpStatusCode.Created, form.StatusCode);
    }

    [Fact]
    public async Task A_public_answer_says_nothing_of_caches()
    {
        using var created = await PostAsync("{\"name\":\"a\"}");
        using var answer = await _host.Client.GetAsync("/users/1", Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.CacheControl);
    }

    [Fact]
    public async Task HEAD_answers_what_GET_would_without_its_body()
    {
        using var created = await PostAsync("{\"name\":\"a\"}");
        using var head = await _host.Client.SendAsync(new(HttpMethod.Head, "/users/1"), Token);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(
            "{\"id\":1,\"id_str\":\"1\",\"name\":\"a\"}".Length,
            head.Content.Headers.ContentLength
        );
    }

    [Theory]
    [InlineData("/users?user_id=5", null)]
    [InlineData("/users", "user_id=5")]
    [InlineData("/users", "{\"user_id\":\"5\"}")]
    public async Task DELETE_takes_its_field_in_the_body_or_in_the_query(string url, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, url);
        request.Content = body is null ? null : new StringContent(body, null, Requests.Form);
        using var answer = await _host.Client.SendAsync(request, Token);

        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    [InlineData("7%00")]
    public async Task A_wrong_id_in_the_path_is_named(string id)
    {
        using var answer = await _host.Client.GetAsync($"/users/{id}", Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_with_and_without_a_length()
    {
        var large = new byte[(8 * 1024 * 1024) + 1];
        using var sized = await _host.Client.PostAsync(
            "/users",
            new ByteArrayContent(large),
            Token
        );
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/users");
        chunked.Content = new ByteArrayContent(large);
        chunked.Headers.TransferEncodingChunked = true;
        using var unsized = await _host.Client.SendAsync(chunked, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, sized.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, unsized.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string type = Requests.Json) =>
        _host.Client.PostAsync("/users", new StringContent(body, null, type), Token);
}
