using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Verification;

/// <summary>Every account's numbers of posts, followers and followees.</summary>
internal sealed class CheckAccountCounts(RecountThings recount, SettledDelivery delivery) : ICheck
{
    public string Name => "counters of accounts";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        await foreach (var chunk in recount.HandleAsync(delivery.WaitAsync, repair, token))
        {
            tally.Compared += chunk.Compared;
            tally.Repaired += repair ? chunk.Differences.Count : 0;
            foreach (var (account, held, truth) in chunk.Differences)
            {
                tally.Differs(
                    $"account {account}: {InWords(held)} are held, {InWords(truth)} are right"
                );
            }
        }

        return tally.Report();
    }

    private static string InWords(AccountCounts counts) =>
        $"{counts.Posts} posts, {counts.Followers} followers, {counts.Following} followees";
}
