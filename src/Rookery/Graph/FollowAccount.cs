using Microsoft.Extensions.Options;
using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>
/// One account follows another, or asks whether it may, where that one is locked. Following whom one follows and asking again change nothing.
/// </summary>
internal sealed class FollowAccount(
    IGraphStore store,
    IAccounts accounts,
    IOptions<GraphOptions> options,
    TimeProvider time
)
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

        var (unknown, locked) = await accounts.LocksAsync(new[] { follower, followee }, token);
        if (
            unknown.FindMissing([(follower, "follower_id"), (followee, "followee_id")]) is
            { } missing
        )
        {
            return missing;
        }

        if (await FollowsTooManyAsync(follower, followee, token))
        {
            return Problem.Forbidden(
                $"Account {follower} follows {options.Value.MaxFollowees} accounts or more, which is all that one may; unfollow another first."
            );
        }

        var done = locked.Contains(followee)
            ? await store.RequestAsync(follower, followee, token)
            : await store.FollowAsync(follower, followee, token);
        return done.Succeeded ? Done.Instance : done.Problem;
    }

    /// <summary>Follows that are asked for at the same time may each find room for one: the bound is there for the cost of a page, not to the one.</summary>
    private async ValueTask<bool> FollowsTooManyAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    )
    {
        if (await store.CountFolloweesAsync(follower, token) < options.Value.MaxFollowees)
        {
            return false;
        }

        var relations = await store.RelationshipsAsync(
            follower,
            new[] { followee },
            time.GetUtcNow(),
            token
        );
        return relations[0] is { Following: false, Requested: false };
    }
}
