using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>One account sees another again.</summary>
internal sealed class UnmuteAccount(IGraphStore store, IAccounts accounts)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId muter,
        AccountId target,
        CancellationToken token
    )
    {
        if (muter == target)
        {
            return Problem.Invalid(
                "user_id",
                "Nobody can unmute themselves; name another account."
            );
        }

        if (await store.UnmuteAsync(muter, target, token))
        {
            return Done.Instance;
        }

        return await accounts.FindMissingAsync([(target, "user_id")], token) is { } missing
            ? missing
            : Done.Instance;
    }
}
