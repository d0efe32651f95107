using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>Keeps what reading holds in memory current with every commit.</summary>
internal sealed class ReadingObserver(
    FragmentRing ring,
    RecentCounts recent,
    ViewerMarksCache marks,
    GonePosts gone
) : ICommitObserver
{
    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            Apply(committed.Event);
        }
    }

    public void Forget()
    {
        ring.Clear();
        marks.Forget();
        gone.Forget();
    }

    private void Apply(DomainEvent happened)
    {
        if (happened is PostAccepted { Post: var newest })
        {
            gone.Accepted(newest);
        }

        switch (happened)
        {
            case PostAccepted { Kind: PostKind.Repost } repost:
                marks.Reposted(repost.Author, repost.Original, true);
                break;
            case PostDeleted deleted:
                ring.Tombstone(deleted.Post);
                if (deleted.Kind == PostKind.Repost)
                {
                    marks.Reposted(deleted.Author, deleted.Original, false);
                }

                break;
            case PostLiked liked:
                marks.Liked(liked.Account, liked.Post, true);
                break;
            case PostUnliked unliked:
                marks.Liked(unliked.Account, unliked.Post, false);
                break;
            // What is told of the two comes in any order; a profile that can be read again may be one that was not there.
            case AuthorRestored or AccountRestored or ProfileChanged or PostsImported:
                gone.Forget();
                break;
            case PostsCounted counted:
                foreach (var (post, counts) in counted.Numbers)
                {
                    recent.Add(post, counts);
                    ring.SetCounts(post, counts.Likes, counts.Reposts, counts.Replies);
                }

                break;
        }
    }
}
