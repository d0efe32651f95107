using System.Net;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>People get pages, programs the JSON of their API, whatever goes wrong.</summary>
public sealed class ErrorPageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_get_pages_and_programs_get_JSON()
    {
        await using var world = await World.EmptyAsync(Stop);
        var http = world.Server.Http;
        await AssertAsync("GET", "/nowhere", "text/html,*/*;q=0.8", 404, "text/html");
        await AssertAsync("GET", "/nowhere", "*/*", 404, "application/problem+json");
        await AssertAsync("GET", "/nowhere", null, 404, "application/problem+json");
        await AssertAsync("GET", "/api/v1/nowhere", "text/html", 404, "application/json");
        await AssertAsync("GET", "/users/77", "text/html", 401, "application/problem+json");
        await AssertAsync("GET", "/@nobody", null, 404, "text/html");
        await AssertAsync("GET", "/tags/a b", null, 400, "text/html");
        await AssertAsync("GET", "/home?max_id=x", null, 303, null);
        await AssertAsync("GET", "/public?max_id=x", null, 400, "text/html");
        await AssertAsync("PUT", "/home", "text/html", 405, "text/html");
        await AssertAsync("GET", "/assets/site.css", null, 404, "text/html");

        async Task AssertAsync(string method, string path, string? accept, int status, string? type)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            using var browser = new Browser(http.BaseAddress!, Stop);
            using var answer = await browser.RawAsync(request);
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            Assert.Equal((path, type), (path, answer.Content.Headers.ContentType?.MediaType));
            if (type == "text/html")
            {
                PageRules.AssertHeaders(answer);
                PageRules.AssertMarkup(await answer.Content.ReadAsStringAsync(Stop), path);
            }
        }
    }

    [Fact]
    public async Task Who_tries_too_often_is_told_on_a_page_when_to_come_back()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Accounts:LogInsPerMinuteAndName"] = "2" }
        );
        using var browser = new Browser(world.Server.Http.BaseAddress!, Stop);
        for (var i = 0; i < 2; i++)
        {
            await LogInAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, browser.Status);
        }

        await LogInAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
        Assert.Equal("That was too often", browser.Find("h1").TextContent);

        async Task LogInAsync()
        {
            await browser.OpenAsync("/login");
            await browser.SendAsync("main form", ("username", "ana"), ("password", "no idea"));
        }
    }

    [Fact]
    public async Task Files_of_the_site_are_kept_for_good_under_names_made_of_their_content()
    {
        await using var world = await World.EmptyAsync(Stop);
        using var browser = await new Browser(world.Server.Http.BaseAddress!, Stop).OpenAsync("/");
        foreach (
            var (selector, type) in ((string, string)[])
                [("[rel=stylesheet]", "text/css"), ("[rel=icon]", "image/svg+xml")]
        )
        {
            var path = browser.Find(selector).GetAttribute("href")!;
            using var answer = await world.Server.Http.GetAsync(path, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains(
                "immutable",
                answer.Headers.CacheControl!.ToString(),
                StringComparison.Ordinal
            );
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.True(answer.Content.Headers.ContentLength > 100);
        }
    }
}
