using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Rookery.Adapters.Sql;
using Rookery.Api;
using Rookery.Api.Mastodon;
using Rookery.Server.Commands;
using Rookery.Server.OpenApi;
using Rookery.Web.Visits;

namespace Rookery.Server.Composition;

/// <summary>One running server on one data folder.</summary>
internal sealed class RookeryServer : IAsyncDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>As long as whoever asked a server to end should wait before he kills it.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ServerParts _parts;
    private readonly IReadOnlyList<Role> _roles;
    private readonly bool _dev;

    private RookeryServer(
        WebApplication app,
        ServerParts parts,
        IReadOnlyList<Role> roles,
        bool dev
    )
    {
        _app = app;
        _parts = parts;
        _roles = roles;
        _dev = dev;
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens, with the port that was chosen for port 0.</summary>
    public Uri Address =>
        new(
            _app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First(address => !address.Contains("unix:", StringComparison.Ordinal))
        );

    /// <summary>Opens the folder and serves; a problem where something stands in the way that the operator can mend.</summary>
    public static async Task<Result<RookeryServer>> StartAsync(
        ServeSettings settings,
        CancellationToken token,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        if (Icu.Problem() is { } noIcu)
        {
            return Problem.Unavailable(noIcu);
        }

        if (!OperatingSystem.IsLinux())
        {
            return Problem.Unavailable(
                "Rookery runs on Linux: what it relies on for durability and memory is Linux's."
            );
        }

        var roles = Roles.Parse(settings.Roles);
        if (!roles.Succeeded)
        {
            return roles.Problem;
        }

        ServerParts? parts = null;
        try
        {
            if (DataFolder.TryOpen(settings.Data) is not { } folder)
            {
                return Problem.Conflict(
                    "data",
                    $"Another process has {Path.GetFullPath(settings.Data)} open; stop it, or name another folder with --data."
                );
            }

            parts = new ServerParts(folder);
            return await StartAsync(parts, settings, roles.Value, configure, token);
        }
#pragma warning disable CA1031 // The start's edge: whatever stands in its way is said in one line, and nothing stays open.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (parts is not null)
            {
                await parts.DisposeAsync();
            }

            return Problem.Unavailable(StartFault.Explain(fault, settings.Urls ?? DefaultUrl));
        }
    }

    /// <summary>Says what was chosen, and serves until the process is asked to end.</summary>
    public async Task RunAsync(CancellationToken token)
    {
        Introduce();
        // They follow and post, which takes all three.
        if (_dev && DemoPeople.Roles.All(_roles.Select(role => role.Name).Contains))
        {
            await ActivatorUtilities
                .CreateInstance<DemoPeople>(Services)
                .MakeAsync(Console.Out, token);
        }

        await _app.WaitForShutdownAsync(token);
    }

    /// <summary>Ends in good order all but the process's memory, which goes with the process.</summary>
    public async Task StopAsync()
    {
        await Shutdown.StopAsync(_app);
        await Logs.FlushAsync(Services);
        _parts.Folder.Dispose();
    }

    /// <summary>For a process that goes on: nothing may still be reading.</summary>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static async Task<RookeryServer> StartAsync(
        ServerParts parts,
        ServeSettings settings,
        IReadOnlyList<Role> roles,
        Action<WebApplicationBuilder>? configure,
        CancellationToken token
    )
    {
        var quiet = new QuietStart();
        var app = Build(settings, parts.Folder, roles, quiet, configure);
        parts.App = app;
        if (Doors.Refuse(roles, app.Configuration) is { } cannot)
        {
            throw new StoreUnavailableException(cannot.Detail);
        }

        // Before anything else asks for it: a database that cannot be opened leaves nothing to close.
        parts.Databases = app.Services.GetRequiredService<SqlDatabases>();
        Map(app, roles, parts.Folder);
        app.Services.Prepare();
        await app.StartAsync(token);
        quiet.End();
        return new RookeryServer(app, parts, roles, settings.Dev);
    }

    private void Introduce() =>
        Banner.Print(
            Console.Out,
            Address,
            _roles,
            _parts.Folder.Path,
            _app.Configuration["Service:Key"] is null ? _parts.Folder.ServiceKey : null,
            _app.Services.GetRequiredService<SqlDatabases>().Descriptions,
            _app.Configuration
        );

    private static WebApplication Build(
        ServeSettings settings,
        DataFolder folder,
        IReadOnlyList<Role> roles,
        QuietStart quiet,
        Action<WebApplicationBuilder>? configure
    )
    {
        var builder = WebApplication.CreateSlimBuilder(ConfigurationFiles.ReadOnce);
        // The framework's information is a line per request, with its query: too much, and no place for a token.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        quiet.AddTo(builder.Logging);
        configure?.Invoke(builder);
        builder.AddLogs(settings.Roles);
        builder.AddMetricsCollector(settings.Roles);
        Listen(builder, settings, folder);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder
            .Services.AddHostedService<Draining>()
            .AddOptions<DrainOptions>()
            .BindConfiguration(DrainOptions.Section)
            .ValidateAnnotations(DrainOptions.Section)
            .ValidateOnStart();
        builder.Services.AddRookery(folder, roles, settings.Dev);
        return builder.Build();
    }

    private static void Map(WebApplication app, IReadOnlyList<Role> roles, DataFolder folder)
    {
        app.UseMeasuredRequests();
        app.UseTrustedProxies();
        app.UseRookeryProblems();
        app.UsePreflights();
        app.UsePageCalls();
        SocketMastodonApi.UseStreamSockets(app);
        foreach (var role in roles)
        {
            role.MapPages(app);
            role.MapEndpoints(app);
        }

        HealthApi.Map(app);
        MetricsApi.Map(app);
        ControlApi.Map(app, DataFolder.ControlSocket(folder.Path));
        app.MapRookeryOpenApi();
    }

    private static void Listen(
        WebApplicationBuilder builder,
        ServeSettings settings,
        DataFolder folder
    )
    {
        // One that a killed server left behind; the folder's lease says that there is no other.
        var control = DataFolder.ControlSocket(folder.Path);
        File.Delete(control);
        var urls = settings.Urls ?? builder.Configuration["Urls"] ?? DefaultUrl;
        builder.WebHost.UseUrls([
            .. ListenUrls.Split(urls, onlyLoopback: settings.Dev),
            $"http://unix:{control}",
        ]);
        // A page of 200 entries goes out without waiting for its reader; the default holds two thirds of a usual one.
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.MaxWriteBufferSize = 512 * 1024;
            sockets.CreateBoundListenSocket = address => ControlSocket.Bind(address, control);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.OfBackends;
            // Ten thousand characters of any script as a query: they are refused by the route, which says why, and not by the server with an empty 414.
            kestrel.Limits.MaxRequestLineSize = 128 * 1024;
        });
    }
}
