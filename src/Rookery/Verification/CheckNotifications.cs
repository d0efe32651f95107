using Rookery.Delivery;
using Rookery.Notifications;

namespace Rookery.Verification;

/// <summary>
/// That nothing stands for what is gone: of each notification, whether what it tells of is there, and who did it. The other way round cannot be compared: what was muted, dismissed, pruned or
/// imported is not told.
/// </summary>
internal sealed class CheckNotifications(
    INotificationStore store,
    IDerivedTables tables,
    SettledDelivery delivery
) : ICheck
{
    /// <summary>Of many at once SQLite looks for each among all.</summary>
    private const int Batch = 200;

    public string Name => "notifications";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        await delivery.WaitAsync(token);
        var all = await store.AllAboveAsync(default, Batch, token);
        while (all.Count > 0)
        {
            tally.Compared += all.Count;
            foreach (var one in await UnfoundedAsync(all, token))
            {
                tally.Differs(
                    $"account {one.Key.Recipient} was told by notification {one.Id} of a {one.Kind.ToString().ToLowerInvariant()} by {one.Actor}{(one.Post.Value == 0 ? "" : $" with post {one.Post}")}, which is not there"
                );
                tally.Repaired += repair ? await store.RemoveAsync([one.Id], token) : 0;
            }

            all = await store.AllAboveAsync(all[^1].Id, Batch, token);
        }

        return tally.Report();
    }

    /// <summary>What is not there now, and stands still when all that was told by then has been heard.</summary>
    private async ValueTask<IReadOnlyList<Notification>> UnfoundedAsync(
        IReadOnlyList<Notification> all,
        CancellationToken token
    )
    {
        var unfounded = (
            await tables.UnfoundedAsync([.. all.Select(one => one.Key)], token)
        ).ToHashSet();
        if (unfounded.Count == 0)
        {
            return [];
        }

        await delivery.WaitAsync(token);
        var still = new List<Notification>();
        foreach (var one in all.Where(one => unfounded.Contains(one.Key)))
        {
            if (
                await store.FindAsync(one.Key.Recipient, one.Id, token) is not null
                && (await tables.UnfoundedAsync([one.Key], token)).Count > 0
            )
            {
                still.Add(one);
            }
        }

        return still;
    }
}
