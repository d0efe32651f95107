using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Accounts;

/// <summary>
/// Counts posts, followers and followees of accounts in the background. An account's posts are all standing entries that it made, replies and
/// reposts among them, but for direct posts, whose number is nobody else's business.
/// </summary>
internal sealed class CountThings(IAccountCountStore store) : IEventConsumer
{
    public string Name => "account-counts";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(PostAccepted), typeof(PostDeleted), typeof(Followed), typeof(Unfollowed)];

    public Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        var counted = new List<CountedEvent>();
        foreach (var committed in events)
        {
            var changes = ChangesOf(committed.Event);
            if (changes.Length > 0)
            {
                counted.Add(new CountedEvent(committed.Sequence, changes, committed.Outbox));
            }
        }

        return counted.Count > 0 ? store.ApplyAsync(Name, counted, token) : Task.CompletedTask;
    }

    private static CountChange[] ChangesOf(DomainEvent happened) =>
        happened switch
        {
            PostAccepted { Visibility: not Visibility.Direct } accepted =>
            [
                Posts(accepted.Author, 1),
            ],
            PostDeleted { Visibility: not Visibility.Direct } deleted =>
            [
                Posts(deleted.Author, -1),
            ],
            Followed followed => Follows(followed.Follower, followed.Followee, 1),
            Unfollowed unfollowed => Follows(unfollowed.Follower, unfollowed.Followee, -1),
            _ => [],
        };

    private static CountChange Posts(AccountId author, long by) =>
        new(author, new AccountCounts(by, 0, 0));

    private static CountChange[] Follows(AccountId follower, AccountId followee, long by) =>
        [new(follower, new AccountCounts(0, 0, by)), new(followee, new AccountCounts(0, by, 0))];
}
