using Rookery.Graph;

namespace Rookery.Tests.Graph;

/// <summary>A store that answers one read as told: for faults and moments that a real one cannot be brought to.</summary>
internal sealed class ScriptedGraphStore(Func<AccountId, Task<ViewerRelations>> relationsOf)
    : IGraphStore
{
    public async ValueTask<ViewerRelations> RelationsOfAsync(
        AccountId viewer,
        CancellationToken token
    ) => await relationsOf(viewer);

    public Task<Result<bool>> FollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<Result<bool>> RequestAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<int> AcceptAsync(
        AccountId followee,
        IReadOnlyList<AccountId> followers,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AccountId>> RequestersAsync(
        AccountId followee,
        int limit,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<bool> RejectAsync(
        AccountId followee,
        AccountId follower,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<int> WithdrawSomeAsync(AccountId follower, int limit, CancellationToken token) =>
        throw new NotSupportedException();

    public ValueTask<int> CountRequestsAsync(
        AccountId followee,
        int most,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<bool> UnfollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<Result<bool>> BlockAsync(
        AccountId blocker,
        AccountId target,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<bool> UnblockAsync(AccountId blocker, AccountId target, CancellationToken token) =>
        throw new NotSupportedException();

    public Task<Result<bool>> MuteAsync(
        AccountId muter,
        AccountId target,
        long until,
        CancellationToken token
    ) => throw new NotSupportedException();

    public Task<bool> UnmuteAsync(AccountId muter, AccountId target, CancellationToken token) =>
        throw new NotSupportedException();

    public Task CloseMemberAsync(AccountId account, CancellationToken token) =>
        throw new NotSupportedException();

    public Task<bool> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token) =>
        throw new NotSupportedException();

    public Task<int> ImportFollowsAsync(
        IReadOnlyList<(AccountId Follower, AccountId Followee)> follows,
        Action<double>? progress,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<long> CountFolloweesAsync(AccountId follower, CancellationToken token) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        DateTimeOffset now,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        DateTimeOffset now,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AccountId>> ListAsync(
        MemberList list,
        Page page,
        DateTimeOffset now,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AccountId>> ListAfterAsync(
        FollowList list,
        AccountId after,
        int limit,
        CancellationToken token
    ) => throw new NotSupportedException();
}
