using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Delivery;

public static class DeliveryModule
{
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services
            .AddOptions<DeliveryOptions>()
            .BindConfiguration(DeliveryOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services
            .AddSingleton<OutboxRelay>()
            .AddHostedService(provider => provider.GetRequiredService<OutboxRelay>())
            .AddHostedService<PruneOutbox>()
            .AddSingleton<SettledDelivery>()
            .AddSingleton<IPastEvents, PastEvents>()
            .AddSingleton<DeadLetters>();
    }
}
