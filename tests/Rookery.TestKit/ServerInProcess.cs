using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rookery.Delivery;
using Rookery.Server.Commands;
using Rookery.Server.Composition;
using Rookery.Timelines;

namespace Rookery.TestKit;

/// <summary>A whole server in the test's process, on a port of its own, with real HTTP.</summary>
internal sealed class ServerInProcess : IAsyncDisposable
{
    private readonly RookeryServer _server;

    private ServerInProcess(RookeryServer server, string folder)
    {
        _server = server;
        Http = NewClient(server.Address);
        Service = new ServiceClient(
            Http,
            File.ReadAllText(Path.Combine(folder, "service.key")).Trim()
        );
    }

    public HttpClient Http { get; }

    public ServiceClient Service { get; }

    public IServiceProvider Services => _server.Services;

    public static async Task<ServerInProcess> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken stop,
        CountedPorts? ports = null
    )
    {
        var started = await RookeryServer.StartAsync(
            new ServeSettings(folder, "http://127.0.0.1:0"),
            stop,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings);
                builder.Logging.ClearProviders();
                if (ports is not null)
                {
                    builder.Host.UseServiceProviderFactory(ports);
                }
            }
        );
        return new ServerInProcess(started.Value, folder);
    }

    public static HttpClient NewClient(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };

    /// <summary>Waits until every consumer has applied every event that stands in the outbox.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        var bus = Services.GetRequiredService<IEventBus>();
        var outbox = Services.GetRequiredService<IOutboxStore>();
        await Wait.UntilAsync(
            // The position first: an event that a consumer adds in between makes the answer no.
            async () =>
                await bus.AppliedThroughAsync(stop) is var applied
                && await outbox.LastSequenceAsync(stop) <= applied,
            () => "every consumer is at the end of the outbox",
            stop
        );
    }

    /// <summary>Wipes all that is derived: everything kept in memory, and every pushed timeline.</summary>
    public async Task ForgetAsync(CancellationToken stop)
    {
        foreach (var observer in Services.GetServices<ICommitObserver>())
        {
            observer.Forget();
        }

        var timelines = Services.GetRequiredService<ITimelineStore>();
        await foreach (var owner in timelines.OwnersAsync(stop))
        {
            await timelines.DropAsync(new[] { owner }, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}
