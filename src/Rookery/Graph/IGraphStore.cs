namespace Rookery.Graph;

/// <summary>All that a viewer's pages are built from: whom it follows, and whom it must not be shown.</summary>
public sealed record ViewerRelations(IReadOnlyList<AccountId> Followees, HiddenAccounts Hidden);

/// <summary>
/// The truth of the graph.
/// <para>Durability: what a write answered is on the disk, together with its events. A write that fails leaves nothing behind; an import that
/// fails may have stored some of its follows, and is to be repeated.</para>
/// <para>Order: a read sees every write that was answered before it.</para>
/// <para>Idempotence: a write that finds things as it would leave them answers false and emits nothing.</para>
/// <para>The local no: with a closed member (an account that is gone) nothing new can be stored, NotFound; it is in no list.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IGraphStore
{
    /// <summary>Forbidden where one of the two blocks the other; only the follower's own block is named in the problem.</summary>
    Task<Result<bool>> FollowAsync(AccountId follower, AccountId followee, CancellationToken token);

    /// <summary>Asks whether the one may follow the other. False where it does or has asked before; Forbidden as <see cref="FollowAsync"/> is.</summary>
    Task<Result<bool>> RequestAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    );

    /// <summary>Those of the followers who have asked, and do so still, follow from now on; answers how many have asked.</summary>
    Task<int> AcceptAsync(
        AccountId followee,
        IReadOnlyList<AccountId> followers,
        CancellationToken token
    );

    /// <summary>Up to <paramref name="limit"/> of those who have asked: also who follows by now, since the account was unlocked.</summary>
    ValueTask<IReadOnlyList<AccountId>> RequestersAsync(
        AccountId followee,
        int limit,
        CancellationToken token
    );

    /// <summary>Ends the request. False where there is none.</summary>
    Task<bool> RejectAsync(AccountId followee, AccountId follower, CancellationToken token);

    /// <summary>Takes back what the follower has asked; answers of how many accounts, at most <paramref name="limit"/>.</summary>
    Task<int> WithdrawSomeAsync(AccountId follower, int limit, CancellationToken token);

    /// <summary>A request is taken back too.</summary>
    Task<bool> UnfollowAsync(AccountId follower, AccountId followee, CancellationToken token);

    /// <summary>Ends the follows and requests between the two in the same transaction, with their events.</summary>
    Task<Result<bool>> BlockAsync(AccountId blocker, AccountId target, CancellationToken token);

    Task<bool> UnblockAsync(AccountId blocker, AccountId target, CancellationToken token);

    /// <param name="until">Milliseconds since 1970, 0 for good. Another end than before is a change.</param>
    Task<Result<bool>> MuteAsync(
        AccountId muter,
        AccountId target,
        long until,
        CancellationToken token
    );

    Task<bool> UnmuteAsync(AccountId muter, AccountId target, CancellationToken token);

    /// <summary>Nothing new can be stored with the account from now on. Idempotent, also for an account that never followed.</summary>
    Task CloseMemberAsync(AccountId account, CancellationToken token);

    /// <summary>
    /// Removes up to <paramref name="limit"/> of what a closed member left, on both sides, with events; false when nothing is left.
    /// </summary>
    Task<bool> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token);

    /// <summary>
    /// Stores many follows of existing accounts, locked ones too, in commits of bounded size that leave room for others. Follows of oneself, between accounts one
    /// of which blocks the other, and of closed members are left out. No follow has an event: <see cref="FollowsImported"/> names whose lists
    /// changed, and counters are to be recounted. Answers how many were new. One that is broken off may have stored follows that are not in the
    /// lists of followers yet: repeated, it completes them.
    /// </summary>
    /// <param name="progress">Told after each commit how much is done, from 0 to 1.</param>
    Task<int> ImportFollowsAsync(
        IReadOnlyList<(AccountId Follower, AccountId Followee)> follows,
        Action<double>? progress,
        CancellationToken token
    );

    ValueTask<ViewerRelations> RelationsOfAsync(AccountId viewer, CancellationToken token);

    /// <summary>Whom it follows, and whom it has asked whether it may.</summary>
    ValueTask<long> CountFolloweesAsync(AccountId follower, CancellationToken token);

    /// <summary>How many wait for the account's answer, counted up to <paramref name="most"/>.</summary>
    ValueTask<int> CountRequestsAsync(AccountId followee, int most, CancellationToken token);

    /// <summary>One for each of <paramref name="others"/>, in their order; mutes that ended before <paramref name="now"/> are none.</summary>
    ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        DateTimeOffset now,
        CancellationToken token
    );

    /// <summary>One for each pair, in their order, as the viewer sees the other; mutes that ended before <paramref name="now"/> are none.</summary>
    ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        DateTimeOffset now,
        CancellationToken token
    );

    /// <summary>Up to <see cref="Page.Count"/> accounts of the list by descending id, cut as <see cref="Page"/> says, its ids being account ids.</summary>
    ValueTask<IReadOnlyList<AccountId>> ListAsync(
        MemberList list,
        Page page,
        DateTimeOffset now,
        CancellationToken token
    );

    /// <summary>Up to <paramref name="limit"/> accounts of the list by ascending id, strictly above <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<AccountId>> ListAfterAsync(
        FollowList list,
        AccountId after,
        int limit,
        CancellationToken token
    );
}

/// <summary>A list of accounts that truth keeps an index for.</summary>
public abstract record MemberList(AccountId Account);

/// <summary>A list that may be as long as there are accounts.</summary>
public abstract record FollowList(AccountId Account) : MemberList(Account);

/// <summary>Those who follow the account.</summary>
public sealed record FollowersOf(AccountId Account) : FollowList(Account);

/// <summary>Those whom the account follows.</summary>
public sealed record FolloweesOf(AccountId Account) : FollowList(Account);

/// <summary>Those who wait for the account's answer whether they may follow it.</summary>
public sealed record RequestsTo(AccountId Account) : MemberList(Account);

/// <summary>Those whom the account blocks.</summary>
public sealed record BlocksOf(AccountId Account) : MemberList(Account);

/// <summary>Those whom the account mutes now.</summary>
public sealed record MutesOf(AccountId Account) : MemberList(Account);
