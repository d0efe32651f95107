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

    public override int[] Each(string sql, IReadOnlyList<object[]> arguments)
    {
        var commands = new NpgsqlBatchCommand[arguments.Count];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = Add(sql, arguments[i], null);
        }

        Send();
        return Array.ConvertAll(commands, command => command.RecordsAffected);
    }

    public override T?[] OneOfEach<T>(
        string sql,
        Func<DbDataReader, T> read,
        IReadOnlyList<object[]> arguments
    )
        where T : default
    {
        var answers = new T?[arguments.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var place = i;
            Add(sql, arguments[i], row => answers[place] = read(row));
        }

        Send();
        return answers;
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

        _open.ForEach(rows => rows.Close());
        _open.Clear();
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
        // It keeps its place, so what stands before it takes no more.
        _open.ForEach(rows => rows.Close());
        _open.Clear();
        var command = Bind(Find(sql, arguments.Length), arguments);
        _waiting.Add(new Waiting(command, row));
        return command;
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
