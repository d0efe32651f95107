using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Disk;
using Rookery.Adapters.InProcess;
using Rookery.Adapters.Memcached;
using Rookery.Adapters.Memory;
using Rookery.Adapters.RabbitMq;
using Rookery.Adapters.Redis;
using Rookery.Adapters.S3;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Sharing;
using Rookery.Timelines;
using Rookery.Verification;

namespace Rookery.Server.Composition;

/// <summary>A row of the table: which adapter serves a port.</summary>
/// <param name="Where">The setting where the other engine is; where it is set, this row takes the place of those before it.</param>
internal sealed record Served(Type Port, Type Adapter, string? Where = null);

/// <summary>THE table of which adapter serves which port.</summary>
internal static class Stores
{
    public static IReadOnlyList<Served> Table { get; } =
    [
        new(typeof(IAccountStore), typeof(SqlAccountStore)),
        new(typeof(IAccountCountStore), typeof(SqlAccountCountStore)),
        new(typeof(IGraphStore), typeof(SqlGraphStore)),
        new(typeof(IPostStore), typeof(SqlPostStore)),
        new(typeof(IOutboxStore), typeof(SqlOutboxStore)),
        new(typeof(IEventBus), typeof(ChannelBus)),
        new(typeof(IEventBus), typeof(RabbitMqBus), "RabbitMq:Uri"),
        new(typeof(ITimelineStore), typeof(MemoryTimelineStore)),
        new(typeof(ITimelineStore), typeof(RedisTimelineStore), "Redis:Nodes"),
        new(typeof(ISharedCache), typeof(NoSharedCache)),
        new(typeof(ISharedCache), typeof(MemcachedSharedCache), "Memcached:Nodes"),
        new(typeof(IDerivedTables), typeof(SqlDerivedTables)),
        new(typeof(IMediaStore), typeof(SqlMediaStore)),
        new(typeof(IBlobStore), typeof(DiskBlobStore)),
        new(typeof(IBlobStore), typeof(S3BlobStore), "S3:Endpoint"),
    ];

    /// <summary>One row for each port: what these settings choose.</summary>
    public static IEnumerable<Served> Chosen(IConfiguration settings) =>
        Table
            .Where(row => row.Where is null || !string.IsNullOrEmpty(settings[row.Where]))
            .GroupBy(row => row.Port)
            .Select(rows => rows.Last());

    public static IServiceCollection AddStores(this IServiceCollection services, DataFolder folder)
    {
        services
            .AddOptions<SqlOptions>()
            .BindConfiguration(SqlOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(provider =>
            SqlDatabase.Open(
                folder.Database,
                provider.GetRequiredService<IOptions<SqlOptions>>().Value,
                provider.GetRequiredService<EventTypes>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>()
            )
        );
        services.AddSingleton<ICommitLease>(provider => provider.GetRequiredService<SqlDatabase>());
        services
            .AddOptions<RabbitMqOptions>()
            .BindConfiguration(RabbitMqOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        foreach (var port in Table.Select(row => row.Port).Distinct())
        {
            services.AddSingleton(port, provider => Make(port, provider));
        }

        services.AddRedis().AddMemcached().AddBlobs(folder);

        // The bus runs its consumers' loops, and the outbox is told of commits.
        services.AddHostedService(provider =>
            (BackgroundService)provider.GetRequiredService<IEventBus>()
        );
        services.AddSingleton<IAccountTally, SqlPostTally>();
        services.AddSingleton<IAccountTally, SqlFollowTally>();
        return services;
    }

    private static object Make(Type port, IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<IConfiguration>();
        var row = Chosen(settings).Single(row => row.Port == port);
        return ActivatorUtilities.CreateInstance(provider, row.Adapter);
    }
}
