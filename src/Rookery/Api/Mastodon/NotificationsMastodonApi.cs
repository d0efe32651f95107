using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>What the caller was told, one by one.</summary>
internal sealed class NotificationsMastodonApi(
    Callers callers,
    SiteAddress address,
    ReadNotifications read,
    DismissNotifications dismiss,
    GatherNotified gather
)
{
    private const string Root = "/api/v1/notifications";

    private static readonly string[] _kept = [NotificationsDoc.Limit, .. NotificationTypes.Kept];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<NotificationsMastodonApi>(
            routes.ServiceProvider
        );
        api.MapReads(routes);
        routes.MapMastodon(
            "POST",
            $"{Root}/clear",
            api.ClearAsync,
            NotificationsDoc.Of(
                "Take all notifications off the list",
                [],
                new AnswerDoc(200, "Done", "{}")
            )
        );
        routes.MapMastodon(
            "POST",
            $"{Root}/{{id}}/dismiss",
            api.DismissAsync,
            NotificationsDoc.Of(
                "Take one notification off the list",
                [NotificationsDoc.Id],
                new AnswerDoc(200, "Done, now or before", "{}"),
                new AnswerDoc(404, "There is no such notification of the caller's")
            )
        );
    }

    private void MapReads(IEndpointRouteBuilder routes)
    {
        routes.MapMastodon(
            "GET",
            Root,
            ListAsync,
            NotificationsDoc.Of(
                "What others did that the caller may want to know of, newest first",
                [
                    .. NotificationTypes.Fields,
                    .. MastodonRoutes.PageFields(
                        NotificationsDoc.DefaultLimit,
                        NotificationsDoc.MaxLimit
                    ),
                ],
                new AnswerDoc(
                    200,
                    "The page; the Link header says where the list goes on",
                    $"[{NotificationsDoc.One}]"
                )
            )
        );
        routes.MapMastodon(
            "GET",
            $"{Root}/{{id:{NoActConstraint.Name}}}",
            OneAsync,
            NotificationsDoc.Of(
                "One notification",
                [NotificationsDoc.Id],
                new AnswerDoc(200, "The notification", NotificationsDoc.One),
                new AnswerDoc(404, "There is no such notification of the caller's")
            )
        );
        routes.MapMastodon(
            "GET",
            $"{Root}/unread_count",
            CountAsync,
            NotificationsDoc.Of(
                "How many are newer than the marker",
                [.. NotificationTypes.Fields, NotificationsDoc.Count],
                new AnswerDoc(200, "The number, at most `limit`", """{"count":3}""")
            )
        );
    }

    private async Task<Problem?> ListAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var (token, fields) = (context.RequestAborted, new LenientFields(sent));
        var part = await read.PageAsync(
            caller.Value,
            NotificationTypes.FilterIn(fields),
            fields.Page(NotificationsDoc.DefaultLimit, NotificationsDoc.MaxLimit),
            token
        );
        PageLinks.Say(context, _kept, part.Older, part.Newer);
        return await AnswerAsync(
            context,
            caller.Value,
            part.Items,
            static (json, all) =>
            {
                json.WriteStartArray();
                all.ForEach(write => write(json));
                json.WriteEndArray();
            }
        );
    }

    private async Task<Problem?> OneAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        var id = new NotificationId(sent.PathPost("id").Value);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        return await read.FindAsync(caller.Value, id, context.RequestAborted) is { } found
            ? await AnswerAsync(
                context,
                caller.Value,
                [found],
                static (json, all) => all[0](json),
                ListNotifications.NotFound(id)
            )
            : ListNotifications.NotFound(id);
    }

    private async Task<Problem?> CountAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var fields = new LenientFields(sent);
        var count = await read.CountUnreadAsync(
            caller.Value,
            NotificationTypes.FilterIn(fields),
            fields.Limit(
                NotificationsDoc.Limit,
                NotificationsDoc.DefaultCount,
                NotificationsDoc.MaxCount
            ),
            context.RequestAborted
        );
        return await context.AnswerValueAsync(200, count, WriteCount);
    }

    public static void WriteCount(Utf8JsonWriter json, int count)
    {
        json.WriteStartObject();
        json.WriteNumber("count", count);
        json.WriteEndObject();
    }

    private async Task<Problem?> ClearAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        await dismiss.ClearAsync(caller.Value, context.RequestAborted);
        return await context.AnswerEmptyAsync<Done>(Done.Instance);
    }

    private async Task<Problem?> DismissAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var id = new NotificationId(fields.PathPost("id").Value);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        return await dismiss.HandleAsync(caller.Value, [id], context.RequestAborted)
            ? await context.AnswerEmptyAsync<Done>(Done.Instance)
            : ListNotifications.NotFound(id);
    }

    /// <param name="write">Is handed those whose status is still there.</param>
    /// <param name="otherwise">Where none is left; null: that is an answer too.</param>
    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        AccountId viewer,
        IReadOnlyList<ShownNotification> items,
        Action<Utf8JsonWriter, List<Action<Utf8JsonWriter>>> write,
        Problem? otherwise = null
    )
    {
        var statuses = await gather.HandleAsync(
            viewer,
            items.Select(one => one.What.Post),
            context.RequestAborted
        );
        var here = MastodonSite.Of(address, context.Request);
        var whole = items
            .Where(one => one.What.Post.Value == 0 || statuses.ContainsKey(one.What.Post))
            .Select(one =>
                (Action<Utf8JsonWriter>)(
                    json =>
                        NotificationEntity.Write(
                            json,
                            one,
                            statuses.GetValueOrDefault(one.What.Post),
                            viewer,
                            here
                        )
                )
            )
            .ToList();
        return whole.Count == 0 && otherwise is not null
            ? otherwise
            : await context.AnswerValueAsync(200, whole, write);
    }
}
