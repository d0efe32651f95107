using System.Data.Common;
using Rookery.Notifications;

namespace Rookery.Adapters.Sql;

/// <summary>Bells on a SQL database.</summary>
internal sealed class SqlBellStore(SqlDatabase database) : IBellStore
{
    private const string Insert = """
        INSERT INTO bells (author, reader, as_of) VALUES (@author, @reader, @as_of)
        ON CONFLICT (author, reader) DO UPDATE SET as_of = excluded.as_of
        """;

    private const string Delete =
        "DELETE FROM bells WHERE author = @author AND reader = @reader AND as_of < @event";

    private const string SelectRung = """
        SELECT author FROM bells WHERE reader = @reader AND author IN (SELECT value FROM json_each(@authors))
        """;

    private const string SelectRungAt = """
        SELECT DISTINCT j.value FROM json_each(@authors) j
        WHERE EXISTS (SELECT 1 FROM bells b WHERE b.author = j.value)
        """;

    private const string SelectRingers =
        "SELECT reader FROM bells WHERE author = @author AND reader > @after ORDER BY reader LIMIT @limit";

    private const string SelectAll = """
        SELECT author, reader FROM bells WHERE author > @author OR (author = @author AND reader > @reader)
        ORDER BY author, reader LIMIT @limit
        """;

    private const string SelectSome = """
        SELECT author, reader FROM bells WHERE author = @account OR reader = @account LIMIT @limit
        """;

    public Task RingAsync(Bell bell, long asOf, CancellationToken token) =>
        database.Writes.RunAsync(
            commit => commit.Session.Execute(Insert, bell.Author.Value, bell.Reader.Value, asOf),
            token
        );

    public Task UnringAsync(Bell bell, CancellationToken token) =>
        EndAsync([new EndedBell(bell, long.MaxValue)], token);

    public Task EndAsync(IReadOnlyList<EndedBell> ended, CancellationToken token) =>
        database.Writes.RunAsync(commit => End(commit, ended), token);

    public async ValueTask<IReadOnlySet<AccountId>> RungAsync(
        AccountId reader,
        ReadOnlyMemory<AccountId> authors,
        CancellationToken token
    ) =>
        (
            await database.ReadAsync(session =>
                session.Many(SelectRung, ReadId, reader.Value, SqlList.Of(authors.Span))
            )
        ).ToHashSet();

    public async ValueTask<IReadOnlySet<AccountId>> RungAtAsync(
        ReadOnlyMemory<AccountId> authors,
        CancellationToken token
    ) =>
        (
            await database.ReadAsync(session =>
                session.Many(SelectRungAt, ReadId, SqlList.Of(authors.Span))
            )
        ).ToHashSet();

    public ValueTask<IReadOnlyList<AccountId>> RingersAfterAsync(
        AccountId author,
        AccountId after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<AccountId>>(session =>
            session.Many(SelectRingers, ReadId, author.Value, after.Value, (long)limit)
        );

    public Task<int> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                End(
                    commit,
                    [
                        .. commit
                            .Session.Many(SelectSome, ReadBell, account.Value, (long)limit)
                            .Select(bell => new EndedBell(bell, long.MaxValue)),
                    ]
                ),
            token
        );

    public ValueTask<IReadOnlyList<Bell>> AllAfterAsync(
        Bell after,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAtLeisureAsync<IReadOnlyList<Bell>>(session =>
            session.Many(SelectAll, ReadBell, after.Author.Value, after.Reader.Value, (long)limit)
        );

    private static int End(CommitContext commit, IReadOnlyList<EndedBell> ended) =>
        ended.Sum(one =>
            commit.Session.Execute(Delete, one.Bell.Author.Value, one.Bell.Reader.Value, one.Event)
        );

    private static AccountId ReadId(DbDataReader row) => new(row.GetInt64(0));

    private static Bell ReadBell(DbDataReader row) =>
        new(new AccountId(row.GetInt64(0)), new AccountId(row.GetInt64(1)));
}
