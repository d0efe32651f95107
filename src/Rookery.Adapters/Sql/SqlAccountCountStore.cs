using System.Runtime.InteropServices;
using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>Counters of accounts beside the accounts.</summary>
internal sealed class SqlAccountCountStore(SqlDatabase database) : IAccountCountStore
{
    private const string Add = """
        INSERT INTO account_counts (account, posts, followers, following)
        SELECT id, @posts, @followers, @following FROM accounts WHERE id = @account AND state <> 2
        ON CONFLICT (account) DO UPDATE SET
            posts = account_counts.posts + excluded.posts,
            followers = account_counts.followers + excluded.followers,
            following = account_counts.following + excluded.following
        RETURNING account
        """;

    private const string Replace = """
        INSERT INTO account_counts (account, posts, followers, following)
        SELECT id, @posts, @followers, @following FROM accounts WHERE id = @account AND state <> 2
        ON CONFLICT (account) DO UPDATE SET
            posts = excluded.posts, followers = excluded.followers, following = excluded.following
        WHERE account_counts.posts = @held_posts AND account_counts.followers = @held_followers
            AND account_counts.following = @held_following
        """;

    private const string Columns =
        "a.id, coalesce(c.posts, 0), coalesce(c.followers, 0), coalesce(c.following, 0)";

    private const string SelectAfter = $"""
        SELECT {Columns} FROM accounts a LEFT JOIN account_counts c ON c.account = a.id
        WHERE a.id > @after AND a.state <> 2 ORDER BY a.id LIMIT @limit
        """;

    private const string SelectThese = $"""
        SELECT {Columns} FROM accounts a LEFT JOIN account_counts c ON c.account = a.id
        WHERE a.id IN (SELECT value FROM json_each(@ids)) AND a.state <> 2 ORDER BY a.id
        """;

    private const string SelectMostFollowed = """
        SELECT a.id FROM accounts a LEFT JOIN account_counts c ON c.account = a.id
        WHERE a.state = 0 ORDER BY coalesce(c.followers, 0) DESC, a.id LIMIT @limit
        """;

    private const string SelectTotals = """
        SELECT count(*), CAST(coalesce(sum(c.posts), 0) AS bigint), (SELECT count(DISTINCT t.account) FROM tokens t WHERE t.used_at >= @since)
        FROM accounts a LEFT JOIN account_counts c ON c.account = a.id WHERE a.state = 0
        """;

    public Task ApplyAsync(
        string consumer,
        IReadOnlyList<CountedEvent> events,
        CancellationToken token
    ) =>
        database.Writes.RunAsync(commit => Apply(commit, consumer, events, database.Outbox), token);

    public ValueTask<IReadOnlyList<HeldCounts>> ReadAfterAsync(
        AccountId after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<HeldCounts>>(session =>
            session.Many(SelectAfter, ReadHeld, after.Value, (long)limit)
        );

    public ValueTask<IReadOnlyList<HeldCounts>> ReadAsync(
        ReadOnlyMemory<AccountId> accounts,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<HeldCounts>>(session =>
            session.Many(SelectThese, ReadHeld, SqlList.Of(accounts.Span))
        );

    public ValueTask<MemberTotals> TotalsAsync(DateTimeOffset since, CancellationToken token) =>
        database.ReadAsync(session =>
            session.One(
                SelectTotals,
                row => new MemberTotals(
                    row.GetInt64(0),
                    Math.Max(0, row.GetInt64(1)),
                    row.GetInt64(2)
                ),
                since.ToUnixTimeMilliseconds()
            )!
        );

    public ValueTask<IReadOnlyList<AccountId>> MostFollowedAsync(
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            session.Many(SelectMostFollowed, row => new AccountId(row.GetInt64(0)), (long)limit)
        );

    public Task<int> RepairAsync(
        IReadOnlyList<CountDifference> differences,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Repair(commit, differences), token);

    private static int Apply(
        CommitContext commit,
        string consumer,
        IReadOnlyList<CountedEvent> events,
        string ownOutbox
    )
    {
        var sums = new Dictionary<AccountId, AccountCounts>();
        foreach (var source in events.GroupBy(one => one.Outbox ?? ownOutbox))
        {
            var marked = source.Key == ownOutbox ? consumer : SqlInbox.Of(consumer, source.Key);
            var counted = SqlInbox.TakeNew(commit, marked, source, one => one.Sequence);
            foreach (var change in counted.SelectMany(one => one.Changes))
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    sums,
                    change.Account,
                    out _
                );
                sum = Sum(sum, change.By);
            }
        }

        var changed = AddTo(commit.Session, sums.Where(one => one.Value != default));
        Announce(commit, changed);
        return changed.Count;
    }

    private static int Repair(CommitContext commit, IReadOnlyList<CountDifference> differences)
    {
        var changed = new List<AccountId>(differences.Count);
        foreach (var (account, held, truth) in differences)
        {
            var set = commit.Session.Execute(
                Replace,
                truth.Posts,
                truth.Followers,
                truth.Following,
                account.Value,
                held.Posts,
                held.Followers,
                held.Following
            );
            if (set > 0)
            {
                changed.Add(account);
            }
        }

        Announce(commit, changed);
        return changed.Count;
    }

    private static AccountCounts Sum(AccountCounts one, AccountCounts other) =>
        new(
            one.Posts + other.Posts,
            one.Followers + other.Followers,
            one.Following + other.Following
        );

    /// <summary>Those whose account stands.</summary>
    private static List<AccountId> AddTo(
        SqlSession session,
        IEnumerable<KeyValuePair<AccountId, AccountCounts>> sums
    ) =>
        session.ManyOfEach(
            Add,
            row => new AccountId(row.GetInt64(0)),
            [
                .. sums.Select(one =>
                    new object[]
                    {
                        one.Value.Posts,
                        one.Value.Followers,
                        one.Value.Following,
                        one.Key.Value,
                    }
                ),
            ]
        );

    private static void Announce(CommitContext commit, List<AccountId> changed)
    {
        if (changed.Count > 0)
        {
            commit.Announce(new AccountsCounted(changed));
        }
    }

    private static HeldCounts ReadHeld(System.Data.Common.DbDataReader row) =>
        new(
            new AccountId(row.GetInt64(0)),
            new AccountCounts(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))
        );
}
