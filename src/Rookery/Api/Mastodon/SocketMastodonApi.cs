using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Live;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Streams over a WebSocket, as Mastodon's apps open them: several on one. Only a token opens one, which no page of another site has. The cookie of this site's pages
/// opens none, so the page that opens a socket may be anybody's.
/// </summary>
internal sealed class SocketMastodonApi(
    Callers callers,
    ReadTimeline read,
    LiveStreams streams,
    FollowSocket follow,
    IOptions<LiveOptions> options
)
{
    private const string Path = "/api/v1/streaming";

    /// <summary>How many signs of life of a stream there are for one of a socket, which its reader has to answer.</summary>
    private const int BeatsPerPing = 2;

    /// <summary>What a name of a protocol is made of. A token is.</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    private static readonly Problem NoSocket = new(
        ProblemKind.Invalid,
        "This is the address of a WebSocket: connect with a program for these. Streams over HTTP are at /api/v1/streaming/user, /public and /hashtag."
    );

    public static void Map(IEndpointRouteBuilder routes, FindStream find, FollowStream follow)
    {
        var parts = routes.ServiceProvider;
        var socket = ActivatorUtilities.CreateInstance<FollowSocket>(parts, find, follow);
        var api = ActivatorUtilities.CreateInstance<SocketMastodonApi>(parts, socket);
        routes.MapMastodon(
            "GET",
            Path,
            api.OpenAsync,
            new RouteDoc("Several streams over one WebSocket", AuthKind.Token)
            {
                Fields =
                [
                    SearchDoc.Lenient(
                        FollowSocket.Stream,
                        FieldType.Text,
                        "The first one, such as `user` or `public:local`; more are asked for by messages."
                    ),
                    SearchDoc.Lenient(FollowSocket.Tag, FieldType.Text, "Of which hashtag."),
                    SearchDoc.Lenient(
                        FollowSocket.LastEventId,
                        FieldType.Text,
                        "The id of the last event that the caller has of it: what came since is sent first."
                    ),
                    MastodonRoutes.Token,
                ],
                Answers =
                [
                    new(
                        101,
                        "Messages both ways; a `Sec-WebSocket-Protocol` may be the token, and is said again"
                    ),
                    new(400, "This is no WebSocket"),
                    new(429, "The caller has too many streams open"),
                    new(503, "No further stream can be opened"),
                ],
            }
        );
    }

    /// <summary>For this one path, before its endpoint: others need not know what a WebSocket is.</summary>
    public static void UseStreamSockets(IApplicationBuilder app) =>
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments(Path),
            static sockets => sockets.UseWebSockets()
        );

    private async Task<Problem?> OpenAsync(HttpContext context)
    {
        var protocol = ProtocolOf(context);
        TakeToken(context, protocol);
        var fields = new LenientFields(RequestFields.OfQuery(context));
        var caller = await callers.OptionalAsync(context, fields);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        if (caller.Value is not { } viewer)
        {
            return Problem.Unauthenticated(
                "This needs a token: log in, and send it as `Authorization: Bearer TOKEN`, as `access_token` or as the WebSocket's protocol."
            );
        }

        return context.WebSockets.IsWebSocketRequest
            ? await FollowAsync(context, viewer, protocol)
            : NoSocket;
    }

    private async Task<Problem?> FollowAsync(
        HttpContext context,
        AccountId viewer,
        string? protocol
    )
    {
        var token = context.RequestAborted;
        // Whom the viewer follows and hides is in memory before the first post comes: then it comes to many at once.
        await read.ContextAsync(viewer, token);
        var opened = await streams.OpenAsync(
            null,
            viewer,
            RateKey.OfAccount(viewer),
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
            using var socket = await AcceptAsync(context, protocol);
            await follow.HandleAsync(context, socket, opened.Value, viewer);
        }
        finally
        {
            streams.Close(opened.Value);
        }

        return null;
    }

    /// <summary>Who answers no ping has gone, whatever the connection says.</summary>
    private Task<WebSocket> AcceptAsync(HttpContext context, string? protocol)
    {
        var ping = TimeSpan.FromSeconds(BeatsPerPing * options.Value.HeartbeatSeconds);
        return context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = protocol,
                KeepAliveInterval = ping,
                KeepAliveTimeout = ping,
            }
        );
    }

    /// <summary>The first that is asked for: a browser gives up a socket that is not answered with one of them.</summary>
    private static string? ProtocolOf(HttpContext context) =>
        context.WebSockets.WebSocketRequestedProtocols is [{ Length: > 0 } first, ..]
        && !first.AsSpan().ContainsAnyExcept(NameCharacters)
            ? first
            : null;

    /// <summary>The one header that a script in a browser can set on a WebSocket.</summary>
    private static void TakeToken(HttpContext context, string? protocol)
    {
        if (
            protocol is not null
            && Callers.InHeader(context) is null
            && new LenientFields(RequestFields.OfQuery(context)).Text(Callers.AccessToken) is null
        )
        {
            context.Request.Headers.Authorization = Callers.Scheme + protocol;
        }
    }
}
