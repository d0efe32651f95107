using Rookery.Server.Composition;

namespace Rookery.Server.Commands.Running;

/// <summary>The product in a command's own process: all of it but its endpoints, on a folder that no server has open.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly IHost _host;

    private CommandHost(IHost host) => _host = host;

    /// <summary>Cancelled when the operator asks the process to end: SIGINT, SIGTERM.</summary>
    public CancellationToken Stopping =>
        _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public CommandRunner Runner => _host.Services.GetRequiredService<CommandRunner>();

    public static async Task<CommandHost> StartAsync(DataFolder folder, CancellationToken token)
    {
        var builder = Host.CreateApplicationBuilder(ConfigurationFiles.ReadOnce);
        // Standard output is the command's answer; what is not right is said on the other.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRookery(folder, dev: false);
        var host = new CommandHost(builder.Build());
        host._host.Services.ObserveCommits();
        await host._host.StartAsync(token);
        return host;
    }

    /// <summary>The process ends with its command: memory goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Shutdown.StopAsync(_host);
        _host.Services.GetRequiredService<ILoggerFactory>().Dispose();
    }
}
