using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Rookery.Server.Composition;

/// <summary>How a server ends that a load balancer sends requests to.</summary>
public sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>
    /// Seconds for which a server that was asked to end says that it is not ready and goes on answering: as long as the load balancer takes to notice.
    /// 0: it ends at once.
    /// </summary>
    [Range(0, 20)]
    public int Seconds { get; set; }
}

/// <summary>Comes before anything is stopped; from the signal on the server is not ready.</summary>
internal sealed class Draining(IOptions<DrainOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(options.Value.Seconds), time, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
