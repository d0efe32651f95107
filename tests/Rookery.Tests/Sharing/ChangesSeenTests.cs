using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.Sharing;
using Xunit;

namespace Rookery.Tests.Sharing;

public sealed class ChangesSeenTests
{
    private const long Seven = 7;

    private static readonly AccountId Account = new(Seven);
    private static readonly PostId Post = new(Seven);

    /// <summary>
    /// What each event changes of what a shared post or card says. An event that is new needs a line here: one that changes something and is not
    /// noted leaves what it took away in memcached.
    /// </summary>
    private static readonly (DomainEvent Event, Changing[] Changes)[] All =
    [
        (new AccountsCounted([Account]), [Changing.Card]),
        (new AccountCreated(Account), []),
        (new AccountDeleted(Account), [Changing.Card]),
        (new AccountSuspended(Account, 2), [Changing.Card]),
        (new AccountRestored(Account, 3), [Changing.Card]),
        // That the profile has others was told of.
        (new AccountPicturesLeft(Account, [new MediaId(7)]), []),
        (new AccountsImported([Account]), []),
        (new ProfileChanged(Account, 2), [Changing.Card]),
        // That the profile changed was told of.
        (new AccountLocked(Account), []),
        (new AccountUnlocked(Account), []),
        (new SessionsEnded(Account), []),
        (new AuthorClosed(Account), [Changing.Author]),
        (new AuthorSuspended(Account), [Changing.Author]),
        (new AuthorRestored(Account), [Changing.Author]),
        (new AuthorMerged(Account), []),
        (new PostsImported(Account, Post), []),
        (new Blocked(Account, Account), []),
        (new Followed(Account, Account), []),
        (new FollowRequested(Account, Account), []),
        (new FollowRequestEnded(Account, Account, true), []),
        (new FollowsImported([Account]), []),
        (new MemberClosed(Account), []),
        (new Muted(Account, Account, 0), []),
        (new Unblocked(Account, Account), []),
        (new Unfollowed(Account, Account), []),
        (new Unmuted(Account, Account), []),
        (
            new PostAccepted(
                Post,
                Account,
                PostKind.Post,
                Visibility.Public,
                AuthorClass.Pushed,
                default,
                default,
                []
            ),
            []
        ),
        (new NotificationsRaised([]), []),
        (new ReportFiled(new ReportId(7), Account, []), []),
        (new ReportsRemoved([new ReportId(7)]), []),
        (new PostsCounted([new PostNumbers(Post, default)]), [Changing.Post]),
        (
            new PostDeleted(Post, Account, PostKind.Post, default, default, default, []),
            [Changing.Post]
        ),
        (new PostLiked(Account, Post), []),
        (new PostUnliked(Account, Post), []),
        // Its deletion was told of.
        (new PostMediaLeft(Post, [new MediaId(7)]), []),
    ];

    [Fact]
    public void Every_event_changes_what_it_is_said_to_and_nothing_else()
    {
        foreach (var (happened, changed) in All)
        {
            var changes = new ChangesSeen(isUsed: true);
            changes.Knows(4, 4, changes.Era);
            changes.OnCommitted([new Committed(5, happened)]);

            Assert.Equal(
                changed,
                Enum.GetValues<Changing>().Where(what => changes.ChangedSince(4, what, Seven))
            );
            Assert.DoesNotContain(
                Enum.GetValues<Changing>(),
                what => changes.ChangedSince(5, what, Seven)
            );
        }
    }

    [Fact]
    public void Every_event_there_is_was_thought_of() =>
        Assert.Equal(
            AccountEvents
                .Types.Concat(GraphEvents.Types)
                .Concat(PostEvents.Types)
                .Concat(NotificationEvents.Types)
                .Concat(ReportEvents.Types)
                .Select(type => type.ClrType.Name)
                .Order(StringComparer.Ordinal),
            All.Select(line => line.Event.GetType().Name).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void It_covers_what_it_was_told_of_and_what_was_read_back()
    {
        var changes = new ChangesSeen(isUsed: true);
        Assert.Null(changes.Through);
        changes.OnCommitted([new Committed(12, new PostLiked(Account, Post))]);
        Assert.Null(changes.Through);
        Assert.False(changes.Covers(12));

        Assert.True(changes.Knows(11, 11, changes.Era));
        Assert.Equal(12, changes.Through);
        Assert.Equal(
            [false, true, true, false],
            new long[] { 10, 11, 12, 13 }.Select(changes.Covers)
        );

        Assert.True(changes.Knows(3, 11, changes.Era));
        changes.OnCommitted([new Committed(13, new PostLiked(Account, Post))]);
        Assert.Equal(
            [false, true, true, false],
            new long[] { 2, 3, 13, 14 }.Select(changes.Covers)
        );
    }

    [Fact]
    public void Late_news_of_an_older_change_hides_no_newer_one()
    {
        var changes = new ChangesSeen(isUsed: true);
        changes.OnCommitted([new Committed(9, new AuthorClosed(Account))]);
        changes.Note([new Committed(5, new AuthorClosed(Account))]);

        Assert.True(changes.ChangedSince(8, Changing.Author, Seven));
        Assert.False(changes.ChangedSince(9, Changing.Author, Seven));
    }
}
