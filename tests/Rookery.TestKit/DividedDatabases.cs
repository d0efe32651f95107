using Rookery.TestKit.Servers;

namespace Rookery.TestKit;

/// <summary>A database for each capability.</summary>
internal static class DividedDatabases
{
    /// <summary>The settings that say so, by the capability.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["accounts"] = "Databases:Accounts",
            ["graph"] = "Databases:Graph",
            ["posts"] = "Databases:Posts",
        };

    /// <summary>Empty ones on one server, as settings of a host.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> CreateAsync(
        PostgresServer postgres,
        CancellationToken stop
    )
    {
        var settings = new Dictionary<string, string>();
        foreach (var (_, setting) in Settings)
        {
            settings[setting] = await postgres.CreateDatabaseAsync(stop);
        }

        return settings;
    }

    /// <summary>A setting's name as a variable of the environment.</summary>
    public static string VariableOf(string setting) =>
        setting.Replace(":", "__", StringComparison.Ordinal);
}
