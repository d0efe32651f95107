using Rookery.Graph;

namespace Rookery.Adapters.Sql;

/// <summary>Many follows without an event each, in commits that leave room for others between them.</summary>
internal static class SqlGraphImport
{
    /// <summary>Some 20 ms of the commit thread, which a post may have to wait for.</summary>
    private const int SmallChunk = 2048;

    /// <summary>
    /// Where nobody else writes: followers come in random order, so a commit writes nearly a page for each, until it has met most pages several times.
    /// </summary>
    private const int LargeChunk = 1 << 16;

    private const string InsertFollow = """
        INSERT INTO follows (follower, followee, created_at)
        SELECT @follower, @followee, @now
        WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE blocker = @follower AND blocked = @followee)
            AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker = @followee AND blocked = @follower)
            AND NOT EXISTS (SELECT 1 FROM closed_members WHERE account IN (@follower, @followee))
        ON CONFLICT DO NOTHING
        """;

    private const string InsertFollower =
        "INSERT INTO followers (followee, follower) VALUES (@followee, @follower) ON CONFLICT DO NOTHING";

    public static async Task<int> RunAsync(
        CommitQueue writes,
        IReadOnlyList<(AccountId Follower, AccountId Followee)> follows,
        CancellationToken token
    )
    {
        var ordered = follows.Where(follow => follow.Follower != follow.Followee).ToArray();
        // Neighbours in the index one after the other: several times faster than the order of the file.
        Array.Sort(ordered);
        var (stored, size) = (0, SmallChunk);
        for (var from = 0; from < ordered.Length; )
        {
            var chunk = new ArraySegment<(AccountId Follower, AccountId Followee)>(
                ordered,
                from,
                Math.Min(size, ordered.Length - from)
            );
            var before = writes.Committed;
            stored += await writes.RunAsync(commit => Store(commit, chunk), token);
            from += chunk.Count;
            size = writes.Committed - before == 1 ? Math.Min(2 * size, LargeChunk) : SmallChunk;
        }

        return stored;
    }

    private static int Store(
        CommitContext commit,
        ArraySegment<(AccountId Follower, AccountId Followee)> follows
    )
    {
        var session = commit.Session;
        var added = follows
            .Where(follow =>
                session.Execute(
                    InsertFollow,
                    follow.Follower.Value,
                    follow.Followee.Value,
                    commit.Now
                ) == 1
            )
            .ToList();
        foreach (var (follower, followee) in added.OrderBy(follow => follow.Followee))
        {
            session.Execute(InsertFollower, followee.Value, follower.Value);
        }

        var grown = added.Select(follow => follow.Follower).Distinct();
        foreach (var followers in grown.Chunk(FollowsImported.MaxFollowers))
        {
            commit.Emit(new FollowsImported(followers));
        }

        return added.Count;
    }
}
