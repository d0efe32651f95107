using System.Runtime.CompilerServices;

namespace Rookery.Accounts;

/// <summary>What one chunk of a recount saw.</summary>
internal sealed record RecountedChunk(int Compared, IReadOnlyList<CountDifference> Differences);

/// <summary>
/// Compares every account's counters with a new count of what they count. On a running server events are always on their way, so a difference
/// counts only if it is the same before and after all events of its time were applied; and it is repaired only if nothing was counted since.
/// </summary>
internal sealed class RecountThings(IAccountCountStore store, IEnumerable<IAccountTally> tallies)
{
    private const int ChunkSize = 1_000;

    private readonly IAccountTally[] _tallies = [.. tallies];

    /// <param name="settled">Completes when every event that was committed before the call has been applied.</param>
    public async IAsyncEnumerable<RecountedChunk> HandleAsync(
        Func<CancellationToken, Task> settled,
        bool repair,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        var after = default(AccountId);
        while (true)
        {
            var held = await store.ReadAfterAsync(after, ChunkSize, token);
            if (held.Count == 0)
            {
                yield break;
            }

            after = held[^1].Account;
            var differences = await LastingAsync(held, settled, token);
            if (repair && differences.Count > 0)
            {
                await store.RepairAsync(differences, token);
            }

            yield return new RecountedChunk(held.Count, differences);
        }
    }

    private async Task<IReadOnlyList<CountDifference>> LastingAsync(
        IReadOnlyList<HeldCounts> held,
        Func<CancellationToken, Task> settled,
        CancellationToken token
    )
    {
        var first = await CompareAsync(held, token);
        if (first.Count == 0)
        {
            return first;
        }

        await settled(token);
        var again = first.Select(difference => difference.Account).ToArray();
        var second = await CompareAsync(await store.ReadAsync(again, token), token);
        return second.Intersect(first).ToList();
    }

    private async Task<List<CountDifference>> CompareAsync(
        IReadOnlyList<HeldCounts> held,
        CancellationToken token
    )
    {
        var accounts = held.Select(row => row.Account).ToArray();
        var counts = new AccountCounts[accounts.Length];
        foreach (var tally in _tallies)
        {
            await tally.TallyAsync(accounts, counts, token);
        }

        var differences = new List<CountDifference>();
        for (var i = 0; i < accounts.Length; i++)
        {
            if (held[i].Counts != counts[i])
            {
                differences.Add(new CountDifference(accounts[i], held[i].Counts, counts[i]));
            }
        }

        return differences;
    }
}
