using System.Data;
using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>A connection within the process: a statement costs its work and no way, so all are run at once.</summary>
internal sealed class SqliteSession(DbConnection connection) : SqlSession(connection)
{
    private readonly Dictionary<string, DbCommand> _statements = new(StringComparer.Ordinal);

    public override int Execute(string sql, params ReadOnlySpan<object> arguments) =>
        Bind(sql, arguments).ExecuteNonQuery();

    public override long Number(
        string sql,
        long otherwise,
        params ReadOnlySpan<object> arguments
    ) => NumberOf(Bind(sql, arguments).ExecuteScalar(), otherwise);

    public override T? One<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    )
        where T : default
    {
        using var rows = Bind(sql, arguments).ExecuteReader();
        return rows.Read() ? read(rows) : default;
    }

    public override List<T> Many<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    )
    {
        using var rows = Bind(sql, arguments).ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(read(rows));
        }

        return all;
    }

    public override List<T> ManyOfEach<T>(
        string sql,
        Func<DbDataReader, T> read,
        IReadOnlyList<object[]> arguments
    )
    {
        var all = new List<T>();
        foreach (var one in arguments)
        {
            Ask(sql, row => all.Add(read(row)), one);
        }

        return all;
    }

    public override void Later(string sql, params ReadOnlySpan<object> arguments) =>
        Execute(sql, arguments);

    public override void LaterInAnyOrder(string sql, params ReadOnlySpan<object> arguments) =>
        Execute(sql, arguments);

    public override void Ask(
        string sql,
        Action<DbDataReader> row,
        params ReadOnlySpan<object> arguments
    )
    {
        using var rows = Bind(sql, arguments).ExecuteReader();
        while (rows.Read())
        {
            row(rows);
        }
    }

    public override void Send() { }

    public override void Drop() { }

    public override void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        base.Dispose();
    }

    private DbCommand Bind(string sql, ReadOnlySpan<object> arguments)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = Prepare(sql);
            _statements.Add(sql, command);
        }

        var parameters = command.Parameters;
        CheckCount(sql, parameters.Count, arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            parameters[i].Value = arguments[i] is SqlList list ? list.Json : arguments[i];
        }

        return command;
    }

    private DbCommand Prepare(string sql)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of the stores; values only ever travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in ParameterNames(sql))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Direction = ParameterDirection.Input;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
