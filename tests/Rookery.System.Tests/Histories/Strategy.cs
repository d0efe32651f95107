using Rookery.SystemTests.Roles;
using Rookery.TestKit;
using Rookery.TestKit.Servers;

namespace Rookery.SystemTests.Histories;

/// <summary>A way to home timelines, with constants so small that short histories meet every edge of it.</summary>
internal sealed record Strategy(
    string Name,
    bool IsCurrent,
    IReadOnlyDictionary<string, string?> Settings
)
{
    /// <summary>All authors are merged at read; what was acknowledged is on every home timeline at once.</summary>
    public static readonly Strategy Merged = new("merged", true, With(0));

    /// <summary>Authors with more than two followers are merged, the others pushed behind the answer.</summary>
    public static readonly Strategy Pushed = new("pushed", false, With(2));

    /// <summary>The same with the truth in another database, which must be empty.</summary>
    public Strategy In(string database) =>
        this with
        {
            Name = $"{Name} in PostgreSQL",
            Settings = new Dictionary<string, string?>(Settings)
            {
                ["Databases:Default"] = database,
                ["Databases:Readers"] = "2",
            },
        };

    /// <summary>The same with the truth in several databases, which must be empty.</summary>
    public Strategy In(IReadOnlyDictionary<string, string> databases) =>
        this with
        {
            Name = $"{Name} in {databases.Count} databases",
            Settings = new Dictionary<string, string?>(Settings) { ["Databases:Readers"] = "2" }
                .Concat(databases.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)))
                .ToDictionary(),
        };

    /// <summary>Empties what pushed timelines are kept in, where that is outside of the server.</summary>
    public Func<CancellationToken, Task>? Wipe { get; private init; }

    /// <summary>Pushed to a Redis that nobody else uses; a wipe leaves nothing on it.</summary>
    public static Strategy PushedTo(RedisServer redis) =>
        new(
            "pushed to Redis",
            false,
            new Dictionary<string, string?>(Pushed.Settings)
            {
                ["Redis:Nodes"] = $"127.0.0.1:{redis.Port}",
            }
        )
        {
            Wipe = stop => redis.AskAsync(stop, "flushall"),
        };

    /// <summary>How the server is started; null: as one process.</summary>
    public StartServer? Start { get; private init; }

    /// <summary>A host for each role, with a queue between them. What one adds, the others know of a moment later.</summary>
    public Strategy ByRoles(RabbitMqServer broker) =>
        this with
        {
            Name = $"{Name} by a host for each role",
            Start = ServersByRole.StartAsync,
            Settings = new Dictionary<string, string?>(Settings)
            {
                ["RabbitMq:Uri"] = broker.Uri.ToString(),
            },
        };

    private static Dictionary<string, string?> With(int mergeAtReadAbove) =>
        new(World.FastSettings)
        {
            ["Timelines:MergeAtReadAbove"] = $"{mergeAtReadAbove}",
            ["Timelines:PushedLength"] = "20",
            ["Timelines:FanOutChunk"] = "2",
            ["Timelines:HeadBytes"] = "16384",
            ["Reading:PostCacheBytes"] = "32768",
            ["Delivery:BatchSize"] = "8",
        };
}
