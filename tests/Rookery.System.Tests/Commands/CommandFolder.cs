using Microsoft.Data.Sqlite;
using Rookery.Adapters.Sql;

namespace Rookery.SystemTests.Commands;

/// <summary>A data folder of one test, with a look into its database past the product.</summary>
internal sealed class CommandFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rookery-command-");

    /// <summary>The data folder; a command makes it.</summary>
    public string Data => Path.Combine(_folder.FullName, "data");

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a command on the folder.</summary>
    public Task<CommandAnswer> RunAsync(params string[] arguments) =>
        CommandProcess.RunAsync([.. arguments, "--data", Data]);

    /// <summary>Changes or reads one thing by SQL.</summary>
    public object? Sql(string sql)
    {
        SystemSqlite.Use();
        using var database = new SqliteConnection(
            $"Data Source={Path.Combine(Data, "rookery.db")};Pooling=False"
        );
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public long Count(string sql) => (long)Sql($"SELECT count(*) FROM {sql}")!;

    public void Dispose() => _folder.Delete(recursive: true);
}
