using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Graph;

public static class GraphModule
{
    /// <summary>The graph's use cases and door. Its store is registered beside it, and its observer must be told of commits.</summary>
    public static IServiceCollection AddGraph(this IServiceCollection services)
    {
        services
            .AddOptions<GraphOptions>()
            .BindConfiguration(GraphOptions.Section)
            .ValidateAnnotations(GraphOptions.Section)
            .ValidateOnStart();
        services.TryAddSingleton<AccountOrdinals>();
        return services
            .AddSingleton<Adjacency>()
            .AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<Adjacency>())
            .AddSingleton<IGraph, LocalGraph>()
            .AddSingleton<FollowAccount>()
            .AddSingleton<UnfollowAccount>()
            .AddSingleton<DecideRequest>()
            .AddSingleton<CountRequests>()
            .AddSingleton<SettleRequests>()
            .AddSingleton<BlockAccount>()
            .AddSingleton<UnblockAccount>()
            .AddSingleton<MuteAccount>()
            .AddSingleton<UnmuteAccount>()
            .AddSingleton<ListMembers>()
            .AddSingleton<StreamFollows>()
            .AddSingleton<CloseMember>()
            .AddSingleton<IAccountClosing>(provider => provider.GetRequiredService<CloseMember>())
            .AddSingleton<IEventConsumer>(provider => provider.GetRequiredService<CloseMember>())
            .AddSingleton<IEventConsumer>(provider =>
                provider.GetRequiredService<SettleRequests>()
            );
    }
}
