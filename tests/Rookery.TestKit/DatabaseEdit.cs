using Microsoft.Data.Sqlite;
using Rookery.Adapters.Sql;

namespace Rookery.TestKit;

/// <summary>Changes the database file of a server that is stopped: what would take a thousand requests.</summary>
internal static class DatabaseEdit
{
    public static void Run(string folder, string sql)
    {
        SystemSqlite.Use();
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder, "rookery.db"),
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
