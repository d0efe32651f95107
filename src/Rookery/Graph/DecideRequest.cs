using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>A locked account says who may follow it. What was decided so before is fine; what the other has taken back meanwhile is decided no longer.</summary>
internal sealed class DecideRequest(IGraphStore store, IAccounts accounts, TimeProvider time)
{
    /// <summary>NotFound where nobody has asked, and the other does not follow.</summary>
    public async Task<Result<Done>> AcceptAsync(
        AccountId followee,
        AccountId follower,
        CancellationToken token
    )
    {
        if (await accounts.FindMissingAsync([(follower, "user_id")], token) is { } missing)
        {
            return missing;
        }

        return
            await store.AcceptAsync(followee, [follower], token) > 0
            || await FollowsAsync(follower, followee, token)
            ? Done.Instance
            : Problem.NotFound(
                $"Account {follower} has not asked to follow you, or no longer does.",
                "user_id"
            );
    }

    /// <summary>Whoever was not let in is not told.</summary>
    public async Task<Result<Done>> RejectAsync(
        AccountId followee,
        AccountId follower,
        CancellationToken token
    )
    {
        if (await store.RejectAsync(followee, follower, token))
        {
            return Done.Instance;
        }

        return await accounts.FindMissingAsync([(follower, "user_id")], token) is { } missing
            ? missing
            : Done.Instance;
    }

    /// <summary>Another follows the account no longer, and its request, if there is one, ends too.</summary>
    public async Task<Result<Done>> RemoveFollowerAsync(
        AccountId followee,
        AccountId follower,
        CancellationToken token
    )
    {
        if (follower == followee)
        {
            return Problem.Invalid("user_id", "Nobody follows themselves; name another account.");
        }

        if (await store.UnfollowAsync(follower, followee, token))
        {
            return Done.Instance;
        }

        return await accounts.FindMissingAsync([(follower, "user_id")], token) is { } missing
            ? missing
            : Done.Instance;
    }

    private async ValueTask<bool> FollowsAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) =>
        (await store.RelationshipsAsync(followee, new[] { follower }, time.GetUtcNow(), token))[
            0
        ].FollowedBy;
}
