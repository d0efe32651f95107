using Microsoft.Extensions.DependencyInjection;
using Rookery.Adapters.InProcess;
using Rookery.Delivery;

namespace Rookery.Contract.Tests.Delivery;

public sealed class ChannelBusTests : EventBusContract
{
    protected override EventBusRig Open() => new ChannelBusRig();

    private sealed class ChannelBusRig : OutboxBusRig
    {
        protected override void AddBus(IServiceCollection services) =>
            services
                .AddSingleton<IEventBus, ChannelBus>()
                .AddHostedService(provider => (ChannelBus)provider.GetRequiredService<IEventBus>());
    }
}
