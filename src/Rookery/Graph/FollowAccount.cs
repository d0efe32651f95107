using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>One account follows another. Following whom one follows changes nothing.</summary>
internal sealed class FollowAccount(IGraphStore store, IAccounts accounts)
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
                "Nobody can follow themselves; name another account."
            );
        }

        if (
            await accounts.FindMissingAsync(
                [(follower, "follower_id"), (followee, "followee_id")],
                token
            ) is
            { } missing
        )
        {
            return missing;
        }

        var followed = await store.FollowAsync(follower, followee, token);
        return followed.Succeeded ? Done.Instance : followed.Problem;
    }
}
