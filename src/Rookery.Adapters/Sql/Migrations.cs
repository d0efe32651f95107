using System.Globalization;
using System.Reflection;

namespace Rookery.Adapters.Sql;

/// <summary>
/// The numbered <c>*.sql</c> files beside this one, <c>capability.NNNN.sql</c>. Each runs once, in one transaction with the note
/// that it ran: a migration that is killed midway has not happened.
/// </summary>
internal static class Migrations
{
    private const string Table =
        "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY) STRICT";

    /// <summary>Every database has an outbox.</summary>
    private const string Delivery = "delivery";

    private const string Note = "INSERT INTO schema_migrations (name) VALUES (@name)";

    public static IReadOnlyList<(string Name, string Sql)> All { get; } = Load();

    /// <exception cref="StoreUnavailableException">The file is a later version's, or another program's.</exception>
    public static void Apply(SqlSession session)
    {
        RefuseForeign(session, "SELECT name FROM sqlite_master WHERE type = 'table'");
        session.Run(Table);
        foreach (var (name, sql) in Missing(session))
        {
            session.Run("BEGIN IMMEDIATE");
            session.Run(sql);
            session.Execute(Note, name);
            session.Run("COMMIT");
        }
    }

    /// <summary>The capabilities that have tables.</summary>
    public static IReadOnlySet<string> Capabilities { get; } =
        All.Select(migration => CapabilityOf(migration.Name))
            .Where(capability => capability != Delivery)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Those of some capabilities, and what every database has, in one transaction, one process at a time.</summary>
    /// <exception cref="StoreUnavailableException">The database is a later version's, or another program's.</exception>
    public static void ApplyToPostgres(SqlSession session, IReadOnlySet<string> capabilities)
    {
        // On a machine that stands still for a moment it may be idle longer than a writer may: nobody else waits for it but others that start.
        session.Run(
            "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'; SELECT pg_advisory_xact_lock(722664)"
        );
        RefuseForeign(
            session,
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
        );
        session.Run(PostgresSchema.Translate(Table));
        foreach (
            var (name, sql) in Missing(session)
                .Where(one =>
                    CapabilityOf(one.Name) is var capability
                    && (capability == Delivery || capabilities.Contains(capability))
                )
        )
        {
            session.Run(PostgresSchema.Translate(sql));
            session.Execute(Note, name);
        }

        session.Run(PostgresSchema.ForProcesses);
        session.Run("COMMIT");
    }

    private static string CapabilityOf(string migration) => migration[..migration.IndexOf('.')];

    private static List<(string Name, string Sql)> Missing(SqlSession session)
    {
        var done = session
            .Many("SELECT name FROM schema_migrations", row => row.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        return done.Except(All.Select(migration => migration.Name)).FirstOrDefault() is { } newer
            ? throw new StoreUnavailableException(
                $"The database was written by a later version of Rookery (it has {newer}); start that version."
            )
            : [.. All.Where(migration => !done.Contains(migration.Name))];
    }

    private static void RefuseForeign(SqlSession session, string names)
    {
        var tables = session.Many(names, row => row.GetString(0));
        if (tables.Count > 0 && !tables.Contains("schema_migrations"))
        {
            throw new StoreUnavailableException(
                $"The database was made by another program (it has a table {tables[0]}); name another one: a folder with --data, or PostgreSQL's with Databases:Default."
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
