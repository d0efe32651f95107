using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>
/// Whom events are told to. They say ids only, and may be old: posts, accounts and what stands between two of them are read as they are now, each kind in one call however many events there
/// are, and then it is decided.
/// </summary>
internal sealed class FindNotified(IPosts posts, IGraph graph, IAccounts accounts)
{
    /// <summary>Of many at once SQLite looks for each among all.</summary>
    private const int Pairs = 100;

    /// <summary>One for each event: also those that change nothing are applied.</summary>
    public async ValueTask<IReadOnlyList<NotifyingEvent>> HandleAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    )
    {
        var found = await ReadPostsAsync(events, token);
        var told = events
            .Select(one => (Event: one, Changes: NotifyRules.ChangesOf(one.Event, found).ToList()))
            .ToList();
        var sights = await ReadSightsAsync(
            [
                .. told.SelectMany(one => one.Changes)
                    .Where(one => one.Stands && NotifyRules.Asks(one.Key))
                    .Select(one => one.Key),
            ],
            token
        );
        return
        [
            .. told.Select(one => new NotifyingEvent(
                one.Event.Sequence,
                one.Event.Outbox,
                [.. one.Changes.Where(change => NotifyRules.Keeps(change, found, sights))]
            )),
        ];
    }

    /// <summary>What stands between each recipient and actor; without those of whom one is no account.</summary>
    public async ValueTask<IReadOnlyDictionary<NotificationKey, Relationship>> ReadSightsAsync(
        IReadOnlyList<NotificationKey> keys,
        CancellationToken token
    )
    {
        var sights = new Dictionary<NotificationKey, Relationship>();
        if (keys.Count == 0)
        {
            return sights;
        }

        var people = keys.SelectMany(key => new[] { key.Recipient, key.Actor }).Distinct();
        var unknown = (await accounts.UnknownAsync(people.ToArray(), token)).ToHashSet();
        var known = keys.Distinct()
            .Where(key => !unknown.Contains(key.Recipient) && !unknown.Contains(key.Actor));
        foreach (var some in known.Chunk(Pairs))
        {
            var relations = await graph.BetweenAsync(
                [.. some.Select(key => (key.Recipient, key.Actor))],
                token
            );
            foreach (var (key, relation) in some.Zip(relations))
            {
                sights[key] = relation;
            }
        }

        return sights;
    }

    /// <summary>Whether the block stands now, whatever an event says.</summary>
    public async ValueTask<bool> BlocksAsync(
        AccountId blocker,
        AccountId target,
        CancellationToken token
    ) => (await graph.BetweenAsync([(blocker, target)], token))[0].Blocking;

    private async ValueTask<NotifyingPosts> ReadPostsAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    )
    {
        var named = events.SelectMany(one => PostsOf(one.Event)).Distinct().ToArray();
        if (named.Length == 0)
        {
            return NotifyingPosts.None;
        }

        var standing = (await posts.GetManyAsync(named, token)).ToDictionary(post => post.Id);
        var accepted = events
            .Select(one => one.Event)
            .OfType<PostAccepted>()
            .Where(post => post.Kind != PostKind.Repost)
            .Select(post => post.Post)
            .Where(standing.ContainsKey)
            .Distinct()
            .ToArray();
        return new NotifyingPosts(
            standing,
            accepted.Length == 0
                ? NotifyingPosts.None.Mentions
                : await posts.MentionedInAsync(accepted, token)
        );
    }

    private static PostId[] PostsOf(DomainEvent happened) =>
        happened switch
        {
            PostAccepted accepted => [accepted.Post],
            PostLiked liked => [liked.Post],
            PostUnliked unliked => [unliked.Post],
            PostDeleted { Kind: PostKind.Repost } deleted => [deleted.Original],
            _ => [],
        };
}
