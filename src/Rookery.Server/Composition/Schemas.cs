using System.Text;
using Rookery.Adapters.Sql;

namespace Rookery.Server.Composition;

/// <summary>The tables of each service that can have a database of its own. Every one of them has an outbox beside its own tables.</summary>
internal static class Schemas
{
    private const string Delivery = "delivery";

    /// <summary>It stands where accounts do.</summary>
    private const string Mail = "mail";

    public static IReadOnlyList<string> Services { get; } =
    ["accounts", "graph", "posts", "media", "notifications"];

    public static IReadOnlyList<string> Dialects { get; } = ["sqlite", "postgres"];

    /// <summary>One service's SQL as its database gets it, or for null that of all in one database.</summary>
    public static string Of(string? service, string dialect)
    {
        string[] rooms = service switch
        {
            null => [.. Services, Mail, Delivery],
            "accounts" => [service, Mail, Delivery],
            _ => [service, Delivery],
        };
        var sql = new StringBuilder();
        foreach (var room in rooms)
        {
            foreach (var (name, text) in Migrations.All)
            {
                if (name.StartsWith($"{room}.", StringComparison.Ordinal))
                {
                    sql.Append("-- ").AppendLine(name);
                    sql.AppendLine(dialect == "postgres" ? PostgresSchema.Translate(text) : text);
                }
            }
        }

        if (dialect == "postgres")
        {
            sql.AppendLine(PostgresSchema.ForProcesses);
        }

        return sql.ToString();
    }
}
