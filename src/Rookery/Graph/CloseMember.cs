using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Graph;

/// <summary>
/// Ends a deleted account's part in the graph. Closing is one small commit, done before the deletion is answered: nothing new is stored with
/// the account, and it is in no list. What it left is removed behind that, in chunks that leave room for other writes between them.
/// </summary>
internal sealed class CloseMember(IGraphStore store) : IAccountClosing, IEventConsumer
{
    /// <summary>About 5 ms of the commit thread.</summary>
    private const int Chunk = 500;

    public string Name => "graph-cleanup";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountDeleted)];

    public Task CloseAsync(AccountId account, CancellationToken token) =>
        store.CloseMemberAsync(account, token);

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (
            var deleted in events.Select(committed => committed.Event).OfType<AccountDeleted>()
        )
        {
            await store.CloseMemberAsync(deleted.Account, token);
            while (await store.RemoveSomeOfAsync(deleted.Account, Chunk, token))
            {
                // Each chunk is a commit of its own.
            }
        }
    }
}
