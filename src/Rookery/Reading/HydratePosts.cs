using System.Buffers;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Telemetry;

namespace Rookery.Reading;

/// <summary>
/// Turns ids into rendered posts: what is held in memory is found there; what is not is read, rendered and kept. A rendering counts only
/// while its author's profile is what it was rendered with.
/// </summary>
internal sealed class HydratePosts(
    FragmentRing ring,
    AccountOrdinals ordinals,
    IAccounts accounts,
    IPosts posts,
    RecentCounts recent,
    GonePosts known,
    TelemetryEvents telemetry
)
{
    /// <summary>A ring that is smaller than what all readers look at at once would keep a page from ever being whole: the last one does without it.</summary>
    private const int Attempts = 3;

    [ThreadStatic]
    private static RenderEntry? t_renderer;

    /// <summary>
    /// Finds every post of <paramref name="page"/> and the originals of reposts. What does not stand any longer stays empty. Completes at
    /// once where all of it is in memory.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Something has to be read from truth and cannot be.</exception>
    public ValueTask HydrateAsync(HydratedPage page, CancellationToken token) =>
        IsInMemory(page) ? ValueTask.CompletedTask : LoadAsync(page, token);

    /// <summary>
    /// As <see cref="HydrateAsync"/>, of a timeline from its newest post on, whose answer says that it may be old. Where truth is away the newest posts stay empty if only those
    /// were never read here: the page is what it was before them. Anywhere else an empty one would be a gap.
    /// </summary>
    public ValueTask HydrateTopAsync(HydratedPage page, CancellationToken token) =>
        IsInMemory(page) ? ValueTask.CompletedTask : LoadTopAsync(page, token);

    private bool IsInMemory(HydratedPage page)
    {
        var isWhole = TryFind(page);
        telemetry.PageLookedFor(isWhole);
        return isWhole;
    }

    private async ValueTask LoadTopAsync(HydratedPage page, CancellationToken token)
    {
        try
        {
            await LoadAsync(page, token);
        }
        catch (StoreUnavailableException) when (LacksOnlyTheNewest(page))
        {
            // As said.
        }
    }

    private bool LacksOnlyTheNewest(HydratedPage page)
    {
        var lacking = 0;
        while (lacking < page.Count && IsMissing(page, lacking, out _))
        {
            lacking++;
        }

        for (var i = lacking; i < page.Count; i++)
        {
            if (IsMissing(page, i, out _))
            {
                return false;
            }
        }

        return lacking < page.Count;
    }

    private bool TryFind(HydratedPage page)
    {
        var whole = true;
        ring.Read(page.Ids, page.Posts);
        for (var i = 0; i < page.Count; i++)
        {
            whole &= IsFound(page, page.Ids[i], ref page.Posts[i]);
            page.Originals[i] = default;
            if (page.Posts[i].Exists && page.Posts[i].Header.OriginalId is { Value: > 0 } original)
            {
                ring.TryRead(original, out page.Originals[i]);
                whole &= IsFound(page, original, ref page.Originals[i]);
            }
        }

        return whole;
    }

    /// <summary>In the ring, or else beside it.</summary>
    private bool IsFound(HydratedPage page, PostId id, ref FragmentRef found) =>
        Holds(ref found)
        || (page.TryFindOutside(id, out found) && Holds(ref found))
        || known.Contains(id);

    /// <summary>Empties a rendering of an author who has changed since.</summary>
    private bool Holds(ref FragmentRef found)
    {
        if (!found.Exists)
        {
            return false;
        }

        if (found.Header.AuthorVersion == accounts.ProfileVersion(found.Header.AuthorOrdinal))
        {
            return true;
        }

        found = default;
        return false;
    }

    private async ValueTask LoadAsync(HydratedPage page, CancellationToken token)
    {
        var gone = new HashSet<PostId>();
        for (var attempt = 1; ; attempt++)
        {
            var missing = Missing(page, gone);
            if (missing.Count == 0)
            {
                return;
            }

            if (attempt > Attempts)
            {
                throw new StoreUnavailableException(
                    "The authors of the page change faster than it can be read."
                );
            }

            var read = await ReadAsync(missing, gone, token);
            KeepAll(read, page, outside: attempt == Attempts);
            TryFind(page);
        }
    }

    private List<PostId> Missing(HydratedPage page, HashSet<PostId> gone)
    {
        var missing = new List<PostId>();
        for (var i = 0; i < page.Count; i++)
        {
            if (IsMissing(page, i, out var id))
            {
                missing.Add(id);
            }
        }

        missing.RemoveAll(gone.Contains);
        return missing;
    }

    /// <summary>The post, or else its original, that is not there and may be.</summary>
    private bool IsMissing(HydratedPage page, int place, out PostId id)
    {
        ref readonly var post = ref page.Posts[place];
        id = post.Exists ? post.Header.OriginalId : page.Ids[place];
        return id.Value > 0
            && !(post.Exists && page.Originals[place].Exists)
            && !known.Contains(id);
    }

    private async ValueTask<List<Readable>> ReadAsync(
        List<PostId> ids,
        HashSet<PostId> gone,
        CancellationToken token
    )
    {
        var begun = known.BeginRead();
        var found = await posts.GetManyAsync(ids.ToArray(), token);
        var originals = await OriginalsAsync(found, token);
        var authors = found.Select(post => post.Author).Distinct().ToArray();
        // The version first: a profile that changes while its card is read leaves a rendering that no longer counts.
        var versions = authors.ToDictionary(
            author => author,
            author => accounts.ProfileVersion(ordinals.GetOrAdd(author))
        );
        var cards = (await accounts.CardsAsync(authors, token)).ToDictionary(card => card.Id);
        gone.UnionWith(ids);
        var readable = new List<Readable>(found.Count);
        foreach (var post in found)
        {
            if (
                cards.TryGetValue(post.Author, out var card)
                && (post.Kind != PostKind.Repost || originals.ContainsKey(post.Original))
            )
            {
                var original = originals.GetValueOrDefault(post.Original);
                readable.Add(new Readable(post, original, card, versions[post.Author]));
                gone.Remove(post.Id);
            }
        }

        foreach (var id in ids.Where(gone.Contains))
        {
            known.Add(id, begun);
        }

        return readable;
    }

    private void KeepAll(List<Readable> read, HydratedPage page, bool outside)
    {
        foreach (var (post, original, author, authorVersion) in read)
        {
            var renderer = Render(post, original, author, authorVersion, out var header);
            if (outside || renderer.Payload.Length > ring.MaxPayload)
            {
                page.KeepOutside(header, renderer.Payload);
            }
            else
            {
                Put(header, renderer.Payload);
            }
        }
    }

    private async ValueTask<Dictionary<PostId, Post>> OriginalsAsync(
        IReadOnlyList<Post> found,
        CancellationToken token
    )
    {
        var ids = found
            .Where(post => post.Kind == PostKind.Repost)
            .Select(post => post.Original)
            .Distinct()
            .ToArray();
        return ids.Length == 0
            ? []
            : (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id);
    }

    /// <summary>Renders a post that was just stored, and keeps it.</summary>
    public void Keep(Post post, Post? original, AccountCard author, int authorVersion)
    {
        var renderer = Render(post, original, author, authorVersion, out var header);
        Put(header, renderer.Payload);
    }

    private RenderEntry Render(
        Post post,
        Post? original,
        AccountCard author,
        int authorVersion,
        out FragmentHeader header
    )
    {
        var renderer = t_renderer ??= new RenderEntry();
        header = renderer.Render(post, original, author);
        header.AuthorOrdinal = ordinals.GetOrAdd(post.Author);
        header.AuthorVersion = authorVersion;
        return renderer;
    }

    private void Put(in FragmentHeader header, ReadOnlySpan<byte> payload)
    {
        ring.TryPut(header, payload);
        // Numbers that were counted between the row's read and now.
        while (recent.TryGet(header.PostId, out var counts))
        {
            ring.SetCounts(header.PostId, counts.Likes, counts.Reposts, counts.Replies);
            if (recent.TryGet(header.PostId, out var newest) && newest == counts)
            {
                break;
            }
        }
    }

    /// <summary>All that a rendering is made of.</summary>
    private sealed record Readable(
        Post Post,
        Post? Original,
        AccountCard Author,
        int AuthorVersion
    );
}
