using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>
/// Tells those who rang at an author of each new post, chunk by chunk. A consumer of its own: however many they are, nobody who is named, answered or liked meanwhile is told later
/// for that.
/// </summary>
internal sealed class RingBells(
    IPosts posts,
    FindNotified find,
    INotificationStore store,
    IBellStore bells,
    IOptions<NotificationsOptions> options
) : IEventConsumer
{
    /// <summary>The bound keeps a wrong setting from filling the memory.</summary>
    private const int MostAuthors = 100_000;

    // By what their last post was: finding out before each would cost the others more.
    private readonly ConcurrentDictionary<AccountId, bool> _large = [];

    public string Name => "bells";

    public IReadOnlyList<Type> Reads { get; } = [typeof(PostAccepted)];

    public bool HasLanes => true;

    public ValueTask<IReadOnlyList<Committed>> LargeAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    ) =>
        ValueTask.FromResult<IReadOnlyList<Committed>>([
            .. events.Where(one =>
                one.Event is PostAccepted post && _large.ContainsKey(post.Author)
            ),
        ]);

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var heard = await AtRungAsync(events, token);
        if (heard.Count == 0)
        {
            return;
        }

        var ids = heard.Select(one => ((PostAccepted)one.Event).Post).ToArray();
        var standing = (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id);
        var mentions = await posts.MentionedInAsync(ids, token);
        foreach (var one in heard)
        {
            var id = ((PostAccepted)one.Event).Post;
            if (standing.TryGetValue(id, out var post) && NotifyRules.RingsBells(post))
            {
                await TellAsync(one, post, mentions.GetValueOrDefault(id, []), token);
            }
        }

        await store.ApplyAsync(
            Name,
            [.. heard.Select(one => new NotifyingEvent(one.Sequence, one.Outbox, []))],
            token
        );
    }

    /// <summary>Those at whose author anybody rang, and of whom nobody was told yet: hardly any.</summary>
    private async ValueTask<IReadOnlyList<Committed>> AtRungAsync(
        IReadOnlyList<Committed> events,
        CancellationToken token
    )
    {
        var posted = events
            .Where(one => one.Event is PostAccepted { Kind: not PostKind.Repost })
            .DistinctBy(one => (one.Sequence, one.Outbox))
            .ToList();
        if (posted.Count == 0)
        {
            return [];
        }

        var authors = posted.Select(one => ((PostAccepted)one.Event).Author).Distinct();
        var rung = await bells.RungAtAsync(authors.ToArray(), token);
        var heard = posted.FindAll(one => rung.Contains(((PostAccepted)one.Event).Author));
        return heard.Count == 0 ? [] : await store.NewAmongAsync(Name, heard, token);
    }

    /// <param name="mentioned">They are told of that.</param>
    private async Task TellAsync(
        Committed happened,
        Post post,
        IReadOnlyList<AccountId> mentioned,
        CancellationToken token
    )
    {
        var (after, told) = (default(AccountId), 0);
        while (true)
        {
            var readers = await bells.RingersAfterAsync(
                post.Author,
                after,
                options.Value.Chunk,
                token
            );
            if (readers.Count == 0)
            {
                break;
            }

            await TellSomeAsync(happened, post, [.. readers.Except(mentioned)], token);
            after = readers[^1];
            told += readers.Count;
        }

        Remember(post.Author, told);
    }

    /// <summary>Those who follow still and may hear of the author.</summary>
    private async Task TellSomeAsync(
        Committed happened,
        Post post,
        IReadOnlyList<AccountId> readers,
        CancellationToken token
    )
    {
        var keys = readers
            .Select(reader => new NotificationKey(
                reader,
                NotificationKind.Status,
                post.Author,
                post.Id
            ))
            .ToList();
        var sights = await find.ReadSightsAsync(keys, token);
        var changes = keys.Select(key => new NotificationChange(key, true))
            .Where(change => NotifyRules.Keeps(change, NotifyingPosts.None, sights))
            .ToList();
        await store.ApplyPartAsync(
            new NotifyingEvent(happened.Sequence, happened.Outbox, changes),
            token
        );
    }

    private void Remember(AccountId author, int told)
    {
        if (told < options.Value.LargeAbove)
        {
            _large.TryRemove(author, out _);
        }
        else if (_large.Count < MostAuthors)
        {
            _large[author] = true;
        }
    }
}
