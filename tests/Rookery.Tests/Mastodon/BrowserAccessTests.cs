using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>What programs in pages of other sites, and those who count their requests, find in answers.</summary>
public sealed class BrowserAccessTests
{
    private static readonly HttpMethod Options = HttpMethod.Options;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/v2/search?q=x", 200)]
    [InlineData("GET", "/api/v2/search/?q=x", 200)]
    [InlineData("GET", "/api/v2/search", 422)]
    [InlineData("GET", "/api/v2/search?q=x&access_token=y", 401)]
    [InlineData("GET", "/api/v2/nothing", 404)]
    [InlineData("GET", "/api/v1/media/7", 401)]
    [InlineData("PUT", "/api/v2/search", 404)]
    [InlineData("GET", "/api/v2/media/", 404)]
    [InlineData("PUT", "/api/v2/media/7", 404)]
    [InlineData("POST", "/api/v1/media/7", 404)]
    [InlineData("PUT", "/api/v1/tweet", 405)]
    [InlineData("OPTIONS", "/api/v2/search?q=x", 204)]
    [InlineData("OPTIONS", "/api/v2/nothing", 204)]
    public async Task A_page_of_another_site_may_read_what_it_is_answered(
        string method,
        string path,
        int status
    )
    {
        await using var world = await World.EmptyAsync(Stop);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Headers =
            {
                { "Origin", "https://elsewhere.example" },
                { "Access-Control-Request-Method", "GET" },
                { "Access-Control-Request-Headers", "authorization" },
            },
        };
        using var answer = await world.Server.Http.SendAsync(request, Stop);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("*", HeaderOf(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("Link", HeaderOf(answer, "Access-Control-Expose-Headers").Split(", "));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        if (method == "OPTIONS")
        {
            var allowed = HeaderOf(answer, "Access-Control-Allow-Headers").Split(", ");
            Assert.All(
                (string[])["Authorization", "Content-Type", "Idempotency-Key"],
                name => Assert.Contains(name, allowed)
            );
            Assert.Contains("DELETE", HeaderOf(answer, "Access-Control-Allow-Methods").Split(", "));
        }
    }

    [Fact]
    public async Task The_service_API_is_for_no_page()
    {
        await using var world = await World.EmptyAsync(Stop);
        using var request = new HttpRequestMessage(Options, "/users");
        using var answer = await world.Server.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_answer_says_what_is_left_of_the_limit()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Limits:SearchesPerSecond"] = "2" }
        );
        var left = new List<string>();
        HttpResponseMessage answer;
        do
        {
            answer = await world.Server.Http.GetAsync("/api/v2/search?q=x", Stop);
            Assert.Equal("2", HeaderOf(answer, "X-RateLimit-Limit"));
            left.Add(HeaderOf(answer, "X-RateLimit-Remaining"));
            var reset = DateTimeOffset.Parse(
                HeaderOf(answer, "X-RateLimit-Reset"),
                CultureInfo.InvariantCulture
            );
            Assert.InRange(
                reset,
                TimeProvider.System.GetUtcNow().AddSeconds(-60),
                TimeProvider.System.GetUtcNow().AddSeconds(2)
            );
        } while (answer.IsSuccessStatusCode && left.Count < 200);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("1", left[0]);
        Assert.Equal("0", left[^1]);
        Assert.Equal("*", HeaderOf(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Who_has_no_picture_has_one_that_is_always_the_same()
    {
        await using var world = await World.CreateAsync(Stop);
        await world.SettleAsync(Stop);
        var client = new MastodonClient(world.Server.Http);
        var found = await client.SearchAsync("q=alice", Stop);
        foreach (var name in (string[])["avatar", "avatar_static", "header", "header_static"])
        {
            var url = found.Accounts[0].GetProperty(name).GetString()!;
            using var whole = await world.Server.Http.GetAsync(url, Stop);
            var bytes = await whole.Content.ReadAsByteArrayAsync(Stop);
            Assert.Equal("image/png", whole.Content.Headers.ContentType!.ToString());
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
            Assert.Equal("*", HeaderOf(whole, "Access-Control-Allow-Origin"));
            Assert.Contains(
                "immutable",
                HeaderOf(whole, "Cache-Control"),
                StringComparison.Ordinal
            );

            using var part = new HttpRequestMessage(HttpMethod.Get, url)
            {
                Headers = { Range = new RangeHeaderValue(10, 19) },
            };
            using var ten = await world.Server.Http.SendAsync(part, Stop);
            Assert.Equal(HttpStatusCode.PartialContent, ten.StatusCode);
            Assert.Equal(bytes[10..20], await ten.Content.ReadAsByteArrayAsync(Stop));
            using var again = new HttpRequestMessage(HttpMethod.Get, url);
            again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
            using var same = await world.Server.Http.SendAsync(again, Stop);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "https://rookery.example")]
    [InlineData("", "http://rookery.example")]
    public async Task Addresses_begin_as_a_trusted_proxy_was_reached(string trusted, string origin)
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Proxies:Trusted"] = trusted }
        );
        await world.SignUpAsync("alice", Stop);
        await world.SettleAsync(Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/search?q=alice")
        {
            Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-For", "203.0.113.1" } },
        };
        request.Headers.Host = "rookery.example";
        using var answer = await world.Server.Http.SendAsync(request, Stop);
        Assert.Contains(
            $"\"url\":\"{origin}/@alice\"",
            await answer.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) =>
        string.Join(", ", answer.Headers.GetValues(name));
}
