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
            .ValidateAnnotations(DeliveryOptions.Section)
            .ValidateOnStart();
        // A process that runs some of the roles says so before.
        services.TryAddSingleton(provider => new Consumers(provider.GetServices<IEventConsumer>()));
        // Where there is one database; several are put together before.
        services.TryAddSingleton(provider =>
            DeliveryLines.Only(
                new DeliveryLine(
                    provider.GetRequiredService<IOutboxStore>(),
                    new EventSource(
                        ActivatorUtilities.CreateInstance<PastEvents>(provider),
                        provider.GetRequiredService<IEventBus>(),
                        provider.GetRequiredService<ICommitLease>()
                    )
                )
            )
        );
        return services
            .AddSingleton<IEventSources>(provider => provider.GetRequiredService<DeliveryLines>())
            .AddHostedService<RunDelivery>()
            .AddHostedService<MeasureDelivery>()
            .AddSingleton<SettledDelivery>()
            .AddSingleton<DeadLetters>()
            .AddSingleton<ReadPositions>();
    }
}
