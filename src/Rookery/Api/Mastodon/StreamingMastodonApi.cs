using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Streams of posts over Server-Sent Events, as Mastodon's clients open them.</summary>
internal sealed class StreamingMastodonApi(
    Callers callers,
    SiteAddress address,
    ReadTimeline read,
    LiveStreams streams,
    FollowStream follow
)
{
    public const string EventStream = "text/event-stream";

    private const string Path = "/api/v1/streaming/";
    private const string Tag = "tag";

    private static readonly ReadOnlyMemory<byte> Ok = "OK"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var parts = routes.ServiceProvider;
        var follow = ActivatorUtilities.CreateInstance<FollowStream>(
            parts,
            ActivatorUtilities.CreateInstance<SharedStatuses>(parts),
            parts.GetRequiredService<ReplayMissed>()
        );
        ActivatorUtilities.CreateInstance<StreamingMastodonApi>(parts, follow).MapAll(routes);
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
        routes.MapMastodon(
            "GET",
            Path + "user",
            HomeAsync,
            Doc("What comes to the caller's home timeline, as it comes", AuthKind.Token)
        );
        const string Everybody = "Public posts and replies of everybody, as they come";
        routes.MapMastodon(
            "GET",
            Path + "public",
            PublicAsync,
            Doc(Everybody, AuthKind.OptionalToken)
        );
        routes.MapMastodon(
            "GET",
            Path + "public/local",
            PublicAsync,
            Doc(Everybody, AuthKind.OptionalToken)
        );
        routes.MapMastodon(
            "GET",
            Path + "hashtag",
            HashtagAsync,
            Doc(
                "Public posts with a hashtag, as they come",
                AuthKind.OptionalToken,
                new FieldDoc(
                    Tag,
                    FieldType.Text,
                    FieldPlace.Query,
                    "The hashtag, with or without #.",
                    true,
                    1,
                    Hashtag.MaxLength
                )
            )
        );
    }

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
                    "`update` with a status, `delete` with an id, `gap` with what is not sent again; `Last-Event-ID` says what the caller has",
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

    private async Task<Problem?> HomeAsync(HttpContext context)
    {
        var caller = await CallerAsync(context);
        return !caller.Succeeded ? caller.Problem
            : caller.Value is { } owner ? await StreamAsync(context, new LiveHome(read, owner))
            : Problem.Unauthenticated(
                "This needs a token: log in, and send it as `Authorization: Bearer TOKEN` or as `access_token`."
            );
    }

    private async Task<Problem?> PublicAsync(HttpContext context)
    {
        var caller = await CallerAsync(context);
        return caller.Succeeded
            ? await StreamAsync(context, new LiveList(read, null, caller.Value))
            : caller.Problem;
    }

    private async Task<Problem?> HashtagAsync(HttpContext context)
    {
        var caller = await CallerAsync(context);
        var fields = RequestFields.OfQuery(context);
        var sent = fields.Text(Tag);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var hashtag = Hashtag.Parse(sent, Tag);
        return hashtag.Succeeded
            ? await StreamAsync(context, new LiveList(read, hashtag.Value, caller.Value))
            : hashtag.Problem;
    }

    private ValueTask<Result<AccountId?>> CallerAsync(HttpContext context) =>
        callers.OptionalAsync(context, new LenientFields(RequestFields.OfQuery(context)));

    private async Task<Problem?> StreamAsync(HttpContext context, LiveView view)
    {
        var token = context.RequestAborted;
        // Whom the viewer follows and hides is in memory before the first post comes: then it comes to many at once.
        await read.ContextAsync(view.Viewer, token);
        var opened = await streams.OpenAsync(
            view.Topic,
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
                var site = MastodonSite.Of(address, context.Request);
                await follow.HandleAsync(context, opened.Value, view, site);
            }
        }
        finally
        {
            streams.Close(opened.Value);
        }

        return null;
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
