namespace Rookery.Graph;

/// <summary>What stands between a viewer and another account.</summary>
/// <param name="Requested">The viewer has asked to follow the other, who has not answered; never beside <paramref name="Following"/>.</param>
/// <param name="RequestedBy">The other way round; never beside <paramref name="FollowedBy"/>.</param>
public readonly record struct Relationship(
    AccountId Account,
    bool Following,
    bool FollowedBy,
    bool Blocking,
    bool BlockedBy,
    bool Muting,
    bool Requested = false,
    bool RequestedBy = false
);

/// <summary>
/// The door of the graph. Answers are current: what was acknowledged before the call is in them.
/// A fault of the store is a <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IGraph
{
    /// <summary>
    /// Copies the ordinals of the accounts that <paramref name="viewer"/> follows into <paramref name="followees"/>, grown if needed; answers
    /// how many, or -1 where they are not in memory: then <see cref="LoadAsync"/> and ask again.
    /// </summary>
    int CopyFollowees(AccountId viewer, ref int[] followees);

    /// <summary>Whom the viewer must not be shown; null where it is not in memory: then <see cref="LoadAsync"/> and ask again.</summary>
    HiddenAccounts? HiddenFrom(AccountId viewer);

    /// <summary>Brings the viewer's followees, blocks and mutes into memory. One load per viewer at a time.</summary>
    ValueTask LoadAsync(AccountId viewer, CancellationToken token);

    /// <summary>Whom the viewer follows, in no particular order, for who can wait until it is in memory.</summary>
    async ValueTask<IReadOnlyList<AccountId>> FolloweesAsync(
        AccountId viewer,
        AccountOrdinals ordinals,
        CancellationToken token
    )
    {
        var followees = new int[256];
        int count;
        while ((count = CopyFollowees(viewer, ref followees)) < 0)
        {
            await LoadAsync(viewer, token);
        }

        return [.. followees.Take(count).Select(ordinals.IdOf)];
    }

    /// <summary>Whom the viewer must not be shown, for who can wait until it is in memory.</summary>
    async ValueTask<HiddenAccounts> HiddenFromAsync(AccountId viewer, CancellationToken token)
    {
        HiddenAccounts? hidden;
        while ((hidden = HiddenFrom(viewer)) is null)
        {
            await LoadAsync(viewer, token);
        }

        return hidden;
    }

    /// <summary>
    /// Whom the account follows as truth has it, also where this process has not been told of it yet: for what is kept where other processes read it.
    /// </summary>
    ValueTask<IReadOnlyList<AccountId>> FolloweesInTruthAsync(
        AccountId viewer,
        CancellationToken token
    );

    /// <summary>What stands between the viewer and each of <paramref name="others"/>, in their order.</summary>
    ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        CancellationToken token
    );

    /// <summary>As <see cref="RelationshipsAsync"/> for the pairs of many viewers, each with one other, in their order.</summary>
    ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        CancellationToken token
    );

    /// <summary>Followers in ascending order, strictly above <paramref name="after"/>, at most <paramref name="limit"/>: one chunk of a fan-out.</summary>
    ValueTask<IReadOnlyList<AccountId>> FollowersAfterAsync(
        AccountId followee,
        AccountId after,
        int limit,
        CancellationToken token
    );
}
