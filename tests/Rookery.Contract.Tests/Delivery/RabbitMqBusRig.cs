using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Adapters.RabbitMq;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>The bus on a real broker, with exchanges and queues of its own there.</summary>
internal sealed class RabbitMqBusRig(
    Func<Task<string>> where,
    Action<RabbitMqOptions>? configure = null
) : OutboxBusRig
{
    private string? _outbox;

    /// <summary>How the names of its exchange and queues begin.</summary>
    public string Prefix => $"{new RabbitMqOptions().Prefix}.{_outbox}";

    public string Uri { get; private set; } = "";

    /// <summary>The broker that all tests share which do it no harm.</summary>
    public static async Task<string> SharedAsync()
    {
        var servers = await TestContext.Current.GetFixture<SharedServers>();
        return (await servers!.RabbitMqAsync()).Uri.OriginalString;
    }

    /// <summary>A consumer's first queue.</summary>
    public string QueueOf(string consumer) => $"{Prefix}.{consumer}.1";

    public override async ValueTask StartAsync(IReadOnlyList<IEventConsumer> consumers)
    {
        Uri = await where();
        await base.StartAsync(consumers);
        _outbox = await Outbox.IdentityAsync(CancellationToken.None);
    }

    /// <summary>As another process on the same outbox and broker, without a relay.</summary>
    public async Task<AnotherBus> StartAnotherAsync(IReadOnlyList<IEventConsumer> consumers)
    {
        var options = new RabbitMqOptions();
        Configure(options);
        var bus = new RabbitMqBus(
            new Consumers(consumers),
            Outbox,
            TestDatabase.Events,
            Options.Create(new DeliveryOptions()),
            Options.Create(options),
            TimeProvider.System,
            new Logger<RabbitMqBus>(Log)
        );
        await bus.StartAsync(CancellationToken.None);
        return new AnotherBus(bus);
    }

    protected override void AddBus(IServiceCollection services) =>
        services
            .Configure<RabbitMqOptions>(Configure)
            .AddSingleton(provider =>
                CountedOutbox.Of(
                    new SqlOutboxStore(
                        provider.GetRequiredService<SqlDatabase>(),
                        provider.GetRequiredService<TimeProvider>()
                    )
                )
            )
            .AddSingleton<IEventBus, RabbitMqBus>()
            .AddHostedService(provider => (RabbitMqBus)provider.GetRequiredService<IEventBus>());

    private void Configure(RabbitMqOptions options)
    {
        options.Uri = Uri;
        configure?.Invoke(options);
    }
}

/// <summary>A bus that stops when it is disposed of.</summary>
internal sealed class AnotherBus(RabbitMqBus bus) : IAsyncDisposable
{
    public RabbitMqBus Bus => bus;

    public async ValueTask DisposeAsync()
    {
        await bus.StopAsync(CancellationToken.None);
        bus.Dispose();
    }
}
