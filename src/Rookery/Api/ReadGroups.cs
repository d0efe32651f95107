using Rookery.Accounts;
using Rookery.Notifications;
using Rookery.Reading;

namespace Rookery.Api;

/// <summary>Notifications that tell of the same, as their recipient may see them.</summary>
/// <param name="All">Newest first.</param>
/// <param name="Actors">Who did it last, each once, newest first.</param>
/// <param name="Report">What it tells of; null for what is no report.</param>
internal sealed record ShownGroup(
    string Key,
    IReadOnlyList<Notification> All,
    IReadOnlyList<AccountCard> Actors,
    ToldReport? Report = null
)
{
    public Notification Newest => All[0];

    public NotificationKind Kind => Newest.Kind;

    public PostId Post => Newest.Post;

    public int Count => All.Count;
}

/// <summary>
/// Reads what an account was told in groups: who likes or passes on the same post, and who follows, within half a day is one entry, at the place of its newest. All that is kept is gone through, so a group is on one page only and counts all that it has.
/// </summary>
internal sealed class ReadGroups(
    ListNotifications list,
    KeepMarkers markers,
    ReadNotifications shown,
    ReadTimeline read,
    ReadTold told,
    IAccounts accounts
)
{
    /// <summary>Of a group, those who are named.</summary>
    public const int MostActors = 8;

    private const int Spare = 8;

    public async ValueTask<NotificationsPart<ShownGroup>> PageAsync(
        AccountId recipient,
        NotificationFilter filter,
        IReadOnlySet<NotificationKind> grouped,
        Page page,
        CancellationToken token
    )
    {
        var sight = await read.ContextAsync(recipient, token);
        var all = await GroupAsync(recipient, filter, grouped, sight, token);
        var asked = all.FindAll(group =>
            group[0].Id.Value < page.Below && group[0].Id.Value > page.Above
        );
        if (page.FromBelow)
        {
            asked.Reverse();
        }

        var kept = new List<ShownGroup>();
        foreach (var some in asked.Chunk(page.Count + Spare))
        {
            kept.AddRange(await ShowAsync(some, grouped, sight, token));
            if (kept.Count >= page.Count)
            {
                break;
            }
        }

        if (page.FromBelow)
        {
            kept.Reverse();
        }

        return ReadNotifications.PartOf(kept, page, group => group.Newest.Id, null);
    }

    /// <summary>How many groups have something that came since the reader's mark, at most <paramref name="most"/>.</summary>
    public async ValueTask<int> CountUnreadAsync(
        AccountId recipient,
        NotificationFilter filter,
        IReadOnlySet<NotificationKind> grouped,
        int most,
        CancellationToken token
    )
    {
        var since = await markers.ReadThroughAsync(recipient, token);
        var page = new Page(most, SinceId: new PostId(since.Value));
        return (await PageAsync(recipient, filter, grouped, page, token)).Items.Count;
    }

    /// <summary>Null where there is no such group, or nothing of it is to be seen.</summary>
    public async ValueTask<ShownGroup?> FindAsync(
        AccountId recipient,
        string key,
        CancellationToken token
    )
    {
        var sight = await read.ContextAsync(recipient, token);
        if (GroupKey.IdIn(key) is { } id)
        {
            return await shown.FindAsync(recipient, id, token) is { } one
                ? new ShownGroup(key, [one.What], [one.Actor], one.Report)
                : null;
        }

        var all = await GroupAsync(
            recipient,
            NotificationFilter.All,
            GroupKey.Grouped,
            sight,
            token
        );
        var named = all.FindAll(one => GroupKey.Of(one[0], GroupKey.Grouped) == key);
        return await ShowAsync(named, GroupKey.Grouped, sight, token) is [var group] ? group : null;
    }

    /// <summary>All that the group has, to be seen or not.</summary>
    public async ValueTask<IReadOnlyList<NotificationId>> IdsOfAsync(
        AccountId recipient,
        string key,
        CancellationToken token
    ) =>
        GroupKey.IdIn(key) is { } id
            ? [id]
            :
            [
                .. (await list.AllAsync(recipient, NotificationFilter.All, token))
                    .Where(one => GroupKey.Of(one, GroupKey.Grouped) == key)
                    .Select(one => one.Id),
            ];

    private async ValueTask<List<IReadOnlyList<Notification>>> GroupAsync(
        AccountId recipient,
        NotificationFilter filter,
        IReadOnlySet<NotificationKind> grouped,
        ReadContext sight,
        CancellationToken token
    )
    {
        var audible = (await list.AllAsync(recipient, filter, token))
            .Where(one => !ReadNotifications.IsHidden(one, sight))
            .ToList();
        if (audible.Count == 0)
        {
            return [];
        }

        var actors = audible.Select(one => one.Actor).Distinct().ToArray();
        var unknown = (await accounts.UnknownAsync(actors, token)).ToHashSet();
        return
        [
            .. audible
                .Where(one => !unknown.Contains(one.Actor))
                .GroupBy(one => GroupKey.Of(one, grouped))
                .Select(group => group.ToList()),
        ];
    }

    /// <summary>Those whose post may be seen, in their order.</summary>
    private async ValueTask<IReadOnlyList<ShownGroup>> ShowAsync(
        IReadOnlyList<IReadOnlyList<Notification>> groups,
        IReadOnlySet<NotificationKind> grouped,
        ReadContext sight,
        CancellationToken token
    )
    {
        var seen = await shown.SeenAsync(groups.Select(group => group[0].Post), sight, token);
        var visible = groups
            .Where(group => group[0].Post.Value == 0 || seen.Contains(group[0].Post))
            .ToList();
        if (visible.Count == 0)
        {
            return [];
        }

        // None of which there are several is about a report.
        var reports = await told.ReportsAsync(
            visible[0][0].Key.Recipient,
            visible.Select(group => group[0]),
            token
        );
        visible.RemoveAll(group => group[0].Report is { } report && !reports.ContainsKey(report));
        var actors = visible.SelectMany(SampleOf).Distinct().ToArray();
        if (actors.Length == 0)
        {
            return [];
        }

        var cards = (await accounts.CardsAsync(actors, token)).ToDictionary(card => card.Id);
        return
        [
            .. visible
                .Select(group => new ShownGroup(
                    GroupKey.Of(group[0], grouped),
                    group,
                    [.. SampleOf(group).Where(cards.ContainsKey).Select(actor => cards[actor])],
                    group[0].Report is { } report ? reports[report] : null
                ))
                .Where(group => group.Actors.Count > 0),
        ];
    }

    private static IEnumerable<AccountId> SampleOf(IReadOnlyList<Notification> group) =>
        group.Select(one => one.Actor).Distinct().Take(MostActors);
}
