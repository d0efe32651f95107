using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>How far the caller has read, for all of his clients.</summary>
internal sealed class MarkersMastodonApi(Callers callers, KeepMarkers markers, TimeProvider time)
{
    private const string Path = "/api/v1/markers";
    private const string Timeline = "timeline";

    private const string Example =
        """{"notifications":{"last_read_id":"2714000000000001","version":3,"updated_at":"2026-01-02T03:04:05.678Z"}}""";

    private static readonly (string Name, MarkedTimeline Timeline)[] _timelines =
    [
        ("home", MarkedTimeline.Home),
        ("notifications", MarkedTimeline.Notifications),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<MarkersMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "GET",
            Path,
            api.ReadAsync,
            NotificationsDoc.Of(
                "How far the caller has read",
                [
                    NotificationTypes.Named(
                        Timeline,
                        "`home` and `notifications`, as `timeline[]` for each."
                    ),
                ],
                new AnswerDoc(
                    200,
                    "What was asked for and set; of notifications always something",
                    Example
                )
            )
        );
        routes.MapMastodon(
            "POST",
            Path,
            api.MarkAsync,
            NotificationsDoc.Of(
                "Say how far the caller has read",
                _timelines.Select(one => new FieldDoc(
                    FieldOf(one.Name),
                    FieldType.Id,
                    FieldPlace.Body,
                    "The last that was read, also as an object in an object.",
                    false
                )),
                new AnswerDoc(200, "What was set", Example),
                new AnswerDoc(409, "Another client set the same at the same moment")
            )
        );
    }

    private async Task<Problem?> ReadAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var asked = new LenientFields(sent).Texts(Timeline, _timelines.Length * 2);
        var wanted = _timelines
            .Where(one => asked.Contains(one.Name))
            .Select(one => one.Timeline)
            .ToHashSet();
        var set = (await markers.ReadAsync(caller.Value, context.RequestAborted))
            .Where(marker => wanted.Contains(marker.Timeline))
            .ToList();
        // A client that counts what is unread looks no further where there is none.
        if (
            wanted.Contains(MarkedTimeline.Notifications)
            && set.TrueForAll(marker => marker.Timeline != MarkedTimeline.Notifications)
        )
        {
            set.Add(new Marker(MarkedTimeline.Notifications, 0, 0, time.GetUtcNow()));
        }

        return await context.AnswerValueAsync<IReadOnlyList<Marker>>(200, set, Write);
    }

    private async Task<Problem?> MarkAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var wanted = new Dictionary<MarkedTimeline, long>();
        foreach (var (name, timeline) in _timelines)
        {
            if (fields.OptionalPost(FieldOf(name)) is { } last)
            {
                wanted[timeline] = last.Value;
            }
        }

        return caller.Problem
            ?? fields.Problem
            ?? await context.AnswerAsync(
                200,
                await markers.HandleAsync(caller.Value, wanted, context.RequestAborted),
                Write
            );
    }

    private static string FieldOf(string timeline) => $"{timeline}[last_read_id]";

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Marker> set)
    {
        json.WriteStartObject();
        foreach (var marker in set)
        {
            json.WriteStartObject(_timelines.First(one => one.Timeline == marker.Timeline).Name);
            json.WriteString(
                "last_read_id",
                marker.LastRead.ToString(CultureInfo.InvariantCulture)
            );
            json.WriteNumber("version", marker.Version);
            json.WriteIsoTime("updated_at", marker.UpdatedAt);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
