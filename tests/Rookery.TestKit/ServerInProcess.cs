using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Search;
using Rookery.Server.Commands;
using Rookery.Server.Composition;
using Rookery.Sharing;
using Rookery.Timelines;

namespace Rookery.TestKit;

/// <summary>A whole server in the test's process, on a port of its own, with real HTTP.</summary>
internal sealed class ServerInProcess : IRunningServer
{
    private readonly RookeryServer _server;

    private ServerInProcess(RookeryServer server, string serviceKey)
    {
        _server = server;
        Http = NewClient(server.Address);
        Service = new ServiceClient(Http, serviceKey);
    }

    public HttpClient Http { get; }

    public ServiceClient Service { get; }

    public IServiceProvider Services => _server.Services;

    public static async Task<ServerInProcess> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken stop,
        CountedPorts? ports = null,
        string? roles = null
    )
    {
        var started = await RookeryServer.StartAsync(
            new ServeSettings(folder, "http://127.0.0.1:0", Roles: roles),
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
        var key =
            settings.GetValueOrDefault("Service:Key")
            ?? (await File.ReadAllTextAsync(Path.Combine(folder, "service.key"), stop)).Trim();
        return new ServerInProcess(started.Value, key);
    }

    public static HttpClient NewClient(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };

    /// <summary>Has this process learn what others over its database have committed.</summary>
    public async Task HearAsync(CancellationToken stop)
    {
        // A SQLite file has no others.
        foreach (
            var database in Services
                .GetRequiredService<SqlDatabases>()
                .All.Where(one => one.Writes.Peers is not null)
        )
        {
            await database.Writes.FollowAsync().WaitAsync(stop);
        }
    }

    /// <summary>Waits until every consumer has applied every event that stands in an outbox, and this process has heard of all.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        var lines = Services.GetRequiredService<DeliveryLines>().All;
        await Wait.UntilAsync(
            () => AreSettledAsync(lines, stop),
            () => "every consumer is at the end of its outbox",
            stop
        );
        await HearAsync(stop);
        var index = Services.GetRequiredService<IndexPosts>();
        if (index.IsFollowing)
        {
            await index.CaughtUpAsync(stop);
        }
    }

    /// <summary>The positions first: an event that a consumer adds in between, to whatever outbox, makes the answer no.</summary>
    private static async Task<bool> AreSettledAsync(
        IReadOnlyList<DeliveryLine> lines,
        CancellationToken stop
    )
    {
        var applied = new List<long>();
        foreach (var line in lines)
        {
            applied.Add(await line.Source.Bus.AppliedThroughAsync(stop));
        }

        foreach (var (line, through) in lines.Zip(applied))
        {
            if (await line.Outbox.LastSequenceAsync(stop) > through)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Wipes all that is derived: everything kept in memory, and every pushed timeline.</summary>
    public async Task ForgetAsync(CancellationToken stop)
    {
        foreach (var observer in Services.GetServices<ICommitObserver>())
        {
            observer.Forget();
        }

        var shared = Services.GetRequiredService<SharedSources>();
        shared.Posts.Changes.Forget();
        shared.Cards.Changes.Forget();

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
