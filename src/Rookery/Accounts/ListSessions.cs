using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>A session as its owner sees it.</summary>
/// <param name="Name">Names it to <see cref="EndSession"/>; nobody can log in with it.</param>
/// <param name="UsedAt">To the day; null where that is not known.</param>
/// <param name="IsCallers">It is the one that asks.</param>
internal sealed record OpenSession(
    string Name,
    DateTimeOffset OpenedAt,
    DateTimeOffset? UsedAt,
    bool IsCallers
);

/// <summary>Where an account is logged in: its sessions that have not ended, the newest first.</summary>
internal sealed class ListSessions(
    IAccountStore store,
    IOptions<AccountsOptions> options,
    TimeProvider time
)
{
    /// <param name="authToken">The caller's.</param>
    public async ValueTask<IReadOnlyList<OpenSession>> HandleAsync(
        AccountId account,
        string authToken,
        CancellationToken token
    )
    {
        var callers = TokenHash.TryOf(authToken, out var own) ? own : (TokenHash?)null;
        var now = time.GetUtcNow();
        return
        [
            .. (await store.SessionsOfAsync(account, token))
                .Where(held => now < options.Value.EndOf(held.Session))
                .Select(held => new OpenSession(
                    held.Hash.ToString(),
                    held.Session.OpenedAt,
                    held.Session.UsedAt,
                    held.Hash == callers
                )),
        ];
    }
}
