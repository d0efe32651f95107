using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Mail;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.Search;
using Xunit;

namespace Rookery.Tests.Architecture;

/// <summary>
/// Names and numbers that stand on disk and on the wire. A line here is never changed and never removed: what was written under it must
/// stay readable. An event whose fields change gets a new version, and a line beside the old one.
/// </summary>
public sealed class FrozenNamesTests
{
    private static readonly string[] Events =
    [
        "account.counted 1: Accounts",
        "account.created 1: Account",
        "account.deleted 1: Account",
        "account.imported 1: Accounts",
        "account.locked 1: Account",
        "account.pictures-left 1: Account Media",
        "account.profile-changed 1: Account Version",
        "account.restored 1: Account Version",
        "account.sessions-ended 1: Account",
        "account.suspended 1: Account Version",
        "account.unlocked 1: Account",
        "author.closed 1: Author",
        "author.merged 1: Author",
        "author.posts-imported 1: Author Newest",
        "author.restored 1: Author",
        "author.suspended 1: Author",
        "graph.blocked 1: Blocker Target",
        "graph.follow-request-ended 1: Follower Followee IsAccepted",
        "graph.follow-requested 1: Follower Followee",
        "graph.followed 1: Follower Followee",
        "graph.follows-imported 1: Followers",
        "graph.member-closed 1: Account",
        "graph.muted 1: Muter Target Until",
        "graph.unblocked 1: Blocker Target",
        "graph.unfollowed 1: Follower Followee",
        "graph.unmuted 1: Muter Target",
        "notification.raised 1: Raised",
        "post.accepted 1: Post Author Kind Visibility Class Parent Original Recipients",
        "post.counted 1: Numbers",
        "post.deleted 1: Post Author Kind Parent Original Visibility Recipients",
        "post.liked 1: Account Post",
        "post.media-left 1: Post Media",
        "post.unliked 1: Account Post",
        "report.filed 1: Report Reporter Moderators",
        "report.removed 1: Reports",
    ];

    [Fact]
    public void Events_keep_their_names_versions_and_fields()
    {
        var now = All()
            .Select(type =>
                $"{type.Name} {type.Version}: {string.Join(' ', type.TypeInfo.Properties.Select(field => field.Name))}"
            );
        Assert.Equal(Events, now.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_event_has_a_name()
    {
        var declared = Product
            .TypesOf(Product.Rooms)
            .Where(type => type.IsSubclassOf(typeof(DomainEvent)));
        Assert.Equal(
            declared.Select(type => type.Name).Order(StringComparer.Ordinal),
            All().Select(type => type.ClrType.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Stored_numbers_keep_their_meaning()
    {
        AssertNumbers<Visibility>("Public 0", "Unlisted 1", "Followers 2", "Direct 3");
        AssertNumbers<PostKind>("Post 0", "Reply 1", "Repost 2");
        AssertNumbers<AuthorClass>("Pushed 0", "Merged 1");
        AssertNumbers<AccountRole>("Member 0", "Moderator 1", "Admin 2");
        AssertNumbers<ReportCategory>("Other 0", "Spam 1", "Legal 2", "Violation 3");
        AssertNumbers<ActKind>(
            "Suspended 0",
            "Restored 1",
            "RoleGiven 2",
            "ReportResolved 3",
            "LetterDiscarded 4"
        );
        // 7 is kept for security.
        AssertNumbers<NotificationKind>(
            "Follow 0",
            "Mention 1",
            "Reply 2",
            "Repost 3",
            "Like 4",
            "Status 5",
            "FollowRequest 6",
            "Moderation 8",
            "Report 9"
        );
        AssertNumbers<NotificationChannel>("App 0", "Mail 2", "Digest 3");
        AssertNumbers<NotificationMailForm>("AtOnce 0", "Digest 1");
        AssertNumbers<NotificationMailStage>("Raised 0", "Planned 1", "Ordered 2");
        AssertNumbers<MarkedTimeline>("Home 0", "Notifications 1");
        AssertNumbers<AccountState>("Active 0", "Suspended 1", "Deleted 2");
        AssertNumbers<LinkKind>("Confirm 0", "Password 1");
        AssertNumbers<MailState>("Waiting 0", "Sent 1", "GivenUp 2", "Dropped 3");
        // In images of the search index.
        AssertNumbers<TermKind>(
            "Word 0",
            "Hashtag 1",
            "Mention 2",
            "Author 3",
            "To 4",
            "Mentioned 5",
            "Link 6",
            "Flag 7",
            "Language 8"
        );
    }

    [Fact]
    public void Ids_keep_their_layout()
    {
        var id = Snowflake.Compose(milliseconds: 1, partition: 2, writer: 3, sequence: 4);
        Assert.Equal((1L << 22) | (2 << 12) | (3 << 6) | 4, id);
        Assert.Equal(new DateTimeOffset(2006, 1, 1, 0, 0, 0, TimeSpan.Zero), Snowflake.Epoch);
        Assert.Equal(63, Snowflake.ImportWriter);
    }

    private static IEnumerable<EventType> All() =>
        [
            .. AccountEvents.Types,
            .. GraphEvents.Types,
            .. PostEvents.Types,
            .. NotificationEvents.Types,
            .. ReportEvents.Types,
        ];

    private static void AssertNumbers<T>(params string[] expected)
        where T : struct, Enum =>
        Assert.Equal(
            expected,
            Enum.GetValues<T>()
                .Select(value => $"{value} {value:D}")
                .OrderBy(text => text.Split(' ')[1], StringComparer.Ordinal)
        );
}
