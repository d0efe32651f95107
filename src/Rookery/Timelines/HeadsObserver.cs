using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>Keeps author heads current: each committed group becomes visible as a whole.</summary>
internal sealed class HeadsObserver(
    AuthorHeads heads,
    AccountOrdinals ordinals,
    MergedAuthors merged
) : ICommitObserver
{
    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        using (heads.Write())
        {
            var newest = heads.AppliedThrough;
            foreach (var committed in group)
            {
                Apply(committed.Event);
                newest = Math.Max(newest, NewestOf(committed.Event));
            }

            heads.AppliedThrough = newest;
        }
    }

    /// <summary>A group that could not be followed must not stay hidden: from here on truth is taken as it is.</summary>
    public void Forget()
    {
        heads.AppliedThrough = long.MaxValue;
        heads.DropAll();
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
                    if (ordinals.TryGet(DirectInbox.Of(recipient), out var inbox))
                    {
                        heads.Add(inbox, direct.Post.Value);
                    }
                }

                break;
            case PostAccepted post when ordinals.TryGet(post.Author, out var author):
                heads.Add(author, post.Post.Value);
                break;
            // A deleted direct post stays in inboxes until they are loaded again; it is not hydrated any longer.
            case PostDeleted post when ordinals.TryGet(post.Author, out var author):
                heads.Remove(author, post.Post.Value);
                break;
            case AuthorClosed closed:
                heads.Close(ordinals.GetOrAdd(closed.Author));
                break;
            case PostsImported imported when ordinals.TryGet(imported.Author, out var author):
                heads.Drop(author);
                break;
            case AuthorMerged author:
                merged.Add(author.Author);
                break;
        }
    }
}
