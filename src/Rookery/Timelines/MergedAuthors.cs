using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Rookery.Timelines;

/// <summary>Which authors are merged at read where the others are pushed. The set is small, and nobody ever leaves it.</summary>
internal sealed class MergedAuthors(IOptions<TimelinesOptions> options, AccountOrdinals ordinals)
{
    private readonly ConcurrentDictionary<int, bool> _merged = [];

    /// <summary>Nothing is ever pushed.</summary>
    public bool All => options.Value.MergeAtReadAbove == 0;

    public void Add(AccountId author) => _merged[ordinals.GetOrAdd(author)] = true;

    public bool Contains(int author) => All || _merged.ContainsKey(author);
}
