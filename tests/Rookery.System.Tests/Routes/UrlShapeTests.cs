using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Routes;

/// <summary>However a URL is written, nobody gets past a key that a route asks for, and nothing breaks.</summary>
public sealed class UrlShapeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_way_of_writing_a_path_gets_past_its_key()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes)
        {
            var isOpen = route.Doc.Auth is AuthKind.None or AuthKind.OptionalToken;
            foreach (var target in ShapesOf(TargetOf(world, route)))
            {
                var answer = await world.SendAsync(
                    WireRequest.Raw(route.Method, target, null, []),
                    Stop
                );
                world.Note(
                    $"{route.Method} {(target.Length > 200 ? target[..200] + "…" : target)}",
                    WrongWith(answer, isOpen) ?? world.Stored.Changes()
                );
            }
        }

        world.AssertNoBreach(leastCases: 1_000);
    }

    [Fact]
    public async Task No_header_gets_past_a_key()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (
            var route in world.Routes.Where(route =>
                route.Doc.Auth is AuthKind.Token or AuthKind.ServiceKey
            )
        )
        {
            var target = TargetOf(world, route);
            foreach (var header in Claims(target))
            {
                var answer = await world.SendAsync(
                    WireRequest.Raw(route.Method, target, null, [], header),
                    Stop
                );
                world.Note($"{route} with {header}", WrongWith(answer, isOpen: false));
                var elsewhere = await world.SendAsync(
                    WireRequest.Raw("GET", "/nowhere", null, [], header),
                    Stop
                );
                world.Note(
                    $"GET /nowhere with {header}",
                    elsewhere.Status == 404 ? null : $"answered {elsewhere}"
                );
            }
        }

        world.AssertNoBreach(leastCases: 400);
    }

    [Fact]
    public async Task The_method_is_the_one_of_the_request_line()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes)
        {
            var (target, key) = (TargetOf(world, route), world.KeyOf(route));
            foreach (var method in (string[])["GET", "POST"])
            {
                if (method == route.Method)
                {
                    continue;
                }

                var plain = await world.SendAsync(WireRequest.Raw(method, target, key, []), Stop);
                foreach (var header in Overrides(route.Method))
                {
                    var answer = await world.SendAsync(
                        WireRequest.Raw(method, target, key, [], header),
                        Stop
                    );
                    world.Note(
                        $"{method} {route.Path} with {header}",
                        (answer.Status == plain.Status ? null : $"answered {answer}")
                            ?? world.Stored.Changes()
                    );
                }
            }
        }

        world.AssertNoBreach(leastCases: 100);
    }

    private static string[] Overrides(string method) =>
        [
            $"X-HTTP-Method-Override: {method}",
            $"X-HTTP-Method: {method}",
            $"X-Method-Override: {method}",
        ];

    private static string TargetOf(RouteWorld world, Route route) =>
        WireRequest.TargetOf(route, [.. world.Scene.Good(route, all: false, route.Body)]);

    private static string? WrongWith(WireAnswer answer, bool isOpen) =>
        answer.Status >= 500 || (!isOpen && answer.Status < 400) ? $"answered {answer}" : null;

    private static IEnumerable<string> ShapesOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (target, "") : (target[..query], target[query..]);
        string[] paths =
        [
            path,
            "/" + path,
            "//" + path,
            path + "/",
            path + "//",
            path + "/.",
            path + "%2f",
            path + "%2F%2e%2e",
            path + ";a=b",
            path + "%20",
            path + "%00",
            path + ".json",
            path + "%3F",
            path + "\\",
            path + "#here",
            "/." + path,
            "/%2e" + path,
            "/%2e%2e" + path,
            "/status/.." + path,
            "/status/%2e%2e" + path,
            "/status/..%2f" + path[1..],
            "/health/live/../.." + path,
            path.Insert(1, "%2f"),
            path.Insert(1, "./"),
            "/%" + ((int)path[1]).ToString("X2", null) + path[2..],
            "/%25" + ((int)path[1]).ToString("X2", null) + path[2..],
            path.ToUpperInvariant(),
            path.Replace('/', '\\'),
            "http://rookery.test" + path,
            "http://rookery.test/" + path,
            "http://user:password@rookery.test" + path,
            "http://127.0.0.1:1" + path,
            "file://" + path,
            "*",
            path[1..],
            path + "/" + new string('x', 7_000),
            path + "/" + new string('x', 100_000),
            string.Concat(Enumerable.Repeat("/..", 500)) + path,
        ];
        return paths.Select(shape => shape + rest).Append(target + (query < 0 ? "?" : "&") + "x=%");
    }

    /// <summary>What proxies and frameworks elsewhere believe.</summary>
    private static string[] Claims(string target) =>
        [
            $"X-Original-URL: {target}",
            $"X-Rewrite-URL: {target}",
            "X-Forwarded-For: 127.0.0.1",
            "Forwarded: for=127.0.0.1;host=localhost",
            "X-Forwarded-Host: localhost",
            "X-Real-IP: 127.0.0.1",
            "X-Forwarded-User: admin",
            "X-HTTP-Method-Override: GET",
        ];
}
