using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>One account blocks another: neither sees the other any longer, and neither follows the other.</summary>
internal sealed class BlockAccount(IGraphStore store, IAccounts accounts)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId blocker,
        AccountId target,
        CancellationToken token
    )
    {
        if (blocker == target)
        {
            return Problem.Invalid("user_id", "Nobody can block themselves; name another account.");
        }

        if (await accounts.FindMissingAsync([(target, "user_id")], token) is { } missing)
        {
            return missing;
        }

        var blocked = await store.BlockAsync(blocker, target, token);
        return blocked.Succeeded ? Done.Instance : blocked.Problem;
    }
}
