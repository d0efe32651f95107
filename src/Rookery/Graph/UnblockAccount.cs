using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>One account no longer blocks another. The follows that the block ended stay ended.</summary>
internal sealed class UnblockAccount(IGraphStore store, IAccounts accounts)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId blocker,
        AccountId target,
        CancellationToken token
    )
    {
        if (blocker == target)
        {
            return Problem.Invalid(
                "user_id",
                "Nobody can unblock themselves; name another account."
            );
        }

        if (await store.UnblockAsync(blocker, target, token))
        {
            return Done.Instance;
        }

        return await accounts.FindMissingAsync([(target, "user_id")], token) is { } missing
            ? missing
            : Done.Instance;
    }
}
