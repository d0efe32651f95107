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
    private readonly ISearchShard[][] _shards =
    [
        .. layout.Replicas.Select(urls => urls.Select(doors.At).ToArray()),
    ];

    private readonly TimeSpan _hedgeAfter = TimeSpan.FromMilliseconds(
        options.Value.HedgeMilliseconds
    );

    private uint _turn;

    /// <summary>Others hold shards at all.</summary>
    public bool AskAny => layout.IsDivided;

    /// <summary>Another process holds this one's shard too, and answers for it until this one has read all posts.</summary>
    public bool HaveStandIn => layout.IsDivided && layout.Replicas[layout.Own].Count > 1;

    /// <summary>The answers of the shards that are not this process's, or nobody's; what the process's own shard lacks is said with them.</summary>
    public async Task<FromShards<TAnswer>> AskAsync<TAnswer>(
        Func<ISearchShard, CancellationToken, ValueTask<TAnswer>> ask,
        CancellationToken token
    )
        where TAnswer : class, IShardAnswer
    {
        var lacksPosts = !index.IsWhole;
        if (!layout.IsDivided)
        {
            return new FromShards<TAnswer>([], lacksPosts);
        }

        var asksForItself = HaveStandIn && lacksPosts;
        var turn = Interlocked.Increment(ref _turn);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, _shards.Length)
                .Where(shard => shard != layout.Own || asksForItself)
                .Select(shard => AskAsync(_shards[shard], turn, ask, token))
        );
        return new FromShards<TAnswer>(
            [.. answers.OfType<TAnswer>()],
            answers.Any(answer => answer is not { IsWhole: true }) || (lacksPosts && !asksForItself)
        );
    }

    /// <summary>Null where no process of the shard answers.</summary>
    private async Task<TAnswer?> AskAsync<TAnswer>(
        ISearchShard[] replicas,
        uint turn,
        Func<ISearchShard, CancellationToken, ValueTask<TAnswer>> ask,
        CancellationToken token
    )
        where TAnswer : class, IShardAnswer
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(token);
        var asked = new List<Task<TAnswer?>>();
        TAnswer? best = null;
        for (var next = 0; next < replicas.Length || asked.Count > 0; )
        {
            if (next < replicas.Length)
            {
                var replica = replicas[(turn + (uint)next++) % (uint)replicas.Length];
                asked.Add(TryAsync(replica, ask, enough.Token));
            }

            var patience = next < replicas.Length ? _hedgeAfter : Timeout.InfiniteTimeSpan;
            var late = Task.Delay(patience, time, enough.Token);
            var ended = await Task.WhenAny([.. asked, late]);
            if (ended == late)
            {
                continue;
            }

            var done = (Task<TAnswer?>)ended;
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
        return best;
    }

    /// <summary>Null where it does not answer.</summary>
    private static async Task<TAnswer?> TryAsync<TAnswer>(
        ISearchShard replica,
        Func<ISearchShard, CancellationToken, ValueTask<TAnswer>> ask,
        CancellationToken token
    )
        where TAnswer : class, IShardAnswer
    {
        try
        {
            return await ask(replica, token);
        }
        catch (Exception fault)
            when (fault is StoreUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}

/// <param name="Answers">Of each shard that answered one.</param>
/// <param name="IsPartial">Some shard did not answer, or has not all its posts.</param>
internal sealed record FromShards<TAnswer>(IReadOnlyList<TAnswer> Answers, bool IsPartial);
