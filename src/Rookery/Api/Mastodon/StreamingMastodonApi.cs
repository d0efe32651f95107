using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Streams of posts and notifications over Server-Sent Events, as Mastodon's clients open them.</summary>
internal sealed class StreamingMastodonApi(
    Callers callers,
    SiteAddress address,
    ReadTimeline read,
    LiveStreams streams,
    FindStream find,
    FollowStream follow
)
{
    public const string EventStream = "text/event-stream";

    private const string Path = "/api/v1/streaming/";
    private const string Tag = "tag";
    private const string OnlyMedia = "only_media";

    private static readonly ReadOnlyMemory<byte> Ok = "OK"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var parts = routes.ServiceProvider;
        var follow = ActivatorUtilities.CreateInstance<FollowStream>(
            parts,
            ActivatorUtilities.CreateInstance<SharedStatuses>(parts),
            parts.GetRequiredService<ReplayMissed>()
        );
        var find = ActivatorUtilities.CreateInstance<FindStream>(parts);
        ActivatorUtilities.CreateInstance<StreamingMastodonApi>(parts, find, follow).MapAll(routes);
        SocketMastodonApi.Map(routes, find, follow);
    }

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapMastodon(
            "GET",
            Path + "health",
            HealthAsync,
            new RouteDoc("Streams are to be had", AuthKind.None)
            {
                Limit = RouteLimit.None,
                Answers = [new(200, "`OK`", ContentType: "text/plain")],
            }
        );
        Map(
            routes,
            FindStream.User,
            Doc(
                "What comes to the caller's home timeline, and the caller's notifications, as they come",
                AuthKind.Token
            )
        );
        Map(
            routes,
            FindStream.Notifications,
            Doc("The caller's notifications, as they come", AuthKind.Token)
        );
        MapPublic(routes, FindStream.Everybody, "Public posts and replies of everybody");
        MapPublic(routes, "public:local", "Public posts and replies of everybody");
        MapPublic(routes, FindStream.OthersAlone, "Public posts of other servers: there are none");
        MapHashtag(routes, AskedStream.Hashtag);
        MapHashtag(routes, AskedStream.LocalHashtag);
    }

    private void MapPublic(IEndpointRouteBuilder routes, string name, string what) =>
        Map(
            routes,
            name,
            Doc(
                $"{what}, as they come",
                AuthKind.OptionalToken,
                SearchDoc.Lenient(OnlyMedia, FieldType.Flag, "Only what has pictures or a video.")
            )
        );

    private void MapHashtag(IEndpointRouteBuilder routes, string name) =>
        Map(
            routes,
            name,
            Doc(
                "Public posts with a hashtag, as they come",
                AuthKind.OptionalToken,
                new FieldDoc(
                    Tag,
                    FieldType.Text,
                    FieldPlace.Query,
                    "The hashtag, with or without its sign.",
                    true,
                    1,
                    Hashtag.MaxLength
                )
            )
        );

    private void Map(IEndpointRouteBuilder routes, string name, RouteDoc doc) =>
        routes.MapMastodon(
            "GET",
            Path + name.Replace(':', '/'),
            context => StreamAsync(context, name),
            doc
        );

    private static RouteDoc Doc(
        string summary,
        AuthKind auth,
        params IReadOnlyList<FieldDoc> fields
    ) =>
        new(summary, auth)
        {
            Fields = [MastodonRoutes.Token, .. fields],
            Answers =
            [
                new(
                    200,
                    "`update` with a status, `delete` with an id, `notification` with a notification, `gap` with what is not sent again; `Last-Event-ID` says what the caller has",
                    ContentType: EventStream
                ),
                new(429, "The caller has too many streams open"),
                new(503, "No further stream can be opened"),
            ],
        };

    private static async Task<Problem?> HealthAsync(HttpContext context)
    {
        await JsonAnswer.SendAsync(context, 200, "text/plain; charset=utf-8", Ok);
        return null;
    }

    private async Task<Problem?> StreamAsync(HttpContext context, string name)
    {
        var sent = RequestFields.OfQuery(context);
        var fields = new LenientFields(sent);
        var caller = await callers.OptionalAsync(context, fields);
        var tag = AskedStream.IsHashtag(name) ? sent.Text(Tag) : null;
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var isOfMedia =
            name.StartsWith(FindStream.Everybody, StringComparison.Ordinal)
            && fields.Flag(OnlyMedia);
        var found = find.Handle(
            new AskedStream(
                isOfMedia ? name + FindStream.Media : name,
                tag,
                caller.Value,
                context.Request.Headers["Last-Event-ID"].ToString()
            )
        );
        return found.Succeeded ? await StreamAsync(context, found.Value) : found.Problem;
    }

    private async Task<Problem?> StreamAsync(HttpContext context, LiveView view)
    {
        var token = context.RequestAborted;
        // Whom the viewer follows and hides is in memory before the first post comes: then it comes to many at once.
        await read.ContextAsync(view.Viewer, token);
        var opened = await streams.OpenAsync(
            view,
            view.Viewer,
            view.Viewer is { } viewer
                ? RateKey.OfAccount(viewer)
                : ClientAddress.KeyOf(context.Connection.RemoteIpAddress),
            context.Abort,
            token
        );
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        try
        {
            await using var gone = token.Register(() => opened.Value.EndFor(LiveEnd.Gone));
            await BeginAsync(context);
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await FollowAsync(context, opened.Value);
            }
        }
        finally
        {
            streams.Close(opened.Value);
        }

        return null;
    }

    private async Task FollowAsync(HttpContext context, LiveStream stream)
    {
        var writer = new EventWriter(context.Response.BodyWriter, stream);
        var site = MastodonSite.Of(address, context.Request);
        var why = await follow.HandleAsync(context, stream, site, writer);
        if (why != LiveEnd.Gone && !context.RequestAborted.IsCancellationRequested)
        {
            writer.End(why);
            await writer.FlushAsync();
        }
    }

    private static Task BeginAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = EventStream;
        // What is said to one kind of proxy that would gather the answer before it passes it on.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        return response.StartAsync(context.RequestAborted);
    }
}
