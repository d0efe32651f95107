using System.Data.Common;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>
/// A connection over the network, where each way there and back costs more than a statement: what was put off travels with what is asked next, in
/// one batch. In it the first fault ends all that follows, and the server has done none of it outside the transaction.
/// </summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : SqlSession(connection)
{
    private readonly Dictionary<string, PostgresStatement> _statements = new(
        StringComparer.Ordinal
    );
    private readonly List<Waiting> _waiting = [];

    // Those among them that may still be added to: nothing that keeps its place stands behind them.
    private readonly List<PostgresRows> _open = [];
    private long _owedSince;

    public override long OwedSince => Volatile.Read(ref _owedSince);

    public override int Execute(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = Add(sql, arguments, null);
        Send();
        return command.RecordsAffected;
    }

    public override long Number(string sql, long otherwise, params ReadOnlySpan<object> arguments)
    {
        object? first = null;
        Add(sql, arguments, row => first ??= row.GetValue(0));
        Send();
        return NumberOf(first, otherwise);
    }

    public override T? One<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    )
        where T : default
    {
        var (found, answer) = (false, default(T));
        Add(
            sql,
            arguments,
            row =>
            {
                if (!found)
                {
                    (found, answer) = (true, read(row));
                }
            }
        );
        Send();
        return answer;
    }

    public override List<T> Many<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    )
    {
        var all = new List<T>();
        Add(sql, arguments, row => all.Add(read(row)));
        Send();
        return all;
    }

    public override List<T> ManyOfEach<T>(
        string sql,
        Func<DbDataReader, T> read,
        IReadOnlyList<object[]> arguments
    )
    {
        var all = new List<T>();
        if (arguments.Count == 0)
        {
            return all;
        }

        var statement = Find(sql, arguments[0].Length);
        var rows = new PostgresRows(
            statement.ForRows ?? throw new InvalidOperationException($"This inserts no row: {sql}"),
            statement.Parameters
        );
        foreach (var one in arguments)
        {
            rows.Add(one);
        }

        CloseOpen();
        rows.Close();
        _waiting.Add(new Waiting(rows.Command, row => all.Add(read(row))));
        Send();
        return all;
    }

    public override void Later(string sql, params ReadOnlySpan<object> arguments) =>
        Add(sql, arguments, null);

    public override void Ask(
        string sql,
        Action<DbDataReader> row,
        params ReadOnlySpan<object> arguments
    ) => Add(sql, arguments, row);

    public override void Run(string sql)
    {
        Send();
        StartOwing();
        try
        {
            base.Run(sql);
        }
        finally
        {
            Volatile.Write(ref _owedSince, 0);
        }
    }

    public override void LaterInAnyOrder(string sql, params ReadOnlySpan<object> arguments)
    {
        var statement = Find(sql, arguments.Length);
        if (statement.ForRows is not { } text)
        {
            _waiting.Add(new Waiting(Bind(statement, arguments), null));
            return;
        }

        var rows = _open.Find(one => ReferenceEquals(one.Text, text));
        if (rows is null)
        {
            rows = new PostgresRows(text, statement.Parameters);
            _open.Add(rows);
            _waiting.Add(new Waiting(rows.Command, null));
        }

        rows.Add(arguments);
    }

    public override void Drop()
    {
        _waiting.Clear();
        _open.Clear();
    }

    public override void Send()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        CloseOpen();
        using var batch = connection.CreateBatch();
        foreach (var (command, _) in _waiting)
        {
            batch.BatchCommands.Add(command);
        }

        StartOwing();
        try
        {
            using var rows = batch.ExecuteReader();
            HandOver(rows);
        }
        finally
        {
            _waiting.Clear();
            Volatile.Write(ref _owedSince, 0);
        }
    }

    /// <summary>To the end, although only reads have rows: the fault of what stands behind them shows there.</summary>
    private void HandOver(NpgsqlDataReader rows)
    {
        foreach (var (_, row) in _waiting)
        {
            if (row is not null)
            {
                while (rows.Read())
                {
                    row(rows);
                }

                rows.NextResult();
            }
        }

        while (rows.NextResult()) { }
    }

    private void StartOwing() =>
        Volatile.Write(ref _owedSince, Math.Max(1, TimeProvider.System.GetTimestamp()));

    private NpgsqlBatchCommand Add(
        string sql,
        ReadOnlySpan<object> arguments,
        Action<DbDataReader>? row
    )
    {
        CloseOpen();
        var command = Bind(Find(sql, arguments.Length), arguments);
        _waiting.Add(new Waiting(command, row));
        return command;
    }

    /// <summary>What comes now keeps its place, so what stands before it takes no more rows.</summary>
    private void CloseOpen()
    {
        _open.ForEach(rows => rows.Close());
        _open.Clear();
    }

    private PostgresStatement Find(string sql, int arguments)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = PostgresStatement.Of(sql, ParameterNames(sql));
            _statements.Add(sql, statement);
        }

        CheckCount(sql, statement.Parameters, arguments);
        return statement;
    }

    private static NpgsqlBatchCommand Bind(
        PostgresStatement statement,
        ReadOnlySpan<object> arguments
    )
    {
        var command = new NpgsqlBatchCommand(statement.Text);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(Parameter(argument));
        }

        return command;
    }

    private static NpgsqlParameter Parameter(object? argument) =>
        argument switch
        {
            long number => new NpgsqlParameter<long> { TypedValue = number },
            string text => new NpgsqlParameter<string> { TypedValue = text },
            SqlList list => new NpgsqlParameter { Value = list.Values },
            // Now, when it is known whose it is, and not when it is sent.
            null => throw new InvalidOperationException("No statement here takes NULL."),
            _ => new NpgsqlParameter { Value = argument },
        };

    private readonly record struct Waiting(NpgsqlBatchCommand Command, Action<DbDataReader>? Row);
}
