using System.Data.Common;
using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>The graph on a SQL database. Writes: <c>SqlGraphWrites</c>; removal: <c>SqlGraphRemoval</c>; imports: <c>SqlGraphImport</c>.</summary>
internal sealed class SqlGraphStore(SqlDatabase database) : IGraphStore
{
    private const string SelectFollowees = "SELECT followee FROM follows WHERE follower = @viewer";

    private const string SelectBlocking = "SELECT blocked FROM blocks WHERE blocker = @viewer";

    private const string SelectBlockedBy = "SELECT blocker FROM blocked_by WHERE blocked = @viewer";

    private const string SelectMutes = "SELECT muted, until FROM mutes WHERE muter = @viewer";

    private const string SelectRelationships = """
        SELECT i.value,
            (SELECT count(*) FROM follows WHERE follower = @viewer AND followee = i.value),
            (SELECT count(*) FROM follows WHERE follower = i.value AND followee = @viewer),
            (SELECT count(*) FROM blocks WHERE blocker = @viewer AND blocked = i.value),
            (SELECT count(*) FROM blocks WHERE blocker = i.value AND blocked = @viewer),
            (SELECT count(*) FROM mutes WHERE muter = @viewer AND muted = i.value AND (until = 0 OR until > @now)),
            (SELECT count(*) FROM follow_requests WHERE followee = i.value AND follower = @viewer),
            (SELECT count(*) FROM follow_requests WHERE followee = @viewer AND follower = i.value)
        FROM json_each(@ids) i
        ORDER BY i.key
        """;

    private const string SelectBetween = """
        SELECT o.value,
            (SELECT count(*) FROM follows WHERE follower = v.value AND followee = o.value),
            (SELECT count(*) FROM follows WHERE follower = o.value AND followee = v.value),
            (SELECT count(*) FROM blocks WHERE blocker = v.value AND blocked = o.value),
            (SELECT count(*) FROM blocks WHERE blocker = o.value AND blocked = v.value),
            (SELECT count(*) FROM mutes WHERE muter = v.value AND muted = o.value AND (until = 0 OR until > @now)),
            (SELECT count(*) FROM follow_requests WHERE followee = o.value AND follower = v.value),
            (SELECT count(*) FROM follow_requests WHERE followee = v.value AND follower = o.value)
        FROM json_each(@viewers) v
        JOIN json_each(@others) o ON o.key = v.key
        ORDER BY v.key
        """;

    private const string SelectRequesters =
        "SELECT follower FROM follow_requests WHERE followee = @followee LIMIT @limit";

    private const string CountFollowees = """
        SELECT (SELECT count(*) FROM follows WHERE follower = @follower)
            + (SELECT count(*) FROM follow_requests WHERE follower = @follower)
        """;

