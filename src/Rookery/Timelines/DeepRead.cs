using System.Buffers;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>
/// The part of a home timeline that memory does not hold, from truth: a few ids of every followee at a time, until the page is full. Each
/// round is one query, and what it yields is complete down to the highest id at which some followee's rows were cut.
/// </summary>
internal sealed class DeepRead(IPosts posts, AuthorHeads heads, AccountOrdinals ordinals)
{
    /// <summary>Rows of one round, roughly: a round is a query of a few milliseconds.</summary>
    private const int RowsPerRound = 6_000;

    /// <summary>Continues the read where its ids end.</summary>
    public async ValueTask ContinueAsync(HomeRead read, CancellationToken token)
    {
        var authors = AuthorsOf(read);
        // The queries of a round see truth at different moments; up to here they agree.
        var newest = heads.AppliedThrough;
        read.More = true;
        while (read.More && read.Count < read.Want)
        {
            var perAuthor = Math.Clamp(
                RowsPerRound / Math.Max(1, authors.Length),
                4,
                Math.Max(4, read.Want - read.Count)
            );
            if (read.FromBelow)
            {
                await RoundUpAsync(read, authors, perAuthor, newest, token);
            }
            else
            {
                await RoundDownAsync(read, authors, perAuthor, newest, token);
            }
        }
    }

    private AccountId[] AuthorsOf(HomeRead read)
    {
        var authors = new List<AccountId>(read.SourceCount);
        foreach (var source in read.SourceSpan)
        {
            var id = ordinals.IdOf(source);
            if (!DirectInbox.Is(id))
            {
                authors.Add(id);
            }
        }

        return [.. authors];
    }

    private async ValueTask RoundDownAsync(
        HomeRead read,
        AccountId[] authors,
        int perAuthor,
        long newest,
        CancellationToken token
    )
    {
        var end = read.Count > 0 ? read.Ids[read.Count - 1] : read.Below;
        var below = newest == long.MaxValue ? end : Math.Min(end, newest + 1);
        var rows = await posts.NewestOfAsync(authors, new PostId(below), perAuthor, token);
        var direct = await DirectAsync(
            read,
            authors,
            new Page(perAuthor, new PostId(below)),
            token
        );
        var complete = direct.Count < perAuthor ? 0 : direct[^1].Value;
        foreach (var author in rows)
        {
            complete =
                author.Ids.Count < perAuthor ? complete : Math.Max(complete, author.Ids[^1].Value);
        }

        var found = rows.SelectMany(author => author.Ids)
            .Concat(direct)
            .Select(id => id.Value)
            .Where(id => id >= complete && id > read.Above)
            .Distinct()
            .OrderDescending()
            .ToList();
        read.More = complete > read.Above || found.Count > read.Want - read.Count;
        Append(read, found);
    }

    private async ValueTask RoundUpAsync(
        HomeRead read,
        AccountId[] authors,
        int perAuthor,
        long newest,
        CancellationToken token
    )
    {
        var above = read.Count > 0 ? read.Ids[0] : read.Above;
        var rows = await posts.OldestOfAsync(authors, new PostId(above), perAuthor, token);
        var direct = await DirectAsync(
            read,
            authors,
            new Page(perAuthor, MinId: new PostId(above)),
            token
        );
        var complete = direct.Count < perAuthor ? read.Below : direct[0].Value;
        foreach (var author in rows)
        {
            complete =
                author.Ids.Count < perAuthor ? complete : Math.Min(complete, author.Ids[^1].Value);
        }

        var found = rows.SelectMany(author => author.Ids)
            .Concat(direct)
            .Select(id => id.Value)
            .Where(id => id <= complete && id < read.Below && id <= newest)
            .Distinct()
            .Order()
            .ToList();
        // Where nothing was found, the rest is a group that is just being told.
        read.More =
            found.Count > 0 && (complete < read.Below || found.Count > read.Want - read.Count);
        Prepend(read, found);
    }

    private ValueTask<IReadOnlyList<PostId>> DirectAsync(
        HomeRead read,
        AccountId[] authors,
        Page page,
        CancellationToken token
    ) => posts.ListAsync(new PostList.DirectTo(read.Viewer, authors), page, token);

    private static void Append(HomeRead read, IEnumerable<long> newestFirst)
    {
        foreach (var id in newestFirst.Take(read.Want - read.Count))
        {
            read.Ids[read.Count++] = id;
        }
    }

    private static void Prepend(HomeRead read, IEnumerable<long> oldestFirst)
    {
        var room = read.Want - read.Count;
        var found = ArrayPool<long>.Shared.Rent(room);
        var count = 0;
        foreach (var id in oldestFirst.Take(room))
        {
            found[count++] = id;
        }

        read.Ids.AsSpan(0, read.Count).CopyTo(read.Ids.AsSpan(count));
        for (var i = 0; i < count; i++)
        {
            read.Ids[i] = found[count - 1 - i];
        }

        read.Count += count;
        ArrayPool<long>.Shared.Return(found);
    }
}
