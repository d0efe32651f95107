using Rookery.Accounts;
using Rookery.Adapters.Http;
using Rookery.Adapters.Sql;
using Rookery.Api;
using Rookery.Delivery;
using Rookery.Search;

namespace Rookery.Server.Composition;

/// <summary>What this process runs.</summary>
internal sealed class RunningRoles(IReadOnlyList<Role> roles, bool haveOwnDatabase)
{
    /// <summary>The role's tables are the ones that this process has open.</summary>
    public bool Reach(string role) => !haveOwnDatabase || roles.Any(one => one.Name == role);
}

/// <summary>
/// Where the doors are that a process asks: in the process itself, over a database that all roles share, or at another process.
/// </summary>
internal static class Doors
{
    private const string SharedDatabase = $"{SqlOptions.Section}:{nameof(SqlOptions.Default)}";

    /// <summary>Where one is set, all capabilities have theirs in PostgreSQL.</summary>
    private static readonly string[] SharedDatabases =
    [
        SharedDatabase,
        $"{SqlOptions.Section}:{nameof(SqlOptions.Accounts)}",
        $"{SqlOptions.Section}:{nameof(SqlOptions.Graph)}",
        $"{SqlOptions.Section}:{nameof(SqlOptions.Posts)}",
        $"{SqlOptions.Section}:{nameof(SqlOptions.Media)}",
        $"{SqlOptions.Section}:{nameof(SqlOptions.Notifications)}",
    ];

    private const string MergeAtReadAbove = "Timelines:MergeAtReadAbove";
    private const string Redis = "Redis:Nodes";

