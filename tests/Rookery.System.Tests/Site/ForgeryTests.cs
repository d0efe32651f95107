using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Rookery.Server.OpenApi;
using Rookery.TestKit;
using Rookery.Web.Visits;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>No other site has a member's browser do anything here. The routes are the server's own, so a new form is tried as well.</summary>
public sealed class ForgeryTests : IAsyncLifetime
{
    private World _world = null!;
    private Browser _ana = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _ana = await new Browser(_world.Server.Http.BaseAddress!, Stop).SignUpAsync("ana");
        await _ana.PostAsync("a post");
    }

    public async ValueTask DisposeAsync()
    {
        _ana.Dispose();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "nonsense")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    public async Task Nothing_from_another_site_is_done_even_with_the_right_token(
        string header,
        string value
    )
    {
        var token = await TokenAsync();
        foreach (var path in Forms())
        {
            using var answer = await SendAsync(path, token, (header, value));
            Assert.True(
                HttpStatusCode.Forbidden == answer.StatusCode,
                $"{path} answered {answer.StatusCode}"
            );
            Assert.StartsWith(
                "text/html",
                answer.Content.Headers.ContentType!.ToString(),
                StringComparison.Ordinal
            );
            PageRules.AssertHeaders(answer);
        }

        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Nothing_is_done_without_a_token_of_this_browsers_own()
    {
        var own = await TokenAsync();
        using var bob = await new Browser(_ana.Address, Stop).SignUpAsync("bob");
        var bobs = (await bob.OpenAsync("/home")).Find("[name=form_token]").GetAttribute("value")!;
        string[] wrong =
        [
            "",
            "x",
            bobs,
            own[..^1],
            own + "A",
            (own[0] == 'A' ? "B" : "A") + own[1..],
            new string('A', own.Length),
            FormToken.Make("rookery"),
            $"{own}&form_token={own}",
        ];
        foreach (var path in Forms())
        {
            foreach (var token in wrong)
            {
                using var answer = await SendAsync(path, token);
                Assert.True(
                    answer.StatusCode == HttpStatusCode.Forbidden,
                    $"{path} with {token} answered {answer.StatusCode}"
                );
            }
        }

        await AssertNothingHappenedAsync();
        // The same request with the right one is another thing.
        using var right = await SendAsync("/settings/profile", own);
        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
    }

    [Fact]
    public async Task Every_route_that_takes_a_form_is_one_and_no_page_changes_anything()
    {
        Assert.True(Forms().Count >= 13, string.Join(' ', Forms()));
        Assert.All(
            OfSite(),
            route =>
            {
                var methods = route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods;
                Assert.True(methods is ["POST"] or ["GET", "HEAD"], string.Join(' ', methods));
            }
        );
        // A cookie is no token of the APIs, so that no form of another site reaches them.
        var session = _ana.Cookies["rookery"]!.Value;
        foreach (
            var path in (string[])["/api/v1/logout", "/api/v1/like", "/api/v1/follow", "/users"]
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent("{}", null, "application/json"),
            };
            request.Headers.Add("Cookie", $"rookery={session}; auth_token={session}");
            using var answer = await _world.Server.Http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Strangers_are_sent_to_log_in_and_come_back_and_nowhere_else()
    {
        using var stranger = new Browser(_ana.Address, Stop);
        foreach (
            var route in OfSite()
                .Where(route =>
                    route.Metadata.GetRequiredMetadata<RouteDoc>().Auth == AuthKind.Token
                )
        )
        {
            var path = PathOf(route);
            var isPage =
                route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0] == "GET";
            using var request = new HttpRequestMessage(
                isPage ? HttpMethod.Get : HttpMethod.Post,
                path
            );
            using var answer = await stranger.RawAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.Equal(
                $"/login?return={Uri.EscapeDataString(isPage ? path : "/home")}",
                answer.Headers.Location!.OriginalString
            );
        }

        foreach (
            var elsewhere in (string[])
                [
                    "//evil.example",
                    "/\\evil.example",
                    "https://evil.example",
                    "javascript:alert(1)",
                    "evil",
                    "/a\tb",
                    "/\r\nX: y",
                    "/é",
                ]
        )
        {
            using var somebody = new Browser(_ana.Address, Stop);
            await somebody.OpenAsync($"/login?return={Uri.EscapeDataString(elsewhere)}");
            Assert.Equal("", somebody.Find("main [name=return]").GetAttribute("value"));
            somebody.Find("main [name=return]").SetAttribute("value", elsewhere);
            await somebody.SendAsync(
                "main form",
                ("username", "ana"),
                ("password", ClassicClient.Password)
            );
            Assert.Equal("/home", somebody.Place);
        }
    }

    [Fact]
    public async Task A_session_that_the_browser_was_given_before_is_not_the_one_that_it_has_after()
    {
        using var browser = new Browser(_ana.Address, Stop);
        await browser.OpenAsync("/login");
        await browser.SendAsync(
            "main form",
            ("username", "ana"),
            ("password", ClassicClient.Password)
        );
        var first = browser.Cookies["rookery"]!;
        Assert.True(first.HttpOnly);
        Assert.Equal("/", first.Path);
        await browser.PressAsync("header button.link");
        using var planted = new HttpRequestMessage(HttpMethod.Get, "/home");
        planted.Headers.Add("Cookie", $"rookery={first.Value}");
        using var ended = await _world.Server.Http.SendAsync(planted, Stop);
        Assert.Equal("/login", ended.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Over_TLS_the_cookies_are_for_this_host_and_for_TLS_alone()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Proxies:Trusted"] = "127.0.0.1" }
        );
        using var browser = new Browser(world.Server.Http.BaseAddress!, Stop);
        foreach (
            var (scheme, expected) in ((string, string)[])
                [
                    ("https", "__Host-rookery-form=.+; path=/; secure; samesite=lax; httponly"),
                    ("http", "rookery-form=.+; path=/; samesite=lax; httponly"),
                ]
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/login");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            request.Headers.Add("X-Forwarded-Proto", scheme);
            using var answer = await browser.RawAsync(request);
            Assert.Matches($"^{expected}$", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        }

        // What is said by anybody else is not believed.
        using var claimed = new HttpRequestMessage(HttpMethod.Get, "/login");
        claimed.Headers.Add("X-Forwarded-Proto", "https");
        using var stranger = new Browser(_ana.Address, Stop);
        using var plain = await stranger.RawAsync(claimed);
        Assert.StartsWith(
            "rookery-form=",
            Assert.Single(plain.Headers.GetValues("Set-Cookie")),
            StringComparison.Ordinal
        );
    }

    private async Task<string> TokenAsync() =>
        (await _ana.OpenAsync("/home")).Find("[name=form_token]").GetAttribute("value")!;

    private async Task AssertNothingHappenedAsync()
    {
        await _ana.OpenAsync("/home");
        Assert.Equal("/home", _ana.Place);
        Assert.Equal(["a post"], _ana.Posts());
        Assert.Null(_ana.Page.QuerySelector("[aria-pressed=true]"));
    }

    private Task<HttpResponseMessage> SendAsync(
        string path,
        string token,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                $"text=forged&name=&password={ClassicClient.Password}&form_token={token}",
                null,
                "application/x-www-form-urlencoded"
            ),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _ana.RawAsync(request);
    }

    private IReadOnlyList<string> Forms() =>
        [
            .. OfSite()
                .Where(route =>
                    route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                        is ["POST"]
                )
                .Select(PathOf),
        ];

    private IEnumerable<RouteEndpoint> OfSite() =>
        _world
            .Server.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<RouteDoc>()?.Tag == SiteRoutes.Tag);

    private string PathOf(RouteEndpoint route) =>
        RouteDocTransformer
            .PathOf(route)
            .Replace("{id}", PostOfAna(), StringComparison.Ordinal)
            .Replace("{username}", "ana", StringComparison.Ordinal);

    private string PostOfAna() => _ana.Find("article").Id!["post-".Length..];
}
