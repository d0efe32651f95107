using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Api;
using Rookery.Server.Commands;
using Rookery.Server.OpenApi;

namespace Rookery.Server.Composition;

/// <summary>One running server on one data folder.</summary>
internal sealed class RookeryServer : IAsyncDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>As long as a load balancer waits for a draining server.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private readonly IReadOnlyList<Role> _roles;
    private readonly bool _dev;

    private RookeryServer(
        WebApplication app,
        DataFolder folder,
        IReadOnlyList<Role> roles,
        bool dev
    )
    {
        _app = app;
        _folder = folder;
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

        if (DataFolder.TryOpen(settings.Data) is not { } folder)
        {
            return Problem.Conflict(
                "data",
                $"Another process has {Path.GetFullPath(settings.Data)} open; stop it, or name another folder with --data."
            );
        }

        try
        {
            var app = Build(settings, folder, roles.Value, configure, out var urls);
            if (settings.Dev && Loopback.FirstOther(urls) is { } open)
            {
                await app.DisposeAsync();
                folder.Dispose();
                return Problem.Invalid(
                    "urls",
                    $"--dev makes people with printed passwords and opens the service API, so it listens on loopback only; {open} is more than that. Leave --dev out, or listen on http://127.0.0.1:8080."
                );
            }

            app.Services.ObserveCommits();
            await app.StartAsync(token);
            ControlSocket.Protect(folder.Path);
            return new RookeryServer(app, folder, roles.Value, settings.Dev);
        }
        catch (Exception fault)
            when (fault is StoreUnavailableException or IOException or OptionsValidationException)
        {
            folder.Dispose();
            return Problem.Unavailable(fault.Message);
        }
    }

    /// <summary>Says what was chosen, and serves until the process is asked to end.</summary>
    public async Task RunAsync(CancellationToken token)
    {
        Introduce();
        if (_dev)
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
        // Lines that are still waiting to be written.
        Services.GetRequiredService<ILoggerFactory>().Dispose();
        _folder.Dispose();
    }

    /// <summary>For a process that goes on: nothing may still be reading.</summary>
    public async ValueTask DisposeAsync()
    {
        await Shutdown.StopAsync(_app);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private void Introduce() =>
        Banner.Print(
            Console.Out,
            Address,
            _roles,
            _folder.Path,
            _app.Configuration["Service:Key"] is null ? _folder.ServiceKey : null,
            SystemSqlite.Use()
        );

    private static WebApplication Build(
        ServeSettings settings,
        DataFolder folder,
        IReadOnlyList<Role> roles,
        Action<WebApplicationBuilder>? configure,
        out string[] urls
    )
    {
        var builder = WebApplication.CreateSlimBuilder(ConfigurationFiles.ReadOnce);
        // The framework's information is a line per request, with its query: too much, and no place for a token.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        configure?.Invoke(builder);
        urls = Listen(builder, settings, folder);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder.Services.AddRookery(folder, settings.Dev);
        var app = builder.Build();
        app.UseRookeryProblems();
        foreach (var role in roles)
        {
            role.MapEndpoints(app);
        }

        HealthApi.Map(app);
        ControlApi.Map(app, DataFolder.ControlSocket(folder.Path));
        app.MapRookeryOpenApi();
        return app;
    }

    private static string[] Listen(
        WebApplicationBuilder builder,
        ServeSettings settings,
        DataFolder folder
    )
    {
        // One that a killed server left behind; the folder's lease says that there is no other.
        var control = DataFolder.ControlSocket(folder.Path);
        File.Delete(control);
        var urls = (settings.Urls ?? builder.Configuration["Urls"] ?? DefaultUrl).Split(';');
        builder.WebHost.UseUrls([.. urls, $"http://unix:{control}"]);
        // A page of 200 entries goes out without waiting for its reader; the default holds two thirds of a usual one.
        builder.Services.Configure<SocketTransportOptions>(sockets =>
            sockets.MaxWriteBufferSize = 512 * 1024
        );
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.OfBackends;
        });
        return urls;
    }
}
