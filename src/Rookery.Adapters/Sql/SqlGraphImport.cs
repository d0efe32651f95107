using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Many follows without an event each, in commits that leave room for others between them. First every follow, in the order of its index, then every
/// follower in the order of the other: both in one commit would write nearly a page of the second index for each follow. What is killed in between
/// lacks followers until the import is repeated, or until verification adds them.
/// </summary>
internal sealed class SqlGraphImport
{
    /// <summary>Some 10 ms of the commit thread, which a post may have to wait for.</summary>
    private const int SmallChunk = 4096;

    /// <summary>Where nobody else writes: each commit waits for the disk, however small it is.</summary>
    private const int LargeChunk = 1 << 16;

    /// <summary>Writes beside one of ours that are no sign of others: the relay notes how far it is, and counters follow.</summary>
    private const int OwnEchoes = 3;

    private const string InsertFollows = """
        INSERT INTO follows (follower, followee, created_at)
        SELECT @follower, j.value, @now FROM json_each(@followees) j
        WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE blocker = @follower AND blocked = j.value)
            AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker = j.value AND blocked = @follower)
            AND NOT EXISTS (SELECT 1 FROM closed_members WHERE account IN (@follower, j.value))
        ON CONFLICT DO NOTHING
        """;

    private const string SelectStanding = """
        SELECT j.key FROM json_each(@followees) j
        WHERE EXISTS (SELECT 1 FROM follows WHERE follower = @follower AND followee = j.value)
        """;

    private const string InsertFollowers = """
        INSERT INTO followers (followee, follower)
        SELECT @followee, j.value FROM json_each(@followers) j WHERE true
        ON CONFLICT DO NOTHING
        """;

    private const string InsertFollowersStanding = """
        INSERT INTO followers (followee, follower)
        SELECT @followee, j.value FROM json_each(@followers) j
        WHERE EXISTS (SELECT 1 FROM follows WHERE follower = j.value AND followee = @followee)
        ON CONFLICT DO NOTHING
        """;

    private const string SelectClosed = "SELECT 1 FROM closed_members WHERE account = @account";

    private const string SelectLastEvent = "SELECT max(sequence) FROM outbox";

    private const string SelectTakenAway = """
        SELECT 1 FROM outbox WHERE sequence > @since AND name IN ('graph.unfollowed', 'graph.member-closed') LIMIT 1
        """;

    private readonly CommitQueue _writes;
    private readonly Action<double>? _progress;
    private readonly CancellationToken _token;

    private SqlGraphImport(CommitQueue writes, Action<double>? progress, CancellationToken token) =>
        (_writes, _progress, _token) = (writes, progress, token);

    public static Task<int> RunAsync(
        CommitQueue writes,
        IReadOnlyList<(AccountId Follower, AccountId Followee)> follows,
        Action<double>? progress,
        CancellationToken token
    ) =>
        new SqlGraphImport(writes, progress, token).RunAsync(
            AccountPairs.Of([.. follows.Where(follow => follow.Follower != follow.Followee)])
        );

    private async Task<int> RunAsync(AccountPairs follows)
    {
        var seen = await _writes.RunAsync(
            commit => new Seen(commit.Session.Number(SelectLastEvent, 0), Removal: false),
            _token
        );
        var (stored, standing) = (0, new List<int>(follows.Count));
        await InChunksAsync(
            follows.Count,
            done: 0,
            (commit, from, count) => StoreFollows(commit, follows.Groups(from, count)),
            chunk =>
            {
                stored += chunk.Stored;
                standing.AddRange(chunk.Standing);
            },
            _token
        );

        var followers = follows.Turned(standing);
        await InChunksAsync(
            followers.Count,
            done: 0.5,
            (commit, from, count) => StoreFollowers(commit, followers.Groups(from, count), seen),
            after => seen = after,
            // Who stops it in between must not leave follows that have one side.
            CancellationToken.None
        );
        _token.ThrowIfCancellationRequested();
        return stored;
    }

    private async Task InChunksAsync<T>(
        int total,
        double done,
        Func<CommitContext, int, int, T> store,
        Action<T> stored,
        CancellationToken stop
    )
    {
        for (var (from, size) = (0, SmallChunk); from < total && !stop.IsCancellationRequested; )
        {
            var (start, count) = (from, Math.Min(size, total - from));
            var before = _writes.Committed;
            stored(
                await _writes.RunAsync(
                    commit => store(commit, start, count),
                    CancellationToken.None
                )
            );
            from += count;
            var others = _writes.Committed - before - 1;
            size = others <= OwnEchoes ? Math.Min(2 * size, LargeChunk) : SmallChunk;
            _progress?.Invoke(done + (0.5 * from / total));
        }
    }

    private static (int Stored, List<int> Standing) StoreFollows(
        CommitContext commit,
        IEnumerable<PairGroup> groups
    )
    {
        var (stored, standing, grown) = (0, new List<int>(), new List<AccountId>());
        var isAsked = SqlFollowRequests.HasAny(commit);
        foreach (var (follower, followees, start) in groups)
        {
            var list = SqlList.Of(followees);
            var added = commit.Session.Execute(InsertFollows, follower.Value, commit.Now, list);
            // Those that were there before may lack their other side; those that are not allowed must not get it.
            var all =
                added == followees.Length
                    ? Enumerable.Range(0, added)
                    : commit.Session.Many(
                        SelectStanding,
                        row => (int)row.GetInt64(0),
                        list,
                        follower.Value
                    );
            standing.AddRange(all.Select(i => start + i));
            stored += added;
            if (added > 0)
            {
                grown.Add(follower);
            }

            if (added > 0 && isAsked)
            {
                SqlFollowRequests.EndAnswered(commit, follower, followees);
            }
        }

        foreach (var followers in grown.Chunk(FollowsImported.MaxFollowers))
        {
            commit.Emit(new FollowsImported(followers));
        }

        return (stored, standing);
    }

    private static Seen StoreFollowers(
        CommitContext commit,
        IEnumerable<PairGroup> groups,
        Seen before
    )
    {
        var session = commit.Session;
        commit.Flush();
        var seen = before.Now(session);
        foreach (var (followee, followers, _) in groups)
        {
            if (seen.Removal && session.Number(SelectClosed, 0, followee.Value) == 1)
            {
                // It was removed by its followers, and these were not among them yet.
                Array.ForEach(
                    followers,
                    follower => SqlGraphWrites.Unfollow(commit, follower, followee)
                );
                continue;
            }

            session.Execute(
                seen.Removal ? InsertFollowersStanding : InsertFollowers,
                followee.Value,
                SqlList.Of(followers)
            );
        }

        return seen;
    }

    /// <summary>The last event that was looked at, and whether any took a follow away since the first follow was stored.</summary>
    private sealed record Seen(long Through, bool Removal)
    {
        public Seen Now(SqlSession session) =>
            new(
                session.Number(SelectLastEvent, 0),
                Removal || session.Number(SelectTakenAway, 0, Through) == 1
            );
    }
}
