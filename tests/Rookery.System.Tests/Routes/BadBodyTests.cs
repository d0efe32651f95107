using System.Text;
using Rookery.Api;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Routes;

/// <summary>Bodies and methods that are wrong as a whole, for every route that reads a body and every path.</summary>
public sealed class BadBodyTests
{
    private const int Megabyte = 1 << 20;

    private const string Json = "Content-Type: application/json";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Multipart = "Content-Type: multipart/form-data; boundary=b";

    private static readonly string[] _methods =
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "BREW",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_refuses_a_body_that_is_none_and_stores_nothing()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes.Where(route => route.ReadsBody && !route.TakesFile))
        {
            var right = Encoding.UTF8.GetString(RightBody(world, route));
            foreach (var (what, status, headers, body) in WrongBodies(route, right))
            {
                var answer = await world.SendAsync(
                    WireRequest.Raw(
                        route.Method,
                        TargetOf(world, route),
                        world.KeyOf(route),
                        body,
                        headers
                    ),
                    Stop
                );
                // What is left of a body that is not wanted is not read.
                if (answer.Status == 413)
                {
                    world.Wire.Dispose();
                }

                world.Note(
                    $"{route} with {what}",
                    answer.Status != status
                        ? $"expected {status}, answered {answer}"
                        : RouteWorld.WrongWithRefusal(answer) ?? world.Stored.Changes()
                );
            }
        }

        world.AssertNoBreach(leastCases: 300);
    }

    [Fact]
    public async Task Every_upload_refuses_a_body_that_is_none_and_stores_nothing()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes.Where(route => route.TakesFile))
        {
            var right = RightBody(world, route, all: !route.NeedsFile);
            foreach (var (what, status, headers, body) in WrongUploads(route, right))
            {
                var answer = await world.SendAsync(
                    WireRequest.Raw(
                        route.Method,
                        TargetOf(world, route),
                        world.KeyOf(route),
                        body,
                        headers
                    ),
                    Stop
                );
                // What is left of a body that is not wanted is not read.
                world.Wire.Dispose();
                world.Note(
                    $"{route} with {what}",
                    answer.Status != status
                        ? $"expected {status}, answered {answer}"
                        : RouteWorld.WrongWithRefusal(answer) ?? world.Stored.Changes()
                );
            }
        }

        world.AssertNoBreach(leastCases: 10);
    }

    [Fact]
    public async Task A_body_that_breaks_off_stores_nothing()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes.Where(route => route.ReadsBody))
        {
            var right = RightBody(world, route);
            var chunk = Encoding.ASCII.GetBytes($"{right.Length + 5:X}\r\n").Concat(right);
            foreach (
                var (header, sent) in new[]
                {
                    ("Transfer-Encoding: chunked", chunk.ToArray()),
                    ($"Content-Length: {right.Length + 5}", right),
                }
            )
            {
                using var wire = new WireClient(world.Http.BaseAddress!);
                await wire.WriteAsync(
                    WireRequest.Raw(
                        route.Method,
                        TargetOf(world, route),
                        world.KeyOf(route),
                        sent,
                        route.TakesFile ? WireRequest.Multipart : Json,
                        header
                    ),
                    Stop
                );
                wire.EndWriting();
                world.Note(
                    $"{route}, {header}, broken off",
                    await BrokenOffAsync(wire) ?? world.Stored.Changes()
                );
            }
        }

        world.AssertNoBreach(leastCases: 0);
    }

    [Fact]
    public async Task A_path_answers_405_with_Allow_or_where_it_is_Mastodons_404_to_every_other_method_and_stores_nothing()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var routes in world.Routes.GroupBy(route => route.Path))
        {
            var allowed = routes.Select(route => route.Method).ToHashSet();
            if (allowed.Contains("GET"))
            {
                allowed.Add("HEAD");
            }

            foreach (var method in _methods.Where(method => !allowed.Contains(method)))
            {
                var isHead = method == "HEAD";
                var answer = await world.SendAsync(
                    WireRequest.Raw(
                        method,
                        TargetOf(world, routes.First()),
                        world.KeyOf(routes.First()),
                        []
                    ),
                    Stop,
                    isHead
                );
                if (method == "OPTIONS" && routes.First().IsClient)
                {
                    // Browsers ask so before they send what a page of another site wants sent.
                    world.Note(
                        $"{method} {routes.Key}",
                        answer.Status == 204 ? world.Stored.Changes() : $"answered {answer}"
                    );
                    continue;
                }

                var allow = answer.Headers.GetValueOrDefault("Allow", "").Split(", ");
                world.Note(
                    $"{method} {routes.Key}",
                    answer.Status != (routes.Any(one => one.Doc.IsForBrowsers) ? 404 : 405)
                            ? $"answered {answer}"
                        : !allowed.SetEquals(allow) ? $"allows {string.Join(',', allow)}"
                        : isHead ? world.Stored.Changes()
                        : RouteWorld.WrongWithRefusal(answer) ?? world.Stored.Changes()
                );
            }
        }

        world.AssertNoBreach(leastCases: 200);
    }

    private static byte[] RightBody(RouteWorld world, Route route, bool all = false)
    {
        var request = WireRequest.Of(
            route,
            [.. world.Scene.Good(route, all, route.Body)],
            route.Body,
            null
        );
        return request[(request.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
    }

    private static string TargetOf(RouteWorld world, Route route) =>
        WireRequest.TargetOf(route, [.. world.Scene.Good(route, all: false, route.Body)]);

    private static IEnumerable<(
        string What,
        int Status,
        string[] Headers,
        byte[] Body
    )> WrongBodies(Route route, string right)
    {
        var deep = new string('[', 50_000);
        yield return Of("malformed JSON", 400, right[..^1] + ",");
        yield return Of("half of a JSON object", 400, right[..^1]);
        yield return Of("two JSON objects", 400, right + right);
        yield return Of("a comment in JSON", 400, right[..^1] + "/**/}");
        yield return Of("JSON that is an array", 400, $"[{right}]");
        yield return Of("JSON that is a text", 400, "\"name\"");
        yield return Of("JSON that is null", 400, "null");
        yield return Of("deep JSON", 400, "{\"x\":" + deep);
        yield return Of("deep objects", 400, string.Concat(Enumerable.Repeat("{\"x\":", 10_000)));
        yield return Of("a deep array", 400, deep);
        yield return Of("a name that is no text", 400, "{\"\\ud800\":1}");
        yield return Of("JSON in UTF-16", 400, Encoding.Unicode.GetBytes(right), Json);
        yield return Of("a form with a broken name", 400, "%zz=1"u8.ToArray(), Form);
        yield return Of("multipart without its end", 400, "--b\r\nContent-"u8.ToArray(), Multipart);
        yield return Of("multipart of nothing", 400, "name"u8.ToArray(), Multipart);
        yield return Of("plain text", 415, "name"u8.ToArray(), "Content-Type: text/plain");
        yield return Of("XML", 415, "<name/>"u8.ToArray(), "Content-Type: application/xml");
        yield return Of("no content type", 415, "name"u8.ToArray());
        yield return Of("gzip", 415, Encoding.UTF8.GetBytes(right), Json, "Content-Encoding: gzip");
        yield return Of(
            "more than may be sent",
            413,
            // The longest limit is told by the announced length alone.
            route.Doc.MaxBodyBytes > Megabyte
                ? []
                : new byte[route.Doc.MaxBodyBytes!.Value + 1],
            Json,
            $"Content-Length: {route.Doc.MaxBodyBytes + 1}"
        );
        if (route.Doc.Fields.FirstOrDefault(field => field.Place == FieldPlace.Body) is { } field)
        {
            var twice = $"\"{field.Name}\":\"7\"";
            yield return Of("a key twice", route.Doc.InvalidStatus, $"{{{twice},{twice}}}");
        }
    }

    private static IEnumerable<(
        string What,
        int Status,
        string[] Headers,
        byte[] Body
    )> WrongUploads(Route route, byte[] right)
    {
        string[] kind = [WireRequest.Multipart];
        yield return ("no content type", 415, [], right);
        yield return ("gzip", 415, [.. kind, "Content-Encoding: gzip"], right);
        yield return ("no boundary", 400, ["Content-Type: multipart/form-data"], right);
        yield return ("another boundary", 400, [Multipart], right);
        yield return ("no end", 400, kind, right[..^20]);
        if (!route.NeedsFile)
        {
            // Without files it takes less, as JSON too.
            yield break;
        }

        yield return (
            "more than may be sent",
            413,
            [.. kind, $"Content-Length: {route.Doc.MaxBodyBytes + 1}"],
            []
        );
        yield return ("JSON", 415, [Json], "{}"u8.ToArray());
        yield return ("a form", 415, [Form], "file=1"u8.ToArray());
        yield return ("no file", 422, kind, "------matrix--\r\n"u8.ToArray());
        var part = right[..(right.AsSpan().LastIndexOf("------matrix--"u8))];
        yield return ("two files", 422, kind, [.. part, .. right]);
        var tooLarge = SamplePictures.Png();
        // Of a picture; the body may have as much as a video.
        var rest = new byte[new MediaOptions().MaxBytes];
        yield return (
            "a file that is too large",
            413,
            kind,
            WireRequest.Upload([.. tooLarge, .. rest])
        );
    }

    private static (string, int, string[], byte[]) Of(string what, int status, string json) =>
        (what, status, [Json], Encoding.UTF8.GetBytes(json));

    private static (string, int, string[], byte[]) Of(
        string what,
        int status,
        byte[] body,
        params string[] headers
    ) => (what, status, headers, body);

    /// <summary>Nobody may be there to read an answer; where there is one, it is a refusal.</summary>
    private static async Task<string?> BrokenOffAsync(WireClient wire)
    {
        try
        {
            var answer = await wire.ReadAnswerAsync(Stop);
            return answer.Status is < 400 or > 499 ? $"answered {answer}" : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
