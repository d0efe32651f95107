using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Telemetry;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>Bus, relay and outbox as the server puts them together, on time that is told.</summary>
internal abstract class OutboxBusRig : EventBusRig
{
    private readonly FakeTime _time = new();
    private readonly SqliteFile _file;
    private ServiceProvider? _services;

    protected OutboxBusRig() => _file = new SqliteFile(_time);

    public TestLog Log { get; } = new();

    public override IEventBus Bus => _services!.GetRequiredService<IEventBus>();

    public override IOutboxStore Outbox => _services!.GetRequiredService<IOutboxStore>();

    public override void Pass(TimeSpan time) => _time.Advance(time);

    public override async ValueTask StartAsync(IReadOnlyList<IEventConsumer> consumers)
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
            _file.Reopen();
        }

        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton<ILoggerFactory>(Log)
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton(TestDatabase.Events)
            .AddSingleton(_file.Database)
            .AddSingleton<ICommitLease>(_file.Database)
            .AddSingleton<IOutboxStore, SqlOutboxStore>()
            .AddTelemetry()
            .AddDelivery()
            .Configure<DeliveryOptions>(options => options.Attempts = Attempts);
        AddBus(services);
        foreach (var consumer in consumers)
        {
            services.AddSingleton(consumer);
        }

        _services = services.BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    protected abstract void AddBus(IServiceCollection services);

    public override async ValueTask StopAsync()
    {
        foreach (var service in _services!.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }
    }

    public override async Task<IReadOnlyList<Committed>> CommitAsync(
        IReadOnlyList<DomainEvent> events
    )
    {
        var last = await Outbox.LastSequenceAsync(CancellationToken.None);
        await _file.Database.Writes.RunAsync(
            commit =>
            {
                foreach (var happened in events)
                {
                    commit.Emit(happened);
                }

                return 0;
            },
            CancellationToken.None
        );
        return [.. events.Select((happened, i) => new Committed(last + 1 + i, happened))];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await StopAsync();
            await _services.DisposeAsync();
        }

        _file.Dispose();
    }
}
