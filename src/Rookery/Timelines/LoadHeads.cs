using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>Brings heads into memory: what one read lacks in few queries, each head by one reader at a time.</summary>
internal sealed class LoadHeads(
    AuthorHeads heads,
    AccountOrdinals ordinals,
    IGraph graph,
    IPosts posts
)
{
    /// <summary>Authors of one query: some milliseconds of a connection and a few hundred kB of rows.</summary>
    private const int Chunk = 1_000;

    public async ValueTask LoadAsync(ReadOnlyMemory<int> absent, CancellationToken token)
    {
        using var load = heads.BeginLoad(absent.Span);
        if (load.Taken.Count > 0)
        {
            await LoadAuthorsAsync(load, token);
            await LoadInboxesAsync(load, token);
        }

        await load.Others.WaitAsync(token);
    }

    private async ValueTask LoadAuthorsAsync(HeadLoad load, CancellationToken token)
    {
        var authors = load
            .Taken.Where(source => !DirectInbox.Is(ordinals.IdOf(source)))
            .ToDictionary(ordinals.IdOf);
        if (authors.Count == 0)
        {
            return;
        }

        foreach (var chunk in authors.Keys.Chunk(Chunk))
        {
            var rows = await posts.NewestOfAsync(chunk, PostId.Newest, load.Room, token);
            foreach (var row in rows)
            {
                Complete(load, authors[row.Author], row.Ids);
                authors.Remove(row.Author);
            }
        }

        // Who has no row has no posts.
        foreach (var author in authors.Values)
        {
            load.Complete(author, [], load.Room);
        }
    }

    private async ValueTask LoadInboxesAsync(HeadLoad load, CancellationToken token)
    {
        foreach (var source in load.Taken)
        {
            var id = ordinals.IdOf(source);
            // One at most: only the reader's own inbox is among a read's sources.
            if (DirectInbox.Is(id))
            {
                var owner = DirectInbox.OwnerOf(id);
                // Asked for after the head was registered: a follow or unfollow since then drops it.
                var followees = await graph.FolloweesAsync(owner, ordinals, token);
                var list = new PostList.DirectTo(owner, followees);
                var ids = await posts.ListAsync(list, new Page(load.Room), token);
                Complete(load, source, ids);
            }
        }
    }

    private static void Complete(HeadLoad load, int source, IReadOnlyList<PostId> newestFirst)
    {
        var ids = new long[newestFirst.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = newestFirst[i].Value;
        }

        load.Complete(source, ids, load.Room);
    }
}
