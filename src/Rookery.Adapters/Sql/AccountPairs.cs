namespace Rookery.Adapters.Sql;

/// <summary>
/// Pairs of accounts in the order of an index whose key they are. Each is a number, the ranks of its two accounts, because millions of numbers are
/// sorted in a fraction of the time that pairs of ids take.
/// </summary>
internal sealed class AccountPairs
{
    private readonly AccountId[] _accounts;
    private readonly long[] _pairs;

    /// <param name="accounts">Ascending, so that ranks have the order of ids.</param>
    private AccountPairs(AccountId[] accounts, long[] pairs)
    {
        (_accounts, _pairs) = (accounts, pairs);
        Array.Sort(_pairs);
    }

    public int Count => _pairs.Length;

    public static AccountPairs Of(IReadOnlyList<(AccountId First, AccountId Second)> pairs)
    {
        var ranks = new Dictionary<AccountId, int>();
        foreach (var (first, second) in pairs)
        {
            ranks.TryAdd(first, 0);
            ranks.TryAdd(second, 0);
        }

        var accounts = ranks.Keys.Order().ToArray();
        for (var rank = 0; rank < accounts.Length; rank++)
        {
            ranks[accounts[rank]] = rank;
        }

        return new AccountPairs(
            accounts,
            [.. pairs.Select(pair => Pair(ranks[pair.First], ranks[pair.Second]))]
        );
    }

    /// <summary>The pairs at these places, each the other way round, in the order that they have then.</summary>
    public AccountPairs Turned(IEnumerable<int> places) =>
        new(_accounts, [.. places.Select(at => Pair(Second(_pairs[at]), First(_pairs[at])))]);

    /// <summary>Those of a stretch that share their first account, together.</summary>
    public IEnumerable<PairGroup> Groups(int from, int count)
    {
        for (var (start, at) = (from, from); at < from + count; start = at)
        {
            var first = First(_pairs[start]);
            while (at < from + count && First(_pairs[at]) == first)
            {
                at++;
            }

            var seconds = new AccountId[at - start];
            for (var i = 0; i < seconds.Length; i++)
            {
                seconds[i] = _accounts[Second(_pairs[start + i])];
            }

            yield return new PairGroup(_accounts[first], seconds, start);
        }
    }

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static int First(long pair) => (int)(pair >> 32);

    private static int Second(long pair) => (int)pair;
}

/// <param name="Start">The place of the first of these pairs among all.</param>
internal readonly record struct PairGroup(AccountId First, AccountId[] Seconds, int Start);
