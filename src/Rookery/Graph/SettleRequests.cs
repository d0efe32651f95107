using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Graph;

/// <summary>
/// Ends the requests that nobody will decide: who has asked an account that is unlocked now follows it, and what an account asked that is suspended now is taken
/// back. In chunks that leave room for other writes between them; once more changes nothing.
/// </summary>
internal sealed class SettleRequests(IGraphStore store, IAccounts accounts) : IEventConsumer
{
    /// <summary>About 5 ms of the commit thread.</summary>
    private const int Chunk = 250;

    public string Name => "follow-requests";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountUnlocked), typeof(AccountSuspended)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var happened in events.Select(committed => committed.Event))
        {
            await (
                happened switch
                {
                    AccountUnlocked unlocked => AcceptAllAsync(unlocked.Account, token),
                    AccountSuspended suspended => WithdrawAllAsync(suspended.Account, token),
                    _ => Task.CompletedTask,
                }
            );
        }
    }

    private async Task AcceptAllAsync(AccountId followee, CancellationToken token)
    {
        while (
            await store.RequestersAsync(followee, Chunk, token) is { Count: > 0 } asked
            // Asked behind the list: had it been locked again, nobody would be in it who has asked since then.
            && await IsOpenAsync(followee, token)
        )
        {
            await store.AcceptAsync(followee, asked, token);
        }
    }

    private async ValueTask<bool> IsOpenAsync(AccountId followee, CancellationToken token) =>
        await accounts.LocksAsync(new[] { followee }, token)
            is { Unknown.Count: 0, Locked.Count: 0 };

    /// <summary>One that was restored meanwhile keeps what it has asked.</summary>
    private async Task WithdrawAllAsync(AccountId follower, CancellationToken token)
    {
        while (
            (await accounts.UnknownAsync(new[] { follower }, token)).Count > 0
            && await store.WithdrawSomeAsync(follower, Chunk, token) == Chunk
        )
        {
            // Each chunk is a commit of its own.
        }
    }
}
