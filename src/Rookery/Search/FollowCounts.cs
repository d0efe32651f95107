using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Accounts;

namespace Rookery.Search;

/// <summary>
/// Keeps how many followers an account has about right where names are ranked by it. Counters change with every follow and post, so what changed is
/// read together, once in a while.
/// </summary>
internal sealed partial class FollowCounts(
    SearchIndex index,
    IAccounts accounts,
    TimeProvider time,
    ILogger<FollowCounts> logger
) : BackgroundService, ICommitObserver
{
    /// <summary>Accounts that wait; what is beyond is read when it changes again. Some 8 MB.</summary>
    private const int MostWaiting = 100_000;

    private const int Batch = 500;

    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private HashSet<AccountId> _counted = [];
    private bool _isFollowing;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isFollowing, true);
        return base.StartAsync(cancellationToken);
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        if (!Volatile.Read(ref _isFollowing))
        {
            return;
        }

        lock (_lock)
        {
            foreach (var committed in group)
            {
                if (committed.Event is AccountsCounted counted && _counted.Count < MostWaiting)
                {
                    _counted.UnionWith(counted.Accounts);
                }
            }
        }
    }

    public void Forget() { }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenReadings, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await ReadAsync(Take(), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
#pragma warning disable CA1031 // A loop's edge: names are ranked by older counts, which come right with the next change.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Waits(logger, fault);
            }
        }
    }

    private HashSet<AccountId> Take()
    {
        lock (_lock)
        {
            var counted = _counted;
            _counted = [];
            return counted;
        }
    }

    private async Task ReadAsync(HashSet<AccountId> counted, CancellationToken token)
    {
        foreach (var some in counted.Chunk(Batch))
        {
            foreach (var card in await accounts.CardsAsync(some, token))
            {
                index.Now.Accounts.NoteFollowers(card);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Counts of followers were not read")]
    private static partial void Waits(ILogger logger, Exception fault);
}
