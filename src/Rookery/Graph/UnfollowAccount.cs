using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>
/// One account no longer follows another, or no longer asks whether it may. Unfollowing whom one does not follow changes nothing; a follow that stands can be ended whatever
/// became of the two accounts.
/// </summary>
internal sealed class UnfollowAccount(IGraphStore store, IAccounts accounts)
{
    public async Task<Result<Done>> HandleAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    )
    {
        if (follower == followee)
        {
            return Problem.Invalid(
                "followee_id",
                "Nobody can unfollow themselves; name another account."
            );
        }

        if (await store.UnfollowAsync(follower, followee, token))
        {
            return Done.Instance;
        }

        return
            await accounts.FindMissingAsync(
                [(follower, "follower_id"), (followee, "followee_id")],
                token
            )
                is { } missing
            ? missing
            : Done.Instance;
    }
}
