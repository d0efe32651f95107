using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Server.Composition;
using Rookery.Server.OpenApi;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class RouteLimitTests
{
    /// <summary>More than any limit of the test, so that one of them is refused also where a slow machine lets a bucket fill up.</summary>
    private const int Tries = 12;

    private static readonly Dictionary<string, string?> Narrow = new()
    {
        ["Limits:ReadsPerMinute"] = "3",
        ["Limits:WritesPerMinute"] = "3",
        ["Limits:SearchesPerSecond"] = "3",
        ["Accounts:SignUpsPerHourAndAddress"] = "3",
        ["Accounts:LogInsPerMinuteAndAddress"] = "3",
        ["Accounts:LogInsPerMinuteAndName"] = "3",
        ["Accounts:MailsPerHourAndAddress"] = "3",
    };

    private static int _callers;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_backends_and_load_balancers_are_not_counted()
    {
        await using var world = await World.EmptyAsync(Token);
        var uncounted = RoutesOf(world)
            .Where(route => DocOf(route).Limit is null or RouteLimit.None)
            .Where(route => DocOf(route).Auth != AuthKind.ServiceKey)
            .Select(RouteDocTransformer.PathOf);
        Assert.Equal(
            ["/api/v1/streaming/health", "/health/live", "/health/ready", "/status"],
            uncounted.Order(StringComparer.Ordinal)
        );
        Assert.All(
            RoutesOf(world),
            route => Assert.NotNull(route.Metadata.GetMetadata<BodyLimit>())
        );
    }

    [Fact]
    public async Task Every_counted_route_lets_a_new_caller_in_and_refuses_one_that_asks_too_often()
    {
        await using var world = await World.EmptyAsync(Token, Narrow);
        var counted = RoutesOf(world)
            .Where(route => DocOf(route).Limit != RouteLimit.None)
            .ToList();
        Assert.True(counted.Count > 25, $"{counted.Count} routes");
        foreach (var route in counted)
        {
            var path = RouteDocTransformer.PathOf(route);
            // Who is not known by a token is known by an address, and all here have the same; mails are counted by both.
            await using var own = DocOf(route)
                is { Auth: AuthKind.None }
                    or { Limit: RouteLimit.Mails }
                ? await World.EmptyAsync(Token, Narrow)
                : null;
            var at = own ?? world;
            var token = await NewCallerAsync(at, $"caller_{counted.IndexOf(route)}");
            var statuses = new List<HttpStatusCode>();
            for (var i = 0; i < Tries; i++)
            {
                // Streams have no end.
                using var answer = await at.Server.Http.SendAsync(
                    Request(route, token),
                    HttpCompletionOption.ResponseHeadersRead,
                    Token
                );
                statuses.Add(answer.StatusCode);
                Assert.Equal(
                    answer.StatusCode == HttpStatusCode.TooManyRequests,
                    answer.Headers.RetryAfter is not null
                );
            }

            Assert.True(statuses[0] != HttpStatusCode.TooManyRequests, $"{path} at once");
            Assert.True(statuses.Contains(HttpStatusCode.TooManyRequests), $"{path} without end");
        }
    }

    [Fact]
    public async Task Searching_has_a_limit_of_its_own_also_without_a_token()
    {
        await using var world = await World.EmptyAsync(
            Token,
            new Dictionary<string, string?> { ["Limits:SearchesPerSecond"] = "1" }
        );
        var searches = await Task.WhenAll(
            Enumerable
                .Range(0, Tries)
                .Select(_ => world.Server.Http.GetAsync("/api/v1/search?query=tern", Token))
        );
        using var other = await world.Server.Http.GetAsync("/api/v1/public_timeline", Token);
        Assert.Contains(searches, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_search_that_reads_through_many_posts_counts_as_several_wherever_it_is_asked()
    {
        await using var world = await World.EmptyAsync(
            Token,
            new Dictionary<string, string?> { ["Limits:SearchesPerSecond"] = "1" }
        );
        var author = await world.Server.Service.CreateUserAsync("Ana", Token);
        foreach (var some in Enumerable.Range(0, 2 * RequestLimits.PostsPerSearch).Chunk(250))
        {
            await Task.WhenAll(
                some.Select(_ => world.Server.Service.PostAsync(author, "a tern", Token))
            );
        }

        await world.SettleAsync(Token);
        foreach (
            var path in (string[])
                ["/api/v1/search?query=", "/api/v2/search?type=statuses&q=", "/search?q="]
        )
        {
            // Of one that is cheap the next is let in after a second at most.
            Assert.InRange(await WaitAfterAsync(path, "tern"), 0, 1);
            Assert.InRange(await WaitAfterAsync(path, "%22tern+a%22"), 2, 3);
        }

        async Task<double> WaitAfterAsync(string path, string query)
        {
            var token = await NewCallerAsync(world, $"caller{Interlocked.Increment(ref _callers)}");
            using var searched = await SearchAsync(path + query, token);
            Assert.Equal(HttpStatusCode.OK, searched.StatusCode);
            using var next = await SearchAsync(path + "tern", token);
            return next.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0;
        }

        async Task<HttpResponseMessage> SearchAsync(string path, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            SignIn(request, token);
            return await world.Server.Http.SendAsync(request, Token);
        }
    }

    [Fact]
    public async Task Many_bodies_from_one_address_are_refused_unread()
    {
        await using var world = await World.EmptyAsync(
            Token,
            new Dictionary<string, string?> { ["Limits:BodiesPerMinuteAndAddress"] = "2" }
        );
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var body = new StringContent("not even JSON", null, Requests.Json);
            using var answer = await world.Server.Http.PostAsync("/api/v1/follow", body, Token);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(
            [
                HttpStatusCode.BadRequest,
                HttpStatusCode.BadRequest,
                HttpStatusCode.TooManyRequests,
                HttpStatusCode.TooManyRequests,
            ],
            statuses
        );
    }

    [Fact]
    public async Task A_body_may_be_as_long_as_its_route_needs()
    {
        await using var world = await World.EmptyAsync(Token);
        var ana = await world.SignUpAsync("ana", Token);
        using var long1 = new StringContent(
            $"user_id=7&auth_token={new string('x', 1_000_000)}",
            null,
            Requests.Form
        );
        using var refused = await world.Server.Http.PostAsync("/api/v1/follow", long1, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains(
            "auth_token makes the body too large; here it may have at most 65536 bytes",
            await refused.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );

        // Each a family of eleven units, which JSON escapes as 66 bytes: all of the 500 that are allowed.
        var family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
        var posted = await ana.PostAsync(string.Concat(Enumerable.Repeat(family, 500)), Token);
        posted.Require(201);
    }

    [Fact]
    public async Task All_bodies_together_take_no_more_than_their_budget()
    {
        var budget = new BodyBudget(
            Options.Create(new RequestLimitsOptions { BodyBytes = 1 << 20 })
        );
        var limit = new BodyLimit(BodyLimit.OfBackends, budget);
        var fits = await Requests.ReadAsync(limit, new byte[100_000]);
        var tooMuch = await Requests.ReadAsync(limit, new byte[2 << 20]);

        Assert.NotEqual(ProblemKind.Unavailable, fits.Problem?.Kind);
        Assert.Equal(ProblemKind.Unavailable, tooMuch.Problem?.Kind);
        Assert.Equal(1 << 20, budget.Free);
    }

    [Fact]
    public void A_list_is_not_cut_further_than_it_is_read()
    {
        var commas = Requests.Query("?ids=" + new string(',', 1_000_000));
        commas.Accounts("ids", 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = Requests.Query("?ids=" + new string(',', 1_000_000));
        var made = GC.GetAllocatedBytesForCurrentThread();
        again.Accounts("ids", 10);
        var read = GC.GetAllocatedBytesForCurrentThread() - made;

        Assert.NotNull(again.Problem);
        Assert.InRange(read, 0, 2 * (made - before));
    }

    private static List<RouteEndpoint> RoutesOf(World world) =>
        [
            .. world
                .Server.Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(route => RouteDocTransformer.PathOf(route) != ControlApi.Path),
        ];

    private static RouteDoc DocOf(RouteEndpoint route) =>
        route.Metadata.GetRequiredMetadata<RouteDoc>();

    private static async Task<string> NewCallerAsync(World world, string name)
    {
        var request = new SignUpRequest(name, $"{name}@example.org", ClassicClient.Password);
        var signUp = world.Server.Services.GetRequiredService<SignUp>();
        return (await signUp.HandleAsync(request, Token)).Value.AuthToken;
    }

    private static HttpRequestMessage Request(RouteEndpoint route, string token)
    {
        var method = route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0];
        var path = RouteDocTransformer
            .PathOf(route)
            .Replace("{tweet_id}", "1", StringComparison.Ordinal)
            .Replace("{id}", "1", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        SignIn(request, token);
        request.Content = method == "GET" ? null : new StringContent("{}", null, Requests.Json);
        return request;
    }

    private static void SignIn(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new("Bearer", token);
        // The site knows its members by nothing else.
        request.Headers.Add("Cookie", $"rookery={token}");
    }
}
