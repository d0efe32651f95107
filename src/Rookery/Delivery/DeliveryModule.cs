using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        // A process that runs some of the roles says so before.
        services.TryAddSingleton(provider => new Consumers(provider.GetServices<IEventConsumer>()));
        return services
            .AddSingleton<OutboxRelay>()
            .AddHostedService(provider => provider.GetRequiredService<OutboxRelay>())
            .AddHostedService<PruneOutbox>()
            .AddSingleton<SettledDelivery>()
            .AddSingleton<IPastEvents, PastEvents>()
            .AddSingleton<DeadLetters>();
    }
}
