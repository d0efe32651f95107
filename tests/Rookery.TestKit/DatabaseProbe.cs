using Microsoft.Data.Sqlite;
using Rookery.Adapters.Sql;

namespace Rookery.TestKit;

/// <summary>Looks into a server's database file from outside, read-only, also while the server runs.</summary>
internal sealed class DatabaseProbe : IDisposable
{
    private readonly SqliteConnection _connection;

    public DatabaseProbe(string folder)
    {
        SystemSqlite.Use();
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder, "rookery.db"),
                Pooling = false,
            }.ToString()
        );
        _connection.Open();
        Execute("PRAGMA query_only = ON; PRAGMA busy_timeout = 5000");
    }

    /// <summary>Events that not every consumer has applied yet.</summary>
    public long Unrelayed =>
        Number(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) - min(applied_through) FROM consumer_positions"
        );

    public long DeadLetters => Number("SELECT count(*) FROM dead_letters");

    public void Dispose() => _connection.Dispose();

    public long Number(string sql) => Rows(sql, row => row.GetInt64(0)).Single();

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = Command(sql);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(read(rows));
        }

        return all;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Statements are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
