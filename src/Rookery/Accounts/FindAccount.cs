namespace Rookery.Accounts;

/// <summary>Finds one account by its id or by its username.</summary>
internal sealed class FindAccount(IAccounts accounts)
{
    public async ValueTask<Result<AccountCard>> ByIdAsync(
        AccountId id,
        string field,
        CancellationToken token
    )
    {
        var cards = await accounts.CardsAsync(new[] { id }, token);
        return cards.Count == 1 ? cards[0] : Problem.NoAccount(id, field);
    }

    public async ValueTask<Result<AccountCard>> ByUsernameAsync(
        string username,
        string field,
        CancellationToken token
    )
    {
        if (Handle.Standing(username)?.Folded is not { } folded)
        {
            return NoSuch(field);
        }

        var known = await accounts.ResolveAsync([folded], token);
        if (!known.TryGetValue(folded, out var id))
        {
            return NoSuch(field);
        }

        var found = await ByIdAsync(id, field, token);
        return found.Succeeded ? found : NoSuch(field);
    }

    private static Problem NoSuch(string field) =>
        Problem.NotFound("There is no account with this username.", field);
}
