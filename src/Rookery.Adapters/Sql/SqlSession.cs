using System.Data;
using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>
/// One connection with its prepared statements. Arguments are bound to the statement's <c>@names</c> in the order in which
/// the names first appear. Used by one thread at a time.
/// <para>
/// What may be put off (<see cref="Later"/>, <see cref="Ask"/>) travels with whatever is asked next, where the way to the database is long; where
/// it is short, it is run at once.
/// </para>
/// </summary>
internal abstract class SqlSession(DbConnection connection) : IDisposable
{
    public DbConnection Connection => connection;

    /// <summary>False once the connection is of no more use.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>Since when the database owes an answer, as a timestamp of the system's clock; 0: it owes none. For any thread.</summary>
    public virtual long OwedSince => 0;

    public abstract int Execute(string sql, params ReadOnlySpan<object> arguments);

    /// <summary>The first column of the first row, or <paramref name="otherwise"/> where there is no row or it is NULL.</summary>
    public abstract long Number(string sql, long otherwise, params ReadOnlySpan<object> arguments);

    public abstract T? One<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    );

    public abstract List<T> Many<T>(
        string sql,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<object> arguments
    );

    /// <summary>What a statement that inserts returns for all of many arguments, in no order.</summary>
    public abstract List<T> ManyOfEach<T>(
        string sql,
        Func<DbDataReader, T> read,
        IReadOnlyList<object[]> arguments
    );

    /// <summary>A write that nobody needs the answer of. Its fault may come to light with what is asked after it, at the latest with <see cref="Send"/>.</summary>
    public abstract void Later(string sql, params ReadOnlySpan<object> arguments);

    /// <summary>As <see cref="Later"/>, where it does not matter which of several such is run first: rows of one statement go as one.</summary>
    public abstract void LaterInAnyOrder(string sql, params ReadOnlySpan<object> arguments);

    /// <summary>A read whose rows are handed over with what is asked after it, at the latest with <see cref="Send"/>.</summary>
    public abstract void Ask(
        string sql,
        Action<DbDataReader> row,
        params ReadOnlySpan<object> arguments
    );

    /// <summary>Runs what was put off.</summary>
    public abstract void Send();

    /// <summary>Forgets what was put off: the transaction that it belongs to is given up.</summary>
    public abstract void Drop();

    /// <summary>Runs text that is not worth preparing: migrations, pragmas, transaction control.</summary>
    public virtual void Run(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is one of our own constants or migration files.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public virtual void Dispose() => connection.Dispose();

    protected static long NumberOf(object? value, long otherwise) =>
        value switch
        {
            long number => number,
            int number => number,
            _ => otherwise,
        };

    /// <summary>With their <c>@</c>, in the order in which they first appear.</summary>
    protected static List<string> ParameterNames(string sql)
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

    protected static void CheckCount(string sql, int parameters, int arguments)
    {
        if (parameters != arguments)
        {
            throw new InvalidOperationException(
                $"{arguments} arguments for {parameters} parameters in: {sql}"
            );
        }
    }
}
