using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>Reads what the statuses of a page are written from: posts, names and accounts, each in one call, however many statuses there are.</summary>
internal sealed class GatherStatuses(IPosts posts, IAccounts accounts)
{
    /// <summary>The page's entries in their order, without those that went away since it was read.</summary>
    /// <exception cref="StoreUnavailableException">Something cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Status>> HandleAsync(
        TimelinePage page,
        CancellationToken token
    )
    {
        if (page.PartCount == 0)
        {
            return [];
        }

        var found = await PostsAsync(page, token);
        var names = found.Values.SelectMany(post => RenderHtml.Mentioned(post.Text)).ToHashSet();
        var named =
            names.Count == 0
                ? new Dictionary<string, AccountId>()
                : await accounts.ResolveAsync(names, token);
        var people = found.Values.Select(post => post.Author).Concat(named.Values).Distinct();
        var cards = await accounts.CardsAsync(people.ToArray(), token);
        var known = new Known(found, cards.ToDictionary(card => card.Id), named);
        return [.. Entries(page, known)];
    }

    private async ValueTask<IReadOnlyDictionary<PostId, Post>> PostsAsync(
        TimelinePage page,
        CancellationToken token
    )
    {
        var ids = page.Parts.ToArray().Select(part => part.Id).Distinct().ToArray();
        return (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id);
    }

    private static IEnumerable<Status> Entries(TimelinePage page, Known known)
    {
        for (var i = 0; i < page.PartCount; i++)
        {
            var at = i;
            var original = page.HoldsOriginal(at) ? StatusOf(page, ++i, known, null) : null;
            if (
                (i == at || original is not null)
                && StatusOf(page, at, known, original) is { } status
            )
            {
                yield return status;
            }
        }
    }

    /// <summary>Null for what went away.</summary>
    private static Status? StatusOf(TimelinePage page, int part, Known known, Status? original) =>
        known.Posts.TryGetValue(page.Parts.Span[part].Id, out var post)
        && known.Cards.TryGetValue(post.Author, out var author)
            ? new Status(
                post,
                author,
                [.. Mentions(post.Text, known)],
                [.. Tags(post.Text)],
                page.Flags.Span[part],
                original
            )
            : null;

    private static IEnumerable<AccountCard> Mentions(string text, Known known) =>
        RenderHtml
            .Mentioned(text)
            .Where(known.Named.ContainsKey)
            .Select(name => known.Cards.GetValueOrDefault(known.Named[name]))
            .OfType<AccountCard>();

    /// <summary>The hashtags of a text, folded, in their order, each once.</summary>
    public static IEnumerable<string> Tags(string text) =>
        TextEntities
            .Find(text)
            .Where(entity => entity.Kind == TextEntityKind.Hashtag)
            .Select(entity => Hashtag.Fold(entity.In(text)[1..]))
            .Distinct(StringComparer.Ordinal);

    /// <param name="Named">By folded username.</param>
    private sealed record Known(
        IReadOnlyDictionary<PostId, Post> Posts,
        IReadOnlyDictionary<AccountId, AccountCard> Cards,
        IReadOnlyDictionary<string, AccountId> Named
    );
}
