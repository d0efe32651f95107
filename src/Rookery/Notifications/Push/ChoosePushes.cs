using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Notifications.Push;

/// <summary>A notification that is pushed, with who did it and the post that it is about.</summary>
/// <param name="Post">Null for what is about none.</param>
internal sealed record ToldPush(Notification What, AccountCard Actor, Post? Post);

/// <summary>
/// Of what waits, what is still worth a push: that stands, that its recipient may still see as it is now, of whom the subscription wants to be told, and that is not too old. Whatever was blocked,
/// muted, deleted, dismissed or suspended since is not pushed.
/// </summary>
internal sealed class ChoosePushes(
    INotificationStore notifications,
    FindNotified find,
    IPosts posts,
    IAccounts accounts,
    IOptions<PushOptions> options,
    TimeProvider time
)
{
    /// <summary>The oldest first.</summary>
    public async ValueTask<IReadOnlyList<ToldPush>> HandleAsync(
        PushSubscription to,
        IReadOnlyList<WaitingPush> waiting,
        CancellationToken token
    )
    {
        var fresh = waiting.Where(one => !one.IsTest && IsFresh(one)).ToList();
        if (fresh.Count == 0 || to.Wishes.Policy == PushPolicy.None)
        {
            return [];
        }

        var standing = await notifications.FindManyAsync(
            to.Account,
            [.. fresh.Select(one => one.Notification)],
            token
        );
        var kept = standing
            .Where(one =>
                PushAlerts.IsPushed(one.Kind) && to.Wishes.Alerts.Contains(PushAlerts.Of(one.Kind))
            )
            .ToList();
        var sights = await find.ReadSightsAsync([.. kept.Select(one => one.Key)], token);
        kept.RemoveAll(one =>
            !sights.TryGetValue(one.Key, out var sight) || !IsWanted(to.Wishes.Policy, sight)
        );
        return await WithWhatTheyTellAsync(kept, sights, token);
    }

    public bool IsFresh(WaitingPush push) => time.GetUtcNow() < push.QueuedAt + options.Value.Lasts;

    private static bool IsWanted(PushPolicy policy, in Relationship sight) =>
        policy switch
        {
            PushPolicy.Followed => sight.Following,
            PushPolicy.Follower => sight.FollowedBy,
            _ => true,
        };

    private async ValueTask<IReadOnlyList<ToldPush>> WithWhatTheyTellAsync(
        List<Notification> kept,
        IReadOnlyDictionary<NotificationKey, Relationship> sights,
        CancellationToken token
    )
    {
        if (kept.Count == 0)
        {
            return [];
        }

        var found = await ReadPostsAsync(kept, token);
        var actors = kept.Select(one => one.Actor).Distinct().ToArray();
        var cards = (await accounts.CardsAsync(actors, token)).ToDictionary(card => card.Id);
        return
        [
            .. kept.Where(one => cards.ContainsKey(one.Actor))
                .Where(one => one.Post.Value == 0 || found.Standing.ContainsKey(one.Post))
                .Where(one =>
                    NotifyRules.Keeps(new NotificationChange(one.Key, true), found, sights)
                )
                .OrderBy(one => one.Id)
                .Select(one => new ToldPush(
                    one,
                    cards[one.Actor],
                    found.Standing.GetValueOrDefault(one.Post)
                )),
        ];
    }

    private async ValueTask<NotifyingPosts> ReadPostsAsync(
        List<Notification> kept,
        CancellationToken token
    )
    {
        var ids = kept.Select(one => one.Post).Where(id => id.Value != 0).Distinct().ToArray();
        return ids.Length == 0
            ? NotifyingPosts.None
            : new NotifyingPosts(
                (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id),
                await posts.MentionedInAsync(ids, token)
            );
    }
}
