using System.Runtime.InteropServices;
using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Likes, reposts and replies of posts, counted from events.</summary>
internal static class SqlPostCounts
{
    // A minus that overtakes its plus is kept as a debt; readers are shown no number below 0. A buried post has no row, and what still comes
    // for it (a reply's end, the last unlike) makes none.
    private const string AddTo = """
        INSERT INTO post_counts (post, likes, reposts, replies)
        SELECT id, @likes, @reposts, @replies FROM posts WHERE id = @post AND state <> 1
        ON CONFLICT (post) DO UPDATE SET
            likes = post_counts.likes + excluded.likes,
            reposts = post_counts.reposts + excluded.reposts,
            replies = post_counts.replies + excluded.replies
        RETURNING post, max(0, likes), max(0, reposts), max(0, replies)
        """;

    private const string Forget = "DELETE FROM post_counts WHERE post = @post";

    public static int Apply(CommitContext commit, string consumer, IReadOnlyList<Committed> events)
    {
        var deltas = new Dictionary<PostId, PostCounts>();
        var gone = new HashSet<PostId>();
        var concerned = events.Where(committed => Concerns(committed.Event));
        foreach (
            var committed in SqlInbox.TakeNew(commit, consumer, concerned, one => one.Sequence)
        )
        {
            Collect(committed.Event, deltas, gone);
        }

        var numbers = Add(commit.Session, deltas.Where(one => !gone.Contains(one.Key)));
        foreach (var post in gone)
        {
            commit.Session.Later(Forget, post.Value);
        }

        if (numbers.Count > 0)
        {
            commit.Announce(new PostsCounted(numbers));
        }

        return numbers.Count;
    }

    private static bool Concerns(DomainEvent happened) =>
        happened switch
        {
            PostAccepted accepted => accepted.Kind != PostKind.Post,
            PostDeleted or PostLiked or PostUnliked => true,
            _ => false,
        };

    private static void Collect(
        DomainEvent happened,
        Dictionary<PostId, PostCounts> deltas,
        HashSet<PostId> gone
    )
    {
        switch (happened)
        {
            case PostAccepted { Kind: PostKind.Reply } reply:
                Sum(deltas, reply.Parent, Replies(1, reply.Visibility));
                break;
            case PostAccepted { Kind: PostKind.Repost } repost:
                Sum(deltas, repost.Original, new PostCounts(0, 1, 0));
                break;
            case PostLiked liked:
                Sum(deltas, liked.Post, new PostCounts(1, 0, 0));
                break;
            case PostUnliked unliked:
                Sum(deltas, unliked.Post, new PostCounts(-1, 0, 0));
                break;
            case PostDeleted deleted:
                gone.Add(deleted.Post);
                Sum(deltas, deleted.Parent, Replies(-1, deleted.Visibility));
                Sum(deltas, deleted.Original, new PostCounts(0, -1, 0));
                break;
        }
    }

    /// <summary>Everybody reads the number: it must not tell of replies that not everybody may see.</summary>
    private static PostCounts Replies(int change, Visibility visibility) =>
        new(0, 0, visibility is Visibility.Public or Visibility.Unlisted ? change : 0);

    private static void Sum(Dictionary<PostId, PostCounts> deltas, PostId post, PostCounts change)
    {
        if (post.Value == 0)
        {
            return;
        }

        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(deltas, post, out _);
        sum = new PostCounts(
            sum.Likes + change.Likes,
            sum.Reposts + change.Reposts,
            sum.Replies + change.Replies
        );
    }

    /// <summary>The posts' numbers now, of those that stand.</summary>
    private static List<PostNumbers> Add(
        SqlSession session,
        IEnumerable<KeyValuePair<PostId, PostCounts>> deltas
    ) =>
        session.ManyOfEach(
            AddTo,
            row => new PostNumbers(
                new PostId(row.GetInt64(0)),
                new PostCounts(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))
            ),
            [
                .. deltas.Select(one =>
                    new object[]
                    {
                        one.Value.Likes,
                        one.Value.Reposts,
                        one.Value.Replies,
                        one.Key.Value,
                    }
                ),
            ]
        );
}
