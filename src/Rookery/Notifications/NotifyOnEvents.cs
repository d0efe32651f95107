using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>
/// Tells accounts of what others did to them, and takes it back where that ended. Behind the requests: nobody who posts or likes waits for it. What imports bring has no
/// events of its own, so nobody is told of it.
/// </summary>
internal sealed class NotifyOnEvents(
    FindNotified find,
    INotificationStore store,
    IBellStore bells,
    IReaderStore readers,
    INotificationMailStore mails
) : IEventConsumer
{
    /// <summary>Rows of one commit: some milliseconds of the commit thread.</summary>
    private const int Chunk = 500;

    public string Name => "notifications";

    public IReadOnlyList<Type> Reads { get; } =
    [
        typeof(Followed),
        typeof(Unfollowed),
        typeof(Blocked),
        typeof(PostAccepted),
        typeof(PostDeleted),
        typeof(PostLiked),
        typeof(PostUnliked),
        typeof(AccountDeleted),
    ];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        await store.ApplyAsync(Name, await find.HandleAsync(events, token), token);
        await EndBellsAsync(events, token);
        await RemoveOnAsync(Of<PostDeleted>(events), token);
        foreach (var blocked in Of<Blocked>(events))
        {
            await store.RemoveBetweenAsync(blocked.Blocker, blocked.Target, token);
        }

        foreach (var deleted in Of<AccountDeleted>(events))
        {
            await RemoveOfAsync(deleted.Account, token);
        }
    }

    /// <summary>A bell ends with its follow.</summary>
    private async Task EndBellsAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var ended = events
            .Where(one => one.Event is Unfollowed)
            .Select(one => new EndedBell(BellOf((Unfollowed)one.Event), one.Sequence))
            .ToList();
        if (ended.Count > 0)
        {
            await bells.EndAsync(ended, token);
        }

        static Bell BellOf(Unfollowed ended) => new(ended.Followee, ended.Follower);
    }

    /// <summary>What is said of a repost stands with its original: it was taken back above.</summary>
    private async Task RemoveOnAsync(List<PostDeleted> deleted, CancellationToken token)
    {
        var posts = deleted
            .Where(post => post.Kind != PostKind.Repost)
            .Select(post => post.Post)
            .ToList();
        if (posts.Count == 0)
        {
            return;
        }

        // First, or what was read before the deletion would come behind the last look.
        await store.CloseAsync(posts, token);
        while (await store.RemoveSomeOnAsync(posts, Chunk, token) == Chunk)
        {
            // Each chunk is a commit of its own.
        }
    }

    private async Task RemoveOfAsync(AccountId account, CancellationToken token)
    {
        await store.CloseAsync(account, token);
        await readers.RemoveAsync(account, token);
        await mails.RemoveAsync(account, token);
        while (await store.RemoveSomeOfAsync(account, Chunk, token) == Chunk)
        {
            // Each chunk is a commit of its own.
        }

        while (await bells.RemoveSomeOfAsync(account, Chunk, token) == Chunk)
        {
            // As above.
        }
    }

    private static List<T> Of<T>(IReadOnlyList<Committed> events)
        where T : DomainEvent => [.. events.Select(one => one.Event).OfType<T>()];
}
