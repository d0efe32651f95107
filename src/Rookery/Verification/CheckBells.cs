using Rookery.Delivery;
using Rookery.Notifications;

namespace Rookery.Verification;

/// <summary>That who wants to be told of an author's posts follows it.</summary>
internal sealed class CheckBells(IBellStore store, IDerivedTables tables, SettledDelivery delivery)
    : ICheck
{
    /// <summary>Of many at once SQLite looks for each among all.</summary>
    private const int Batch = 200;

    public string Name => "bells against follows";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        var unfounded = new List<Bell>();
        var all = await store.AllAfterAsync(default, Batch, token);
        while (all.Count > 0)
        {
            tally.Compared += all.Count;
            unfounded.AddRange(await tables.UnfoundedAsync(all, token));
            all = await store.AllAfterAsync(all[^1], Batch, token);
        }

        // What ended meanwhile has been heard of by then.
        await delivery.WaitAsync(token);
        foreach (var bell in unfounded)
        {
            var rung = await store.RungAsync(bell.Reader, new[] { bell.Author }, token);
            if (rung.Count > 0 && (await tables.UnfoundedAsync([bell], token)).Count > 0)
            {
                tally.Differs(
                    $"account {bell.Reader} is told of posts by {bell.Author}, whom it does not follow"
                );
                tally.Repaired += await RepairAsync(bell, repair, token);
            }
        }

        return tally.Report();
    }

    private async Task<int> RepairAsync(Bell bell, bool repair, CancellationToken token)
    {
        if (repair)
        {
            await store.UnringAsync(bell, token);
        }

        return repair ? 1 : 0;
    }
}
