using System.Data;
using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>
/// One connection with its prepared statements. Arguments are bound to the statement's <c>@names</c> in the order in which
/// the names first appear. Used by one thread at a time.
/// </summary>
/// <param name="words">Puts a statement into the database's own words; null where it already is.</param>
internal sealed class SqlSession(DbConnection connection, Func<string, string>? words = null)
    : IDisposable
{
    private readonly Dictionary<string, DbCommand> _statements = new(StringComparer.Ordinal);

    public DbConnection Connection => connection;

    /// <summary>False once the connection is of no more use.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    public int Execute(string sql, params ReadOnlySpan<object> arguments) =>
        Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>The first column of the first row, or <paramref name="otherwise"/> where there is no row or it is NULL.</summary>
    public long Number(string sql, long otherwise, params ReadOnlySpan<object> arguments) =>
        Bind(sql, arguments).ExecuteScalar() switch
        {
            long value => value,
            int value => value,
            _ => otherwise,
        };

    public T? One<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object> arguments)
    {
        using var rows = Bind(sql, arguments).ExecuteReader();
        return rows.Read() ? read(rows) : default;
    }

    public List<T> Many<T>(
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

    /// <summary>Runs text that is not worth preparing: migrations, pragmas, transaction control.</summary>
    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is one of our own constants or migration files.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private DbCommand Bind(string sql, ReadOnlySpan<object> arguments)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = Prepare(sql);
            _statements.Add(sql, command);
        }

        var parameters = command.Parameters;
        if (parameters.Count != arguments.Length)
        {
            throw new InvalidOperationException(
                $"{arguments.Length} arguments for {parameters.Count} parameters in: {sql}"
            );
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            parameters[i].Value = arguments[i] is SqlList list
                ? (words is null ? list.Json : list.Values)
                : arguments[i];
        }

        return command;
    }

    private DbCommand Prepare(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of the stores; values only ever travel as parameters.
        command.CommandText = words is null ? sql : words(sql);
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

    private static List<string> ParameterNames(string sql)
    {
        var names = new List<string>();
        for (var at = sql.IndexOf('@'); at >= 0; at = sql.IndexOf('@', at + 1))
        {
            var end = at + 1;
            while (end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '_'))
            {
                end++;
            }

            var name = sql[at..end];
            if (!names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
