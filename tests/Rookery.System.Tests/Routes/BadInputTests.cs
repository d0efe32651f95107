using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Routes;

/// <summary>
/// Every field of every route with everything that is wrong for it, in everything that it can be sent in. Made from the server's own route table, so a
/// new route is in it; the rest of each request is right, so it is the one field that is refused.
/// </summary>
public sealed class BadInputTests
{
    private static readonly Carrier[] _bodies = [Carrier.Json, Carrier.Form, Carrier.Multipart];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_takes_what_is_right_in_every_kind_of_body()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes)
        {
            foreach (var body in BodiesOf(route))
            {
                foreach (var all in (bool[])[false, true])
                {
                    // One of its own for each: some routes end tokens, or the account.
                    var scene = await Scene.MakeAsync(world.Http, Stop);
                    var key =
                        route.Doc.Auth == AuthKind.ServiceKey ? world.ServiceKey : scene.Me.Token;
                    var fields = scene.Good(route, all, body).ToArray();
                    var answer = await world.SendAsync(route, fields, body, key, Stop);
                    world.Note(
                        $"{route} by {body}",
                        answer.Status is 200 or 201 or 101 ? null : $"answered {answer}"
                    );
                }
            }
        }

        world.AssertNoBreach(leastCases: 100);
    }

    [Fact]
    public async Task Everything_wrong_in_every_field_of_every_route_is_refused_by_name_and_stores_nothing()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        foreach (var route in world.Routes)
        {
            foreach (var field in route.Doc.Fields)
            {
                foreach (var carrier in CarriersOf(route, field))
                {
                    await RefuseAsync(world, route, field, carrier);
                }
            }
        }

        world.AssertNoBreach(leastCases: 4_000);
    }

    [Fact]
    public async Task A_route_or_a_kind_of_field_that_the_matrix_does_not_know_fails_it()
    {
        await using var world = await RouteWorld.CreateAsync(Stop);
        var field = new FieldDoc("colour", FieldType.Text, FieldPlace.Body, "Which colour.");
        var route = new Route("POST", "/paint", new RouteDoc("Paint", AuthKind.None));
        const FieldType Unheard = (FieldType)99;
        var other = new FieldDoc("wet", Unheard, FieldPlace.Body, "Whether it is wet.");

        Assert.Throws<InvalidOperationException>(() => world.Scene.GoodValue(route, field));
        Assert.Throws<InvalidOperationException>(() =>
            WrongValues.Of(route, field, world.Scene).Count()
        );
        Assert.Throws<InvalidOperationException>(() =>
            WrongValues.Of(route, other, world.Scene).Count()
        );
    }

    private static Carrier[] CarriersOf(Route route, FieldDoc field) =>
        field.Place switch
        {
            FieldPlace.Path => [Carrier.Path],
            FieldPlace.Query => [Carrier.Query],
            FieldPlace.Body => BodiesOf(route),
            _ => route.ReadsBody ? [.. BodiesOf(route), Carrier.Query] : [Carrier.Query],
        };

    private static Carrier[] BodiesOf(Route route) =>
        !route.ReadsBody ? [Carrier.Query]
        : route.TakesFile ? [Carrier.Multipart]
        : _bodies;

    private static async Task RefuseAsync(
        RouteWorld world,
        Route route,
        FieldDoc field,
        Carrier carrier
    )
    {
        var body = carrier is Carrier.Path or Carrier.Query ? route.Body : carrier;
        // The header would win over the field.
        var key = field.Name is "auth_token" or "access_token" ? null : world.KeyOf(route);
        var others = world
            .Scene.Good(route, all: false, body)
            .Where(sent => sent.Field != field)
            .ToArray();
        var samples = WrongValues
            .Of(route, field, world.Scene)
            .Concat(WrongValues.TooLong(route, field, carrier));
        foreach (var sample in samples.Where(sample => sample.Fits(carrier)))
        {
            var answer = await world.SendAsync(
                route,
                [.. others, new SentField(field, sample, carrier)],
                body,
                key,
                Stop
            );
            world.Note(
                $"{route} with {field.Name} in {carrier}, {sample.What}",
                WrongWith(answer, route, field, sample, carrier) ?? world.Stored.Changes()
            );
        }
    }

    private static string? WrongWith(
        WireAnswer answer,
        Route route,
        FieldDoc field,
        Sample sample,
        Carrier carrier
    )
    {
        // What is no path at all is refused before there is a route.
        if (carrier == Carrier.Path && answer is { Status: 400 or 404, Body.Length: 0 })
        {
            return null;
        }

        if (field.IsLenient)
        {
            return WrongWithLenient(answer, field);
        }

        var expected = sample.Refusal switch
        {
            Refusal.Invalid => answer.Status == route.Doc.InvalidStatus,
            Refusal.NotFound => answer.Status == 404,
            Refusal.Unauthenticated => answer.Status == 401,
            _ => true,
        };
        return !expected ? $"answered {answer}"
            : answer.Status is 400 or 404 or 422 || sample.What == Sample.SomebodyElses
                ? RouteWorld.WrongWithNaming(answer, field.Name)
            : RouteWorld.WrongWithRefusal(answer);
    }

    /// <summary>A token is what it is; whatever else means nothing counts as not sent. What is too long for a request line does not arrive.</summary>
    private static string? WrongWithLenient(WireAnswer answer, FieldDoc field) =>
        answer.Status is 200 or 101 || (answer.Status == 401 && field.Name == "access_token")
            ? null
            : $"answered {answer}";
}