    public Task<Result<bool>> FollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlGraphWrites.Follow(commit, follower, followee),
            ahead => SqlGraphWrites.WantFor(ahead, follower, followee),
            token
        );

    public Task<Result<bool>> RequestAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlFollowRequests.Ask(commit, follower, followee),
            ahead => SqlFollowRequests.WantFor(ahead, follower, followee),
            token
        );

    public Task<int> AcceptAsync(
        AccountId followee,
        IReadOnlyList<AccountId> followers,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit =>
                followers.Count(follower => SqlFollowRequests.Accept(commit, follower, followee)),
            token
        );

    public ValueTask<IReadOnlyList<AccountId>> RequestersAsync(
        AccountId followee,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            session.Many(SelectRequesters, ReadId, followee.Value, (long)limit)
        );

    public Task<bool> RejectAsync(
        AccountId followee,
        AccountId follower,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlFollowRequests.End(commit, follower, followee),
            token
        );

    public Task<int> WithdrawSomeAsync(AccountId follower, int limit, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlFollowRequests.WithdrawSome(commit, follower, limit),
            token
        );

    public Task<bool> UnfollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlGraphWrites.Unfollow(commit, follower, followee),
            ahead => SqlGraphWrites.WantForUnfollow(ahead, follower, followee),
            token
        );

    public Task<Result<bool>> BlockAsync(
        AccountId blocker,
        AccountId target,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => SqlGraphWrites.Block(commit, blocker, target), token);

    public Task<bool> UnblockAsync(AccountId blocker, AccountId target, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlGraphWrites.Unblock(commit, blocker, target), token);

    public Task<Result<bool>> MuteAsync(
        AccountId muter,
        AccountId target,
        long until,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(
            commit => SqlGraphWrites.Mute(commit, muter, target, until),
            token
        );

    public Task<bool> UnmuteAsync(AccountId muter, AccountId target, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlGraphWrites.Unmute(commit, muter, target), token);

    public Task CloseMemberAsync(AccountId account, CancellationToken token) =>
        database.Writes.RunAsync(commit => SqlGraphRemoval.Close(commit, account), token);

    public Task<bool> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => SqlGraphRemoval.RemoveSomeOf(commit, account, limit),
            token
        );

    public Task<int> ImportFollowsAsync(
        IReadOnlyList<(AccountId Follower, AccountId Followee)> follows,
        Action<double>? progress,
        CancellationToken token
    ) => SqlGraphImport.RunAsync(database.Writes, follows, progress, token);

    public ValueTask<ViewerRelations> RelationsOfAsync(AccountId viewer, CancellationToken token) =>
        database.ReadAsync(session => new ViewerRelations(
            session.Many(SelectFollowees, ReadId, viewer.Value),
            new HiddenAccounts(
                session.Many(SelectBlocking, ReadId, viewer.Value),
                session.Many(SelectBlockedBy, ReadId, viewer.Value),
                session.Many(SelectMutes, row => (ReadId(row), row.GetInt64(1)), viewer.Value)
            )
        ));

    public ValueTask<long> CountFolloweesAsync(AccountId follower, CancellationToken token) =>
        database.ReadAsync(session => session.Number(CountFollowees, 0, follower.Value));

    public ValueTask<int> CountRequestsAsync(
        AccountId followee,
        int most,
        CancellationToken token
    ) => database.ReadAsync(session => SqlGraphLists.CountRequests(session, followee, most));

    public ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        DateTimeOffset now,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Relationship>>(session =>
            session.Many(
                SelectRelationships,
                ReadRelationship,
                viewer.Value,
                now.ToUnixTimeMilliseconds(),
                SqlList.Of(others.Span)
            )
        );

    public ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        DateTimeOffset now,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Relationship>>(session =>
            session.Many(
                SelectBetween,
                ReadRelationship,
                now.ToUnixTimeMilliseconds(),
                SqlList.Of(pairs.Select(pair => pair.Viewer.Value)),
                SqlList.Of(pairs.Select(pair => pair.Other.Value))
            )
        );

    public ValueTask<IReadOnlyList<AccountId>> ListAsync(
        MemberList list,
        Page page,
        DateTimeOffset now,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            SqlGraphLists.Page(session, list, page, now)
        );

    public ValueTask<IReadOnlyList<AccountId>> ListAfterAsync(
        FollowList list,
        AccountId after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            SqlGraphLists.After(session, list, after, limit)
        );

    internal static AccountId ReadId(DbDataReader row) => new(row.GetInt64(0));

    private static Relationship ReadRelationship(DbDataReader row) =>
        new(
            ReadId(row),
            row.GetInt64(1) == 1,
            row.GetInt64(2) == 1,
            row.GetInt64(3) == 1,
            row.GetInt64(4) == 1,
            row.GetInt64(5) == 1,
            // One that was asked for while the account was locked may stand beside the follow until unlocking has come to it.
            row.GetInt64(6) == 1
                && row.GetInt64(1) == 0,
            row.GetInt64(7) == 1 && row.GetInt64(2) == 0
        );
}
