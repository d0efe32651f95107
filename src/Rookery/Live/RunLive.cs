using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rookery.Live;

/// <summary>Carries what is heard to the streams, and ends them when the server stops, so that nothing waits for their readers.</summary>
internal sealed partial class RunLive(
    LiveSource source,
    LiveStreams streams,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RunLive> logger
) : BackgroundService
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var stopping = lifetime.ApplicationStopping.Register(streams.Stop);
        await Task.WhenAll(TellAsync(stoppingToken), TickAsync(stoppingToken));
    }

    private async Task TellAsync(CancellationToken token)
    {
        try
        {
            await foreach (var happened in source.AllAsync(token))
            {
                Tell(happened);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested) { }
    }

    private void Tell(LiveEvent happened)
    {
        try
        {
            streams.Tell(happened);
        }
#pragma warning disable CA1031 // A loop's edge: who was not told comes back and is sent what was missed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CannotTell(logger, fault);
            streams.Tell(new LiveEvent(LiveKind.Lost, default));
        }
    }

    private async Task TickAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(Second, time);
        try
        {
            while (await timer.WaitForNextTickAsync(token))
            {
                source.Tick();
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested) { }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "Open streams could not be told of an event; they end, and their readers come back"
    )]
    private static partial void CannotTell(ILogger logger, Exception fault);
}
