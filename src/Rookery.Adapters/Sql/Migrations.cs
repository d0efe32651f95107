using System.Globalization;
using System.Reflection;

namespace Rookery.Adapters.Sql;

/// <summary>
/// The numbered <c>*.sql</c> files beside this one, <c>capability.NNNN.sql</c>. Each runs once, in one transaction with the note
/// that it ran: a migration that is killed midway has not happened.
/// </summary>
internal static class Migrations
{
    public static IReadOnlyList<(string Name, string Sql)> All { get; } = Load();

    /// <exception cref="StoreUnavailableException">The file is a later version's, or another program's.</exception>
    public static void Apply(SqlSession session)
    {
        RefuseForeign(session);
        session.Run(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY) STRICT"
        );
        var done = session
            .Many("SELECT name FROM schema_migrations", row => row.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        if (done.Except(All.Select(migration => migration.Name)).FirstOrDefault() is { } newer)
        {
            throw new StoreUnavailableException(
                $"The database was written by a later version of Rookery (it has {newer}); start that version."
            );
        }

        foreach (var (name, sql) in All.Where(migration => !done.Contains(migration.Name)))
        {
            session.Run("BEGIN IMMEDIATE");
            session.Run(sql);
            session.Execute("INSERT INTO schema_migrations (name) VALUES (@name)", name);
            session.Run("COMMIT");
        }
    }

    private static void RefuseForeign(SqlSession session)
    {
        const string names = "SELECT name FROM sqlite_master WHERE type = 'table'";
        var tables = session.Many(names, row => row.GetString(0));
        if (tables.Count > 0 && !tables.Contains("schema_migrations"))
        {
            throw new StoreUnavailableException(
                $"The database was made by another program (it has a table {tables[0]}); name another folder with --data."
            );
        }
    }

    private static (string, string)[] Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", true, CultureInfo.InvariantCulture))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return (Path.GetFileNameWithoutExtension(name), reader.ReadToEnd());
                }),
        ];
    }
}
