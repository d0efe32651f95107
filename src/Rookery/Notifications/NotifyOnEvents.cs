using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Moderation;
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
        typeof(FollowRequested),
        typeof(FollowRequestEnded),
        typeof(Blocked),
        typeof(PostAccepted),
        typeof(PostDeleted),
        typeof(PostLiked),
        typeof(PostUnliked),
        typeof(AccountSuspended),
        typeof(AccountDeleted),
        typeof(ReportFiled),
        typeof(ReportsRemoved),
    ];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        await store.ApplyAsync(Name, await find.HandleAsync(events, token), token);
        await EndBellsAsync(events, token);
        await RemoveOnAsync(GoneIn(events), token);
        foreach (var blocked in Of<Blocked>(events))
        {
            // What is told again, or late, takes nothing of what came after the end of that block: it would not come back.
            if (await find.BlocksAsync(blocked.Blocker, blocked.Target, token))
            {
                await store.RemoveBetweenAsync(blocked.Blocker, blocked.Target, token);
            }
        }

        foreach (var deleted in Of<AccountDeleted>(events))
        {
            await RemoveOfAsync(deleted.Account, token);
        }
    }

    /// <summary>A bell ends with its follow, and with a request that became none.</summary>
    private async Task EndBellsAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var ended = new List<EndedBell>();
        foreach (var one in events)
        {
            Bell? bell = one.Event switch
            {
                Unfollowed over => new Bell(over.Followee, over.Follower),
                FollowRequestEnded { IsAccepted: false } over => new Bell(
                    over.Followee,
                    over.Follower
                ),
                _ => null,
            };
            if (bell is { } rung)
            {
                ended.Add(new EndedBell(rung, one.Sequence));
            }
        }

        if (ended.Count > 0)
        {
            await bells.EndAsync(ended, token);
        }
    }

    /// <summary>The posts and reports of which nothing is told any more. What is said of a repost stands with its original: it was taken back above.</summary>
    private static List<PostId> GoneIn(IReadOnlyList<Committed> events) =>
        [
            .. Of<PostDeleted>(events)
                .Where(post => post.Kind != PostKind.Repost)
                .Select(post => post.Post),
            .. Of<ReportsRemoved>(events)
                .SelectMany(removed => removed.Reports)
                .Select(report => NotificationKey.About(report.Value)),
        ];

    private async Task RemoveOnAsync(List<PostId> posts, CancellationToken token)
    {
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
