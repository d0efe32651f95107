using Microsoft.Extensions.Options;

namespace Rookery.Search;

/// <summary>
/// Asks the shards that other processes hold, all at once. Of each shard one process is asked, in turn; another too when that one takes long or fails, and what
/// answers first counts.
/// </summary>
internal sealed class AskShards(
    ShardLayout layout,
    IShardDoors doors,
    SearchIndex index,
    IOptions<SearchOptions> options,
    TimeProvider time
)
{
    private static readonly Task<ShardAnswer[]> _none = Task.FromResult<ShardAnswer[]>([]);

    private static readonly ShardAnswer _missing = new([], IsPartial: true, IsWhole: false);

    private readonly ISearchShard[][] _shards =
    [
        .. layout.Replicas.Select(urls => urls.Select(doors.At).ToArray()),
    ];

    private readonly TimeSpan _hedgeAfter = TimeSpan.FromMilliseconds(
        options.Value.HedgeMilliseconds
    );

    private uint _turn;

    /// <summary>Another process holds this one's shard too, and answers for it until this one has read all posts.</summary>
    public bool HaveStandIn => layout.IsDivided && layout.Replicas[layout.Own].Count > 1;

    /// <summary>One answer for each shard that is not this process's, or nobody's; what is missing is partial.</summary>
    public Task<ShardAnswer[]> AskAsync(ShardQuestion question, CancellationToken token)
    {
        if (!layout.IsDivided)
        {
            return _none;
        }

        var asksForItself = HaveStandIn && !index.IsWhole;
        var turn = Interlocked.Increment(ref _turn);
        return Task.WhenAll(
            Enumerable
                .Range(0, _shards.Length)
                .Where(shard => shard != layout.Own || asksForItself)
                .Select(shard => AskAsync(_shards[shard], turn, question, token))
        );
    }

    private async Task<ShardAnswer> AskAsync(
        ISearchShard[] replicas,
        uint turn,
        ShardQuestion question,
        CancellationToken token
    )
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(token);
        var asked = new List<Task<ShardAnswer?>>();
        ShardAnswer? best = null;
        for (var next = 0; next < replicas.Length || asked.Count > 0; )
        {
            if (next < replicas.Length)
            {
                var replica = replicas[(turn + (uint)next++) % (uint)replicas.Length];
                asked.Add(TryAsync(replica, question, enough.Token));
            }

            var patience = next < replicas.Length ? _hedgeAfter : Timeout.InfiniteTimeSpan;
            var late = Task.Delay(patience, time, enough.Token);
            var ended = await Task.WhenAny([.. asked, late]);
            if (ended == late)
            {
                continue;
            }

            var done = (Task<ShardAnswer?>)ended;
            asked.Remove(done);
            var answer = await done;
            best = answer is null || best is { IsWhole: true } ? best : answer;
            if (best is { IsWhole: true })
            {
                break;
            }
        }

        await enough.CancelAsync();
        token.ThrowIfCancellationRequested();
        return best is null ? _missing : best with { IsPartial = best.IsPartial || !best.IsWhole };
    }

    /// <summary>Null where it does not answer.</summary>
    private static async Task<ShardAnswer?> TryAsync(
        ISearchShard replica,
        ShardQuestion question,
        CancellationToken token
    )
    {
        try
        {
            return await replica.FindAsync(question, token);
        }
        catch (Exception fault)
            when (fault is StoreUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}
