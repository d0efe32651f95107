using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.InProcess;
using Rookery.Adapters.Memory;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Timelines;
using Rookery.Verification;

namespace Rookery.Server.Composition;

/// <summary>THE table of which adapter serves which port.</summary>
internal static class Stores
{
    public static IReadOnlyList<(Type Port, Type Adapter)> Table { get; } =
    [
        (typeof(IAccountStore), typeof(SqlAccountStore)),
        (typeof(IAccountCountStore), typeof(SqlAccountCountStore)),
        (typeof(IGraphStore), typeof(SqlGraphStore)),
        (typeof(IPostStore), typeof(SqlPostStore)),
        (typeof(IOutboxStore), typeof(SqlOutboxStore)),
        (typeof(IEventBus), typeof(ChannelBus)),
        (typeof(ITimelineStore), typeof(MemoryTimelineStore)),
        (typeof(IDerivedTables), typeof(SqlDerivedTables)),
    ];

    public static IServiceCollection AddStores(this IServiceCollection services, string database)
    {
        services
            .AddOptions<SqlOptions>()
            .BindConfiguration(SqlOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(provider =>
            SqlDatabase.Open(
                database,
                provider.GetRequiredService<IOptions<SqlOptions>>().Value,
                provider.GetRequiredService<EventTypes>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>()
            )
        );
        services.AddSingleton<ICommitLease>(provider => provider.GetRequiredService<SqlDatabase>());
        foreach (var (port, adapter) in Table)
        {
            services.AddSingleton(port, adapter);
        }

        services.AddRedis();

        // The bus runs its consumers' loops, and the outbox is told of commits.
        services.AddHostedService(provider => (ChannelBus)provider.GetRequiredService<IEventBus>());
        services.AddSingleton<IAccountTally, SqlPostTally>();
        services.AddSingleton<IAccountTally, SqlFollowTally>();

        // On one machine a capability's store is its door's reading half too.
        services.AddSingleton<IPosts>(provider => provider.GetRequiredService<IPostStore>());
        return services;
    }
}
