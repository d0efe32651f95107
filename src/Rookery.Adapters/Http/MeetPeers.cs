using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Api;

namespace Rookery.Adapters.Http;

/// <summary>A process that this one asks.</summary>
/// <param name="IsAlone">Nobody else answers in its place: without it this process is not what it should be.</param>
/// <param name="AskAsync">A question without an effect.</param>
internal sealed record Peer(Door Door, bool IsAlone, Func<CancellationToken, Task> AskAsync);

/// <summary>
/// Asks each process that this one has a door to something until it answers once: a key that it does not take is known before the first member comes, and
/// whether accounts tells of deletions before it may be away. What was answered is said in the log, and a refusal in the readiness too.
/// </summary>
internal sealed partial class MeetPeers(
    IReadOnlyList<Peer> peers,
    TimeProvider time,
    ILogger<MeetPeers> logger
) : BackgroundService, IReadiness
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public string Name => "peers";

    public string? Problem =>
        peers
            .Where(peer => peer.IsAlone)
            .Select(peer => peer.Door.Refusal)
            .FirstOrDefault(refusal => refusal is not null);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(peers.Select(peer => MeetAsync(peer, stoppingToken)));

    private async Task MeetAsync(Peer peer, CancellationToken token)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!await TryAsync(peer, token))
        {
            await Task.Delay(pause, time, token);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        Met(logger, peer.Door.Address, peer.Door.Setting);
    }

    private static async Task<bool> TryAsync(Peer peer, CancellationToken token)
    {
        try
        {
            await peer.AskAsync(token);
            return true;
        }
        catch (StoreUnavailableException)
        {
            // The door has said why.
            return false;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Information,
        "{Address} (setting {Setting}) answers, and takes this process's service key"
    )]
    private static partial void Met(ILogger logger, Uri address, string setting);
}
