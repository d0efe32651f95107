using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Verification;

/// <summary>Rendered posts that this process holds in memory, against a new rendering of what is stored: of the store itself, not of what stands before it.</summary>
internal sealed class CheckFragments(
    IDerivedTables tables,
    FragmentRing ring,
    IPostStore posts,
    IAccounts accounts,
    SettledDelivery delivery
) : ICheck
{
    private const int Batch = 1_000;

    private readonly RenderEntry _renderer = new();

    public string Name => "rendered posts in memory";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        var ids = await tables.PostIdsAfterAsync(default, Batch, token);
        while (ids.Count > 0)
        {
            var held = ids.Where(IsHeld).ToList();
            tally.Compared += held.Count;
            foreach (var post in await LastingAsync(held, token))
            {
                tally.Differs($"post {post} is not rendered as it is stored");
            }

            ids = await tables.PostIdsAfterAsync(ids[^1], Batch, token);
        }

        if (repair && tally.Report().Different > 0)
        {
            await tables.ForgetHeldAsync(token);
            tally.Repaired = tally.Report().Different;
        }

        return tally.Report();
    }

    private bool IsHeld(PostId post) => ring.TryRead(post, out var held) && !held.Header.IsDeleted;

    private async Task<List<PostId>> LastingAsync(List<PostId> held, CancellationToken token)
    {
        var differing = await DifferingAsync(held, token);
        if (differing.Count > 0)
        {
            await delivery.WaitAsync(token);
            differing = await DifferingAsync(differing, token);
        }

        return differing;
    }

    private async Task<List<PostId>> DifferingAsync(List<PostId> held, CancellationToken token)
    {
        var stored = (await posts.GetManyAsync(held.ToArray(), token)).ToDictionary(post =>
            post.Id
        );
        var originals = (
            await posts.GetManyAsync(
                stored
                    .Values.Select(post => post.Original)
                    .Concat(held.Select(HeldOriginalOf))
                    .Where(id => id.Value != 0)
                    .Distinct()
                    .ToArray(),
                token
            )
        ).ToDictionary(post => post.Id);
        var authors = stored.Values.Select(post => post.Author).Distinct().ToArray();
        var cards = (await accounts.CardsAsync(authors, token)).ToDictionary(card => card.Id);
        return held.Where(id => !IsRight(id, stored.GetValueOrDefault(id), originals, cards))
            .ToList();
    }

    private PostId HeldOriginalOf(PostId post) =>
        ring.TryRead(post, out var held) ? held.Header.OriginalId : default;

    private bool IsRight(
        PostId id,
        Post? post,
        Dictionary<PostId, Post> originals,
        Dictionary<AccountId, AccountCard> cards
    )
    {
        if (!ring.TryRead(id, out var held) || held.Header.IsDeleted)
        {
            return true;
        }

        // Of an older profile, or of before a suspension: it is read again before anybody is shown it.
        if (held.Header.AuthorVersion != accounts.ProfileVersion(held.Header.AuthorOrdinal))
        {
            return true;
        }

        if (post is null || !cards.TryGetValue(post.Author, out var card))
        {
            // It is shown with its original or not at all, and that is not to be shown.
            return held.Header.OriginalId.Value != 0
                && !originals.ContainsKey(held.Header.OriginalId);
        }

        _renderer.Render(post, originals.GetValueOrDefault(post.Original), card);
        return SamePayload(held, _renderer.Payload) || !ring.StillValid(held);
    }

    private static unsafe bool SamePayload(in FragmentRef held, ReadOnlySpan<byte> right) =>
        new ReadOnlySpan<byte>(held.Payload, held.Length).SequenceEqual(right);
}
