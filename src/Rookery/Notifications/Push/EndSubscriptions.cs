using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Notifications.Push;

/// <summary>A subscription ends with the session that made it. What is sent meanwhile asks for itself; so this may be late, and may be told of the same again.</summary>
internal sealed class EndSubscriptions(IPushStore store, IAccounts accounts) : IEventConsumer
{
    public string Name => "push";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(SessionsEnded), typeof(AccountSuspended), typeof(AccountDeleted)];

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var account in events.Select(AccountIn).OfType<AccountId>().Distinct())
        {
            await EndAsync(account, token);
        }
    }

    private async Task EndAsync(AccountId account, CancellationToken token)
    {
        var ended = new List<PushSubscriptionId>();
        foreach (var one in await store.OfAsync(account, token))
        {
            if (!await accounts.IsSessionOpenAsync(one.Session, token))
            {
                ended.Add(one.Id);
            }
        }

        if (ended.Count > 0)
        {
            await store.RemoveAsync(account, ended, token);
        }
    }

    private static AccountId? AccountIn(Committed committed) =>
        committed.Event switch
        {
            SessionsEnded ended => ended.Account,
            AccountSuspended suspended => suspended.Account,
            AccountDeleted deleted => deleted.Account,
            _ => null,
        };
}
