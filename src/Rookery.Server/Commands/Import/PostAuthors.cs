using Rookery.Accounts;

namespace Rookery.Server.Commands.Import;

/// <summary>
/// Whose a row is: the account that has its author's name, made if need be; or, where accounts are given, the k-th distinct author's posts go to the k-th of
/// them, and round again.
/// </summary>
internal sealed class PostAuthors(IAccountStore store, IReadOnlyList<AccountId>? given)
{
    private readonly Dictionary<string, AccountId?> _known = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _known.Count;

    /// <summary>Null for an author whose account was deleted here.</summary>
    public AccountId? Of(string user) => _known[user];

    /// <summary>After it, <see cref="Of"/> knows these authors.</summary>
    public async Task PrepareAsync(IEnumerable<string> users, CancellationToken token)
    {
        var missing = users
            .Where(user => !_known.ContainsKey(user))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        if (given is not null)
        {
            foreach (var user in missing)
            {
                _known.Add(user, given[_known.Count % given.Count]);
            }
        }
        else if (missing.Length > 0)
        {
            var ids = await store.ImportAsync([.. missing.Select(ImportedAccount.Of)], token);
            for (var i = 0; i < missing.Length; i++)
            {
                _known.Add(missing[i], ids[i]);
            }
        }
    }
}
