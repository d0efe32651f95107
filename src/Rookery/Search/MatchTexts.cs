using Rookery.Posts;

namespace Rookery.Search;

/// <summary>Asks a query of the texts of posts, many at once. Not for two threads at once.</summary>
internal sealed class MatchTexts(IPosts posts, SearchNode query)
{
    private readonly MatchPost _match = new();

    // Nothing else says whom a post mentions by account.
    private readonly bool _asksWhoIsMentioned = query
        .Leaves()
        .Any(leaf => leaf is SearchNode.Term { Kind: TermKind.Mentioned });

    /// <summary>Those of the posts that stand and are what the query asks for.</summary>
    public async ValueTask<IReadOnlyList<PostId>> AmongAsync(
        ReadOnlyMemory<PostId> some,
        CancellationToken token
    )
    {
        var texts = await posts.GetManyAsync(some, token);
        var mentioned = _asksWhoIsMentioned ? await posts.MentionedInAsync(some, token) : null;
        return
        [
            .. texts
                .Where(post =>
                    _match.Matches(query, post, [.. mentioned?.GetValueOrDefault(post.Id) ?? []])
                )
                .Select(post => post.Id),
        ];
    }
}
