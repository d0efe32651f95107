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

    /// <summary>What kept it from starting is thrown, and nothing stays open.</summary>
    public static async Task<CommandHost> StartAsync(DataFolder folder, CancellationToken token)
    {
        var quiet = new QuietStart();
        var builder = Host.CreateApplicationBuilder(ConfigurationFiles.ReadOnce);
        // Standard output is the command's answer; what is not right is said on the other.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        quiet.AddTo(builder.Logging);
        builder.Services.AddRookery(folder, Roles.All, dev: false);
        var host = builder.Build();
        await HostStart.StartAsync(host, token);
        quiet.End();
        return new CommandHost(host);
    }

    /// <summary>The process ends with its command: memory goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Shutdown.StopAsync(_host);
        _host.Services.GetRequiredService<ILoggerFactory>().Dispose();
    }
}
