using Rookery.Accounts;
using Rookery.Notifications;
using Rookery.Reading;

namespace Rookery.Api;

/// <summary>A notification that its recipient may see, and who did it.</summary>
/// <param name="Report">What it tells of; null for what is no report.</param>
internal sealed record ShownNotification(
    Notification What,
    AccountCard Actor,
    ToldReport? Report = null
);

/// <summary>A part of a list, newest first.</summary>
/// <param name="Older">Below which it goes on; null where nothing follows.</param>
/// <param name="Newer">Above which what came since is; null where there is nothing to start from.</param>
internal sealed record NotificationsPart<T>(
    IReadOnlyList<T> Items,
    NotificationId? Older,
    NotificationId? Newer
);

/// <summary>
/// Reads what an account was told as it may see it now: who is blocked or muted, who is gone, and what is no longer to be seen is left out as on timelines, by the same rules, whatever was
/// raised before. Where that takes something away, the next stretch fills the page.
/// </summary>
internal sealed class ReadNotifications(
    ListNotifications list,
    KeepMarkers markers,
    ReadTimeline read,
    ReadTold told,
    IAccounts accounts
)
{
    /// <summary>Hidden ones that a stretch can lose without needing another.</summary>
    private const int Spare = 8;

    /// <summary>Stretches of which nothing is shown that one page looks through.</summary>
    private const int MostStretches = 10;

    /// <summary>Posts that are looked at in one go.</summary>
    private const int PostsAtOnce = 100;

    public async ValueTask<NotificationsPart<ShownNotification>> PageAsync(
        AccountId recipient,
        NotificationFilter filter,
        Page page,
        CancellationToken token
    )
    {
        var sight = await read.ContextAsync(recipient, token);
        var kept = new List<ShownNotification>();
        var stretch = page with { Count = page.Count + Spare };
        for (var looked = 1; ; looked++)
        {
            var found = await list.HandleAsync(recipient, filter, stretch, token);
            var shown = await KeepShownAsync(found, sight, token);
            kept.InsertRange(page.FromBelow ? 0 : kept.Count, shown);
            var isLast = found.Count < stretch.Count;
            if (isLast || kept.Count >= page.Count || looked == MostStretches)
            {
                return PartOf(
                    kept,
                    page,
                    one => one.What.Id,
                    isLast ? null
                        : page.FromBelow ? found[0].Id
                        : found[^1].Id
                );
            }

            stretch = Behind(stretch, found);
        }
    }

    /// <summary>How many came since the reader's mark, at most <paramref name="most"/>.</summary>
    public async ValueTask<int> CountUnreadAsync(
        AccountId recipient,
        NotificationFilter filter,
        int most,
        CancellationToken token
    ) =>
        await CountSinceAsync(
            recipient,
            filter,
            await markers.ReadThroughAsync(recipient, token),
            most,
            token
        );

    /// <summary>How many came since one, at most <paramref name="most"/>.</summary>
    public async ValueTask<int> CountSinceAsync(
        AccountId recipient,
        NotificationFilter filter,
        NotificationId since,
        int most,
        CancellationToken token
    )
    {
        var stretch = new Page(Math.Min(most, PostsAtOnce), SinceId: new PostId(since.Value));
        var (count, sight) = (0, default(ReadContext));
        while (true)
        {
            var found = await list.HandleAsync(recipient, filter, stretch, token);
            if (found.Count > 0)
            {
                sight = count == 0 ? await read.ContextAsync(recipient, token) : sight;
                count += (await KeepShownAsync(found, sight, token)).Count;
            }

            if (found.Count < stretch.Count || count >= most)
            {
                return Math.Min(count, most);
            }

            stretch = Behind(stretch, found);
        }
    }

    /// <summary>Null where it is not, or not to be seen.</summary>
    public async ValueTask<ShownNotification?> FindAsync(
        AccountId recipient,
        NotificationId id,
        CancellationToken token
    )
    {
        var found = await list.FindAsync(recipient, id, token);
        if (!found.Succeeded)
        {
            return null;
        }

        var sight = await read.ContextAsync(recipient, token);
        return await KeepShownAsync([found.Value], sight, token) is [var one] ? one : null;
    }

    /// <summary>Those of them that the reader may see, with who did it.</summary>
    public async ValueTask<IReadOnlyList<ShownNotification>> KeepShownAsync(
        IReadOnlyList<Notification> found,
        ReadContext sight,
        CancellationToken token
    )
    {
        var audible = found.Where(one => !IsHidden(one, sight)).ToList();
        if (audible.Count == 0)
        {
            return [];
        }

        var actors = audible.Select(one => one.Actor).Distinct().ToArray();
        var cards = (await accounts.CardsAsync(actors, token)).ToDictionary(card => card.Id);
        audible.RemoveAll(one => !cards.ContainsKey(one.Actor));
        var seen = await SeenAsync(audible.Select(one => one.Post), sight, token);
        var reports = await told.ReportsAsync(found[0].Key.Recipient, audible, token);
        return
        [
            .. audible
                .Where(one => one.Post.Value == 0 || seen.Contains(one.Post))
                .Select(one => new ShownNotification(
                    one,
                    cards[one.Actor],
                    one.Report is { } report ? reports.GetValueOrDefault(report) : null
                ))
                .Where(one => one.What.Report is null || one.Report is not null),
        ];
    }

    public static bool IsHidden(Notification one, ReadContext sight) =>
        VisibilityRules.IsHidden(sight.Hidden, one.Actor, sight.Now);

    /// <summary>Those of the posts that the reader may see.</summary>
    public async ValueTask<IReadOnlySet<PostId>> SeenAsync(
        IEnumerable<PostId> posts,
        ReadContext sight,
        CancellationToken token
    )
    {
        var seen = new HashSet<PostId>();
        foreach (var some in posts.Where(post => post.Value != 0).Distinct().Chunk(PostsAtOnce))
        {
            using var into = TimelinePage.Rent();
            await read.PostsAsync(some, mutesHide: false, sight, into, token);
            foreach (var part in into.Parts.Span)
            {
                seen.Add(part.Id);
            }
        }

        return seen;
    }

    /// <summary>Of what was kept, newest first, as much as the page has, and where it goes on.</summary>
    /// <param name="reached">How far was looked; null: to the end.</param>
    public static NotificationsPart<T> PartOf<T>(
        IReadOnlyList<T> kept,
        in Page page,
        Func<T, NotificationId> idOf,
        NotificationId? reached
    )
    {
        var cut = page.FromBelow
            ? kept.Skip(kept.Count - page.Count).ToList()
            : [.. kept.Take(page.Count)];
        NotificationId? first = cut.Count > 0 ? idOf(cut[0]) : null;
        NotificationId? last = cut.Count > 0 ? idOf(cut[^1]) : null;
        var isFull = cut.Count == page.Count;
        // Upwards, what is below the page is where the reader came from.
        return page.FromBelow
            ? new NotificationsPart<T>(cut, last, isFull ? first : reached ?? first)
            : new NotificationsPart<T>(cut, isFull ? last : reached, first);
    }

    private static Page Behind(in Page stretch, IReadOnlyList<Notification> found) =>
        stretch.FromBelow
            ? stretch with
            {
                MinId = new PostId(found[0].Id.Value),
            }
            : stretch with
            {
                MaxId = new PostId(found[^1].Id.Value),
            };
}
