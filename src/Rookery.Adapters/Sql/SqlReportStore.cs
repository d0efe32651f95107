using System.Data.Common;
using System.Globalization;
using Rookery.Accounts;
using Rookery.Moderation;

namespace Rookery.Adapters.Sql;

/// <summary>Reports on a SQL database.</summary>
internal sealed class SqlReportStore(SqlDatabase database) : IReportStore
{
    private const string Columns =
        "id, reporter, account, category, comment, posts, created_at, resolved_at, resolver, note";

    private const string Insert = """
        INSERT INTO reports (id, reporter, account, category, comment, posts, created_at, resolved_at, resolver, note)
        VALUES (@id, @reporter, @account, @category, @comment, @posts, @now, 0, 0, '')
        """;

    private const string SelectSame = $"""
        SELECT {Columns} FROM reports
        WHERE reporter = @reporter AND account = @account AND category = @category AND comment = @comment AND posts = @posts AND resolved_at = 0
        ORDER BY id LIMIT 1
        """;

    private const string SelectOne = $"SELECT {Columns} FROM reports WHERE id = @id";

    private const string SelectSome =
        $"SELECT {Columns} FROM reports WHERE id IN (SELECT value FROM json_each(@ids))";

    private const string SelectModerators = """
        SELECT id FROM accounts WHERE role <> 0 AND state = 0 AND id <> @reporter ORDER BY id LIMIT @limit
        """;

    private const string SelectOpen = $"""
        SELECT {Columns} FROM reports WHERE resolved_at = 0 AND id < @below ORDER BY id DESC LIMIT @limit
        """;

    private const string SelectResolved = $"""
        SELECT {Columns} FROM reports WHERE resolved_at <> 0 AND id < @below ORDER BY id DESC LIMIT @limit
        """;

    private const string UpdateResolved = """
        UPDATE reports SET resolved_at = @now, resolver = @resolver, note = @note WHERE id = @id
        """;

    public Task<Report> AddAsync(NewReport report, CancellationToken token) =>
        database.Writes.RunAsync(commit => Add(commit, report), token);

    public ValueTask<Report?> FindAsync(ReportId report, CancellationToken token) =>
        database.ReadAsync(session => session.One(SelectOne, Read, report.Value));

    public ValueTask<IReadOnlyList<Report>> FindManyAsync(
        IReadOnlyList<ReportId> reports,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Report>>(session =>
            session.Many(SelectSome, Read, SqlList.Of(reports.Select(report => report.Value)))
        );

    public ValueTask<IReadOnlyList<Report>> ListAsync(
        bool areResolved,
        ReportId below,
        int limit,
        CancellationToken token
    ) =>
        database.ReadAsync<IReadOnlyList<Report>>(session =>
            session.Many(areResolved ? SelectResolved : SelectOpen, Read, below.Value, (long)limit)
        );

    public Task<Result<bool>> ResolveAsync(
        ReportId report,
        Decision decision,
        CancellationToken token
    ) => database.Writes.RunAsync(commit => Resolve(commit, report, decision), token);

    private static Report Add(CommitContext commit, NewReport report)
    {
        var posts = string.Join(',', report.Posts);
        var same = commit.Session.One(
            SelectSame,
            Read,
            report.Reporter.Value,
            report.Account.Value,
            (long)report.Category,
            report.Comment,
            posts
        );
        if (same is not null)
        {
            return same;
        }

        var id = commit.NextReportId(report.Account);
        commit.Session.Execute(
            Insert,
            id.Value,
            report.Reporter.Value,
            report.Account.Value,
            (long)report.Category,
            report.Comment,
            posts,
            commit.Now
        );
        var moderators = commit.Session.Many(
            SelectModerators,
            row => new AccountId(row.GetInt64(0)),
            report.Reporter.Value,
            (long)ReportFiled.MaxModerators
        );
        commit.Emit(new ReportFiled(id, report.Reporter, moderators));
        return commit.Session.One(SelectOne, Read, id.Value)!;
    }

    private static Result<bool> Resolve(CommitContext commit, ReportId id, Decision decision)
    {
        if (SqlActs.Refuse(commit.Session, decision, AccountRole.Moderator) is { } refused)
        {
            return refused;
        }

        if (commit.Session.One(SelectOne, Read, id.Value) is not { } report)
        {
            return Problem.NotFound($"There is no report {id}.", "id");
        }

        if (report.Resolution is not null)
        {
            return false;
        }

        commit.Session.Execute(
            UpdateResolved,
            commit.Now,
            decision.By?.Value ?? 0,
            decision.Reason,
            id.Value
        );
        SqlActs.Record(commit, ActKind.ReportResolved, decision, report.Account, id);
        return true;
    }

    private static Report Read(DbDataReader row) =>
        new(
            new ReportId(row.GetInt64(0)),
            new AccountId(row.GetInt64(1)),
            new AccountId(row.GetInt64(2)),
            (ReportCategory)row.GetInt64(3),
            row.GetString(4),
            [
                .. row.GetString(5)
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => new PostId(long.Parse(id, CultureInfo.InvariantCulture))),
            ],
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            row.GetInt64(7) is > 0 and var at
                ? new Resolution(
                    DateTimeOffset.FromUnixTimeMilliseconds(at),
                    new AccountId(row.GetInt64(8)),
                    row.GetString(9)
                )
                : null
        );
}
