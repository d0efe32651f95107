using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Posts;

/// <summary>
/// Hides what a suspended account posted, and shows it again when that is lifted: one small commit, done before it is answered, and once more behind the event
/// of accounts, which makes up for a crash in between.
/// </summary>
internal sealed class SuspendAuthor(IPostStore store) : IAccountSuspending, IEventConsumer
{
    public string Name => "author-suspension";

    public IReadOnlyList<Type> Reads { get; } = [typeof(AccountSuspended), typeof(AccountRestored)];

    public Task ApplyAsync(
        AccountId account,
        bool isSuspended,
        long version,
        CancellationToken token
    ) => store.SuspendAuthorAsync(account, isSuspended, version, token);

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var happened in events.Select(committed => committed.Event))
        {
            if (happened is AccountSuspended suspended)
            {
                await ApplyAsync(suspended.Account, true, suspended.Version, token);
            }
            else if (happened is AccountRestored restored)
            {
                await ApplyAsync(restored.Account, false, restored.Version, token);
            }
        }
    }
}