    /// <summary>The doors that have a twin over HTTP, with the setting that says where.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["accounts"] = $"{AccountsDoorOptions.Section}:{nameof(AccountsDoorOptions.Url)}",
    };

    /// <summary>Why these roles cannot run with these settings; null where they can.</summary>
    public static Problem? Refuse(IReadOnlyList<Role> roles, IConfiguration settings)
    {
        var names = roles.Select(role => role.Name).ToList();
        foreach (var role in roles)
        {
            if (role.Needs.FirstOrDefault(need => !IsFound(need, names, settings)) is { } missing)
            {
                var twin = Elsewhere.TryGetValue(missing, out var url)
                    ? $", or say where it runs with {url}"
                    : "";
                return Problem.Invalid(
                    "roles",
                    $"Role {role.Name} asks role {missing}: run both in this process, or give all processes one PostgreSQL with {SharedDatabase}{twin}."
                );
            }

            if (
                role.ActsIn.FirstOrDefault(other =>
                    !names.Contains(other) && !IsShared(settings)
                ) is
                { } apart
            )
            {
                return Problem.Invalid(
                    "roles",
                    $"Role {role.Name} acts in the tables of role {apart} itself: run both in this process, or give all processes one PostgreSQL with {SharedDatabase}."
                );
            }
        }

        return
            names.Contains("fanout") != names.Contains("timelines")
            && !IsSet(settings, Redis)
            && settings[MergeAtReadAbove] is { Length: > 0 } above
            && above != "0"
            ? Problem.Invalid(
                "roles",
                $"{MergeAtReadAbove} is {above}, so timelines are pushed, and roles fanout and timelines are not both in this process: they need a store that both reach, named by {Redis}."
            )
            : null;
    }

    /// <summary>Registers what these roles run, and the twins of doors that are elsewhere. Call after the capabilities.</summary>
    public static IServiceCollection AddRoles(
        this IServiceCollection services,
        IReadOnlyList<Role> roles
    )
    {
        services.AddSingleton(provider => new RunningRoles(
            roles,
            !IsShared(provider.GetRequiredService<IConfiguration>())
        ));
        foreach (var loop in roles.SelectMany(role => role.Loops).Distinct())
        {
            services.AddSingleton<IHostedService>(provider =>
                (IHostedService)provider.GetRequiredService(loop)
            );
        }

        if (roles is [{ Name: "search" }])
        {
            services.AddSingleton<IReadiness, SearchReadiness>();
        }

        return services.AddRemoteDoors([.. roles.Select(role => role.Name)]);
    }

    private static IServiceCollection AddRemoteDoors(
        this IServiceCollection services,
        IReadOnlyList<string> roles
    )
    {
        services
            .AddOptions<AccountsDoorOptions>()
            .BindConfiguration(AccountsDoorOptions.Section)
            .ValidateAnnotations(AccountsDoorOptions.Section)
            .ValidateOnStart();
        services
            .AddOptions<PostsDoorOptions>()
            .BindConfiguration(PostsDoorOptions.Section)
            .ValidateAnnotations(PostsDoorOptions.Section)
            .ValidateOnStart();
        services
            .AddOptions<DoorOptions>()
            .BindConfiguration(DoorOptions.Section)
            .ValidateAnnotations(DoorOptions.Section)
            .ValidateOnStart();
        services
            .AddSingleton<RemoteShards>()
            .AddSingleton<IShardDoors>(parts => parts.GetRequiredService<RemoteShards>())
            .AddSingleton<CloseElsewhere>()
            .AddSingleton<IAccountClosing>(parts => parts.GetRequiredService<CloseElsewhere>())
            .AddSingleton<IAccountSuspending>(parts => parts.GetRequiredService<CloseElsewhere>())
            .AddSingleton<IEventConsumer>(parts => parts.GetRequiredService<CloseElsewhere>());
        if (!roles.Contains("accounts"))
        {
            services.AddSingleton<RemoteAccounts>();
            services.AddSingleton<IAccounts>(parts =>
                IsSet(parts.GetRequiredService<IConfiguration>(), Elsewhere["accounts"])
                    ? parts.GetRequiredService<RemoteAccounts>()
                    : ActivatorUtilities.CreateInstance<AccountsDoor>(parts)
            );
        }

        return services
            .AddSingleton(parts => new MeetPeers(
                [.. PeersOf(roles, parts)],
                parts.GetRequiredService<TimeProvider>(),
                parts.GetRequiredService<ILogger<MeetPeers>>()
            ))
            .AddSingleton<IReadiness>(parts => parts.GetRequiredService<MeetPeers>())
            .AddHostedService(parts => parts.GetRequiredService<MeetPeers>());
    }

    /// <summary>The processes that these roles ask.</summary>
    private static IEnumerable<Peer> PeersOf(IReadOnlyList<string> roles, IServiceProvider parts)
    {
        if (parts.GetRequiredService<IAccounts>() is RemoteAccounts accounts)
        {
            yield return accounts.Peer;
        }

        if (
            roles.Contains("accounts")
            && parts.GetRequiredService<CloseElsewhere>().Peer is { } posts
        )
        {
            yield return posts;
        }

        if (roles.Contains("search"))
        {
            var shards = parts.GetRequiredService<RemoteShards>();
            foreach (var url in parts.GetRequiredService<ShardLayout>().Others)
            {
                yield return shards.PeerAt(url);
            }
        }
    }

    private static bool IsFound(string need, List<string> here, IConfiguration settings) =>
        here.Contains(need)
        || IsShared(settings)
        || (Elsewhere.TryGetValue(need, out var url) && IsSet(settings, url));

    /// <summary>Every process reaches the database of every capability.</summary>
    public static bool IsShared(IConfiguration settings) =>
        SharedDatabases.Any(setting => IsSet(settings, setting));

    /// <summary>What this process stores as a file, the processes of another role hand out.</summary>
    public static bool ReachFiles(IConfiguration settings) =>
        IsShared(settings) && IsSet(settings, "S3:Endpoint");

    private static bool IsSet(IConfiguration settings, string key) =>
        !string.IsNullOrEmpty(settings[key]);
}
