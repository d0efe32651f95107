using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Routes;

/// <summary>Every route, called by everybody: who may is what the route itself declares.</summary>
public sealed class ActorTests
{
    private enum Actor
    {
        Anonymous,
        WrongToken,
        RevokedToken,
        TokenOfADeletedAccount,
        TokenOfASuspendedAccount,
        ServiceKey,
        AnothersToken,
        OwnToken,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_answers_those_it_declares_and_nobody_else()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        var revoked = await RevokedAsync(world);
        var deleted = await DeletedAsync(world);
        var suspended = await Scene.SignUpAsync(world.Http, Stop);
        await world.SuspendAsync(suspended.Id, Stop);
        foreach (var route in world.Routes)
        {
            foreach (var actor in Enum.GetValues<Actor>())
            {
                var scene = await Scene.MakeAsync(world.Http, Stop);
                var key = actor switch
                {
                    Actor.Anonymous => null,
                    Actor.WrongToken => new string('a', scene.Me.Token.Length),
                    Actor.RevokedToken => revoked,
                    Actor.TokenOfADeletedAccount => deleted,
                    Actor.TokenOfASuspendedAccount => suspended.Token,
                    Actor.ServiceKey => world.ServiceKey,
                    Actor.AnothersToken => (await Scene.SignUpAsync(world.Http, Stop)).Token,
                    _ => scene.Me.Token,
                };
                await CallAsync(world, route, scene, actor, key);
            }
        }

        world.AssertNoBreach(leastCases: 250);
    }

    [Fact]
    public async Task A_token_in_the_wrong_scheme_is_none()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (
            var route in world.Routes.Where(route =>
                route.Doc.Auth is AuthKind.Token or AuthKind.ServiceKey
            )
        )
        {
            foreach (var header in Disguises(world.KeyOf(route)!))
            {
                var target = WireRequest.TargetOf(
                    route,
                    [.. world.Scene.Good(route, all: false, route.Body)]
                );
                var answer = await world.SendAsync(
                    WireRequest.Raw(route.Method, target, null, [], header),
                    Stop
                );
                world.Note($"{route} with {header}", WrongWith(answer, 401));
            }
        }

        world.AssertNoBreach(leastCases: 150);
    }

    private static string[] Disguises(string key) =>
        [
            $"Authorization: {key}",
            $"Authorization: Basic {key}",
            $"Authorization: Bearer{key}",
            $"X-Authorization: Bearer {key}",
            $"Cookie: auth_token={key}",
        ];

    private static async Task CallAsync(
        RouteWorld world,
        Route route,
        Scene scene,
        Actor actor,
        string? key
    )
    {
        var fields = scene.Good(route, all: false, route.Body).ToArray();
        var expected = Expected(route, actor);
        var answer = await world.SendAsync(route, fields, route.Body, key, Stop);
        world.Note($"{route} by {actor}", WrongWith(answer, expected));
    }

    /// <summary>The status, 200 for any success.</summary>
    private static int Expected(Route route, Actor actor) =>
        route.Doc.Auth switch
        {
            AuthKind.None => 200,
            AuthKind.ServiceKey => actor == Actor.ServiceKey ? 200 : 401,
            AuthKind.OptionalToken when actor == Actor.Anonymous => 200,
            _ => actor switch
            {
                Actor.OwnToken => 200,
                Actor.AnothersToken => Scene.IsHidden(route) ? 404
                : IsOwnersAlone(route) ? 403
                : 200,
                _ => 401,
            },
        };

    private static bool IsOwnersAlone(Route route) =>
        route.Doc.Fields.Any(field => Scene.IsOwn(route, field.Name));

    private static string? WrongWith(WireAnswer answer, int expected) =>
        expected == 200
            ? answer.Status is 200 or 201 or 101
                ? null
                : $"answered {answer}"
            : answer.Status != expected
                ? $"expected {expected}, answered {answer}"
                : RouteWorld.WrongWithRefusal(answer);

    private static async Task<string> RevokedAsync(RouteWorld world)
    {
        var somebody = await Scene.SignUpAsync(world.Http, Stop);
        var caller = new Caller(world.Http, somebody.Token);
        (await caller.SendAsync(HttpMethod.Post, "/api/v1/logout", null, Stop)).Require(200);
        return somebody.Token;
    }

    private static async Task<string> DeletedAsync(RouteWorld world)
    {
        var somebody = await Scene.SignUpAsync(world.Http, Stop);
        (await somebody.DeleteAccountAsync(Stop)).Require(200);
        return somebody.Token;
    }
}
