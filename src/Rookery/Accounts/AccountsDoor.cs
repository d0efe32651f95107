namespace Rookery.Accounts;

/// <summary>The door of accounts in the process that runs them.</summary>
internal sealed class AccountsDoor(
    IAccountStore store,
    IAccountCards stored,
    AccountCards cards,
    Sessions sessions
) : IAccounts
{
    public async ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        var found = new List<AccountCard>(ids.Length);
        var missing = Collect(ids.Span, found);
        if (missing.Count > 0)
        {
            found.AddRange(await ReadAsync([.. missing], token));
        }

        return found;
    }

    /// <summary>Where the database does not answer, numbers of before are better than no card: what is shown with it is there.</summary>
    private async ValueTask<IReadOnlyList<AccountCard>> ReadAsync(
        AccountId[] missing,
        CancellationToken token
    )
    {
        var begun = cards.BeginRead();
        try
        {
            var read = await stored.CardsAsync(missing, token);
            cards.Keep(read, begun);
            return read;
        }
        catch (StoreUnavailableException)
            when (Array.ConvertAll(missing, cards.FindUncounted) is var uncounted
                && Array.TrueForAll(uncounted, card => card is not null)
            )
        {
            return uncounted!;
        }
    }

    public async ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        var unseen = new List<AccountId>();
        foreach (var id in ids.Span)
        {
            if (!cards.Knows(id))
            {
                unseen.Add(id);
            }
        }

        if (unseen.Count == 0)
        {
            return [];
        }

        var known = await CardsAsync(unseen.ToArray(), token);
        return [.. unseen.Except(known.Select(card => card.Id))];
    }

    public async ValueTask<AccountLocks> LocksAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        var (found, unseen) = (new List<AccountCard>(ids.Length), new List<AccountId>());
        foreach (var id in ids.Span)
        {
            if (cards.FindUncounted(id) is { } card)
            {
                found.Add(card);
            }
            else
            {
                unseen.Add(id);
            }
        }

        if (unseen.Count > 0)
        {
            found.AddRange(await CardsAsync(unseen.ToArray(), token));
        }

        return new AccountLocks(
            [.. unseen.Except(found.Select(card => card.Id))],
            [.. found.Where(card => card.IsLocked).Select(card => card.Id)]
        );
    }

    public ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    ) => store.ResolveAsync(foldedUsernames, token);

    public ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
        AccountId after,
        CancellationToken token
    ) => store.AllAboveAsync(after, IAccounts.PageOfAll, token);

    public bool TellsOfChanges => true;

    public ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token) =>
        sessions.AuthenticateAsync(authToken, token);

    public ValueTask<bool> IsSessionOpenAsync(TokenHash session, CancellationToken token) =>
        sessions.IsOpenAsync(session, token);

    public int ProfileVersion(int ordinal) => cards.ProfileVersion(ordinal);

    private HashSet<AccountId> Collect(ReadOnlySpan<AccountId> ids, List<AccountCard> found)
    {
        var seen = new HashSet<AccountId>(ids.Length);
        var missing = new HashSet<AccountId>();
        foreach (var id in ids)
        {
            if (!seen.Add(id))
            {
                continue;
            }

            if (cards.Find(id) is { } card)
            {
                found.Add(card);
            }
            else
            {
                missing.Add(id);
            }
        }

        return missing;
    }
}
