using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>Keeps author heads current: each committed group becomes visible as a whole.</summary>
internal sealed class HeadsObserver(
    AuthorHeads heads,
    AccountOrdinals ordinals,
    IGraph graph,
    MergedAuthors merged
) : ICommitObserver
{
    private int[] _followees = new int[256];

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        using (heads.Write())
        {
            // After Forget nothing is known until a live post comes: its id is above all that was committed before it.
            var known = heads.AppliedThrough != long.MaxValue;
            var newest = known ? heads.AppliedThrough : 0;
            foreach (var committed in group)
            {
                Apply(committed.Event);
                newest = Math.Max(newest, NewestOf(committed.Event));
                known |= committed.Event is PostAccepted;
            }

            heads.AppliedThrough = known ? newest : long.MaxValue;
        }
    }

    /// <summary>A group that could not be followed must not stay hidden: until the next post truth is taken as it is.</summary>
    public void Forget()
    {
        using (heads.Write())
        {
            heads.AppliedThrough = long.MaxValue;
            heads.DropAll();
        }
    }

    private static long NewestOf(DomainEvent happened) =>
        happened switch
        {
            PostAccepted accepted => accepted.Post.Value,
            PostsImported imported => imported.Newest.Value,
            _ => 0,
        };

    private void Apply(DomainEvent happened)
    {
        switch (happened)
        {
            case PostAccepted { Visibility: Visibility.Direct } direct:
                foreach (var recipient in direct.Recipients)
                {
                    AddToInbox(recipient, direct);
                }

                break;
            case PostAccepted post when ordinals.TryGet(post.Author, out var author):
                heads.Add(author, post.Post.Value);
                break;
            case PostDeleted { Visibility: Visibility.Direct } direct:
                foreach (var recipient in direct.Recipients)
                {
                    if (ordinals.TryGet(DirectInbox.Of(recipient), out var inbox))
                    {
                        heads.Remove(inbox, direct.Post.Value);
                    }
                }

                break;
            case Followed followed:
                DropInbox(followed.Follower);
                break;
            case Unfollowed unfollowed:
                DropInbox(unfollowed.Follower);
                break;
            case FollowsImported imported:
                foreach (var follower in imported.Followers)
                {
                    DropInbox(follower);
                }

                break;
            case PostDeleted post when ordinals.TryGet(post.Author, out var author):
                heads.Remove(author, post.Post.Value);
                break;
            case AuthorClosed closed:
                heads.Close(ordinals.GetOrAdd(closed.Author));
                break;
            case AuthorSuspended suspended:
                DropAllOf(suspended.Author);
                break;
#if SEEDED_BUGS
            case AuthorRestored when SeededBugs.Is("restored-heads-kept"):
                break;
#endif
            case AuthorRestored restored:
                DropAllOf(restored.Author);
                break;
            case PostsImported imported when ordinals.TryGet(imported.Author, out var author):
                heads.Drop(author);
                break;
            case AuthorMerged author:
                merged.Add(author.Author);
                break;
        }
    }

    /// <summary>
    /// An inbox holds what home may show: direct posts of followees. Strangers' would only be read and thrown away, as many as they care to send.
    /// </summary>
    private void AddToInbox(AccountId recipient, PostAccepted direct)
    {
        if (!ordinals.TryGet(DirectInbox.Of(recipient), out var inbox))
        {
            return;
        }

        var count = graph.CopyFollowees(recipient, ref _followees);
        if (count < 0)
        {
            heads.Drop(inbox);
        }
        else if (
            ordinals.TryGet(direct.Author, out var author)
            && _followees.AsSpan(0, count).Contains(author)
        )
        {
            heads.Add(inbox, direct.Post.Value);
        }
    }

    /// <summary>Truth says what is left, or there again, of what the author posted; nobody knows in which inboxes that is.</summary>
    private void DropAllOf(AccountId author)
    {
        if (ordinals.TryGet(author, out var ordinal))
        {
            heads.Drop(ordinal);
        }

        heads.DropWhere(source => DirectInbox.Is(ordinals.IdOf(source)));
    }

    private void DropInbox(AccountId owner)
    {
        if (ordinals.TryGet(DirectInbox.Of(owner), out var inbox))
        {
            heads.Drop(inbox);
        }
    }
}
