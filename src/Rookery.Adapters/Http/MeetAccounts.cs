using Microsoft.Extensions.Hosting;
using Rookery.Accounts;
using Rookery.Api;

namespace Rookery.Adapters.Http;

/// <summary>
/// Asks accounts, where it is at another process, something until it answers once: a key that it does not take is known before the first member comes, and
/// whether it tells of deletions before it may be away.
/// </summary>
internal sealed class MeetAccounts(IAccounts accounts, TimeProvider time)
    : BackgroundService,
        IReadiness
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Whether it is somebody's does not matter.
    private static readonly AccountId[] Somebody = [new(1)];

    private readonly RemoteAccounts? _elsewhere = accounts as RemoteAccounts;

    public string? Problem => _elsewhere?.Refusal;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (_elsewhere is not null && !await TryAsync(_elsewhere, stoppingToken))
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async Task<bool> TryAsync(RemoteAccounts elsewhere, CancellationToken token)
    {
        try
        {
            await elsewhere.UnknownAsync(Somebody, token);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
