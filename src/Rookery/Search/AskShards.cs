using Microsoft.Extensions.Options;

namespace Rookery.Search;

/// <summary>
/// Asks the shards that other processes hold, all at once. Of each shard one process is asked, in turn; another too when that one takes long or fails, and what
/// answers first counts. A process that was silent is left alone for a moment: whoever searches then does not wait for it.
/// </summary>
internal sealed class AskShards(
    ShardLayout layout,
    IShardDoors doors,
    SearchIndex index,
    IOptions<SearchOptions> options,
    TimeProvider time
)
{
    private readonly Replica[][] _shards =
    [
        .. layout.Replicas.Select(urls => urls.Select(url => new Replica(doors.At(url))).ToArray()),
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
        Replica[] replicas,
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
    private async Task<TAnswer?> TryAsync<TAnswer>(
        Replica replica,
        Func<ISearchShard, CancellationToken, ValueTask<TAnswer>> ask,
        CancellationToken token
    )
        where TAnswer : class, IShardAnswer
    {
        var asked = time.GetTimestamp();
        if (replica.IsLeftAlone(asked, time))
        {
            return null;
        }

        try
        {
            var answer = await ask(replica.Shard, token);
            replica.Answered();
            return answer;
        }
        catch (Exception fault)
            when (fault is StoreUnavailableException or OperationCanceledException)
        {
            // One that is not there says so at once, and may be back at once; who is no longer waited for was not silent.
            if (!token.IsCancellationRequested && time.GetElapsedTime(asked) > _hedgeAfter)
            {
                replica.WasSilent(time);
            }

            return null;
        }
    }

    /// <summary>One process that holds a shard.</summary>
    private sealed class Replica(ISearchShard shard)
    {
        private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

        /// <summary>When it was silent last, or was tried since; 0: it answers.</summary>
        private long _silent;

        public ISearchShard Shard => shard;

        /// <summary>When it was left alone for long enough, one finds out for all whether it answers again.</summary>
        public bool IsLeftAlone(long now, TimeProvider time)
        {
            var silent = Volatile.Read(ref _silent);
            return silent != 0
                && (
                    time.GetElapsedTime(silent, now) < Rest
                    || Interlocked.CompareExchange(ref _silent, now, silent) != silent
                );
        }

        public void Answered() => Volatile.Write(ref _silent, 0);

        public void WasSilent(TimeProvider time) =>
            Volatile.Write(ref _silent, time.GetTimestamp());
    }
}

/// <param name="Answers">Of each shard that answered one.</param>
/// <param name="IsPartial">Some shard did not answer, or has not all its posts.</param>
internal sealed record FromShards<TAnswer>(IReadOnlyList<TAnswer> Answers, bool IsPartial);
