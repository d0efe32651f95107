using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>What the caller was told, in groups.</summary>
internal sealed class GroupsMastodonApi(
    Callers callers,
    SiteAddress address,
    IAccounts accounts,
    ReadGroups read,
    DismissNotifications dismiss,
    GatherNotified gather
)
{
    private const string Root = "/api/v2/notifications";
    private const string Expand = "expand_accounts";
    private const string Partial = "partial_avatars";

    private static readonly string[] _kept =
    [
        NotificationsDoc.Limit,
        Expand,
        NotificationTypes.Grouped,
        $"{NotificationTypes.Grouped}[]",
        .. NotificationTypes.Kept,
    ];

    private static readonly string[] _keptOfAccounts = [NotificationsDoc.Limit];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<GroupsMastodonApi>(routes.ServiceProvider);
        api.MapLists(routes);
        routes.MapMastodon(
            "GET",
            $"{Root}/unread_count",
            api.CountAsync,
            NotificationsDoc.Of(
                "How many groups have something newer than the marker",
                [
                    .. NotificationTypes.Fields,
                    NotificationsDoc.GroupedTypes,
                    NotificationsDoc.Count,
                ],
                new AnswerDoc(200, "The number, at most `limit`", """{"count":2}""")
            )
        );
        routes.MapMastodon(
            "POST",
            $"{Root}/{{group_key}}/dismiss",
            api.DismissAsync,
            NotificationsDoc.Of(
                "Take a group off the list",
                [NotificationsDoc.Key],
                new AnswerDoc(200, "Done", "{}"),
                new AnswerDoc(404, "There is no such group of the caller's")
            )
        );
    }

    private void MapLists(IEndpointRouteBuilder routes)
    {
        routes.MapMastodon(
            "GET",
            Root,
            ListAsync,
            NotificationsDoc.Of(
                "What others did that the caller may want to know of, what is alike in groups, newest first",
                [
                    .. NotificationTypes.Fields,
                    NotificationsDoc.GroupedTypes,
                    SearchDoc.Lenient(
                        Expand,
                        FieldType.Text,
                        $"`full`, or `{Partial}`: of all but the first of a group the picture and the name."
                    ),
                    .. MastodonRoutes.PageFields(
                        NotificationsDoc.DefaultLimit,
                        NotificationsDoc.MaxLimit
                    ),
                ],
                new AnswerDoc(
                    200,
                    "The page; the Link header says where the list goes on",
                    NotificationsDoc.Groups
                )
            )
        );
        routes.MapMastodon(
            "GET",
            $"{Root}/{{group_key}}",
            OneAsync,
            NotificationsDoc.Of(
                "One group",
                [NotificationsDoc.Key],
                new AnswerDoc(200, "The group", NotificationsDoc.Groups),
                new AnswerDoc(404, "There is no such group of the caller's")
            )
        );
        routes.MapMastodon(
            "GET",
            $"{Root}/{{group_key}}/accounts",
            AccountsAsync,
            NotificationsDoc.Of(
                "Who did it, the last one first",
                [
                    NotificationsDoc.Key,
                    .. MastodonRoutes.PageFields(
                        NotificationsDoc.DefaultLimit,
                        NotificationsDoc.MaxLimit
                    ),
                ],
                new AnswerDoc(
                    200,
                    "Accounts, paged by the ids of what they did; the Link header says where the list goes on",
                    $"[{SearchDoc.Account}]"
                ),
                new AnswerDoc(404, "There is no such group of the caller's")
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

        var fields = new LenientFields(sent);
        var part = await read.PageAsync(
            caller.Value,
            NotificationTypes.FilterIn(fields),
            NotificationTypes.GroupedIn(fields),
            fields.Page(NotificationsDoc.DefaultLimit, NotificationsDoc.MaxLimit),
            context.RequestAborted
        );
        PageLinks.Say(context, _kept, part.Older, part.Newer);
        return await AnswerAsync(context, caller.Value, part.Items, fields.Text(Expand) == Partial);
    }

    private async Task<Problem?> OneAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        var key = KeyIn(sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        return await read.FindAsync(caller.Value, key, context.RequestAborted) is { } group
            ? await AnswerAsync(context, caller.Value, [group], arePartial: false)
            : NotFound(key);
    }

    private async Task<Problem?> AccountsAsync(HttpContext context)
    {
        var sent = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, sent);
        var key = KeyIn(sent);
        if ((caller.Problem ?? sent.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        if (await read.FindAsync(caller.Value, key, token) is not { } group)
        {
            return NotFound(key);
        }

        var page = new LenientFields(sent).Page(
            NotificationsDoc.DefaultLimit,
            NotificationsDoc.MaxLimit
        );
        var asked = group
            .All.Where(one => one.Id.Value < page.Below && one.Id.Value > page.Above)
            .ToList();
        var part = ReadNotifications.PartOf(asked, page, one => one.Id, null);
        var isEnd = asked.Count <= page.Count;
        PageLinks.Say(
            context,
            _keptOfAccounts,
            isEnd && !page.FromBelow ? null : part.Older,
            part.Newer
        );
        var actors = part.Items.Select(one => one.Actor).ToArray();
        var cards = (await accounts.CardsAsync(actors, token)).ToDictionary(card => card.Id);
        var here = MastodonSite.Of(address, context.Request);
        return await context.AnswerValueAsync(
            200,
            actors.Where(cards.ContainsKey).Select(actor => cards[actor]),
            (json, all) => AccountEntity.WriteMany(json, all, here)
        );
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
            NotificationTypes.GroupedIn(fields),
            fields.Limit(
                NotificationsDoc.Limit,
                NotificationsDoc.DefaultCount,
                NotificationsDoc.MaxCount
            ),
            context.RequestAborted
        );
        return await context.AnswerValueAsync(200, count, NotificationsMastodonApi.WriteCount);
    }

    private async Task<Problem?> DismissAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var key = KeyIn(fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = context.RequestAborted;
        var ids = await read.IdsOfAsync(caller.Value, key, token);
        return await dismiss.HandleAsync(caller.Value, ids, token)
            ? await context.AnswerEmptyAsync<Done>(Done.Instance)
            : NotFound(key);
    }

    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        AccountId viewer,
        IReadOnlyList<ShownGroup> groups,
        bool arePartial
    )
    {
        var statuses = await gather.HandleAsync(
            viewer,
            groups.Select(group => group.Post),
            context.RequestAborted
        );
        var here = MastodonSite.Of(address, context.Request);
        return await context.AnswerValueAsync(
            200,
            groups
                .Where(group => group.Post.Value == 0 || statuses.ContainsKey(group.Post))
                .ToList(),
            (json, whole) =>
                NotificationEntity.WriteGroups(json, whole, statuses, arePartial, viewer, here)
        );
    }

    private static string KeyIn(RequestFields fields)
    {
        var key = fields.PathText(NotificationsDoc.Key.Name);
        if (!GroupKey.IsOne(key))
        {
            fields.Refuse(
                NotificationsDoc.Key.Name,
                "must be one that a list of groups has, such as ungrouped-123"
            );
        }

        return key;
    }

    private static Problem NotFound(string key) =>
        Problem.NotFound($"There is no group {key}.", "group_key");
}
