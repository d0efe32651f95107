using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>Asks the accounts' door before the graph takes up with an account.</summary>
internal static class ExistingAccounts
{
    /// <summary>NotFound for the first of the accounts that is not active, with the field that named it.</summary>
    public static async ValueTask<Problem?> FindMissingAsync(
        this IAccounts accounts,
        (AccountId Id, string Field)[] named,
        CancellationToken token
    ) =>
        (await accounts.UnknownAsync(Array.ConvertAll(named, one => one.Id), token)).FindMissing(
            named
        );

    /// <summary>As the other, of those who are known not to be active.</summary>
    public static Problem? FindMissing(
        this IReadOnlyList<AccountId> unknown,
        (AccountId Id, string Field)[] named
    )
    {
        foreach (var (id, field) in named)
        {
            if (unknown.Contains(id))
            {
                return Problem.NoAccount(id, field);
            }
        }

        return null;
    }
}
