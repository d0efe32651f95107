using System.Collections.Concurrent;
using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Which connections lead to shards that are known to be whole. Every new connection is looked at, and every one whose node got slots that it had not:
/// the shard's own stamp must carry the replication id that the server has now, and nothing may have been postponed that it lacks. Whether something
/// was postponed since is asked every second, beside those who read: that breaks no connection of theirs.
/// </summary>
internal sealed class KnownShards : IDisposable
{
    /// <summary>How often truth is asked what was postponed, by each process.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    /// <summary>How often readers look at a shard that is not whole.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly TimelineSpace _space;
    private readonly IPostponedParts _postponed;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<RedisSource, Look> _looks = new();

    /// <summary>Goes off once, and is set again when truth has answered: nobody asks twice at the same time.</summary>
    private readonly ITimer _next;

    public KnownShards(TimelineSpace space, IPostponedParts postponed, TimeProvider time)
    {
        (_space, _postponed, _time) = (space, postponed, time);
        _next = time.CreateTimer(
            _ => Task.Run(AskAsync),
            null,
            BetweenQuestions,
            Timeout.InfiniteTimeSpan
        );
    }

    public bool IsWhole(RedisSource? source) =>
        source is { IsCurrent: true }
        && _looks.TryGetValue(source, out var look)
        && look.IsWhole == true;

    /// <summary>Whether what is read from now on may be used. Who asks meanwhile waits for the same answer.</summary>
    public async ValueTask<bool> IsFoundWholeAsync(RedisSource? source, CancellationToken token)
    {
        if (source is not { IsCurrent: true })
        {
            // Its successor is looked at when it answers.
            return true;
        }

        var look = _looks.GetOrAdd(source, Begin);
        if (
            look.IsWhole == false
            && _time.GetElapsedTime(look.Began) >= BetweenLooks
            && Begin(source) is var next
            && _looks.TryUpdate(source, next, look)
        )
        {
            look = next;
        }

        return await look.FindAsync(token);
    }

    public void NoteWhole(RedisSource source)
    {
        foreach (var gone in _looks.Keys.Where(known => !known.IsCurrent))
        {
            _looks.TryRemove(gone, out _);
        }

        _looks[source] = new Look(_time.GetTimestamp(), true);
    }

    public void NoteDoubtful(RedisSource source) =>
        _looks[source] = new Look(_time.GetTimestamp(), false);

    /// <summary>Asks the server who it is, and what stamp it has. Null where it cannot be asked, or is no master.</summary>
    public async ValueTask<Shard?> LookAtAsync(
        RedisSource source,
        IReadOnlyList<SlotRange> slots,
        CancellationToken token
    )
    {
        try
        {
            var info = RedisCommand.Keyless("INFO", "replication");
            // The stamp first: one that is written in between carries an id that is compared with what comes then.
            var stamp = await _space.Client.SendAsync(
                source,
                RedisCommand.Of("GET", _space.Keys.StampOf(slots)),
                token
            );
            var said = await _space.Client.SendAsync(source, info, token);
            var text = ForeignKey.OwnOf(stamp.Value);
            return Shard.Read(
                source,
                slots,
                said.OrThrow().AsText(),
                text is { } own ? ShardStamp.Read(own.AsText()) : null
            );
        }
        catch (WireException)
        {
            return null;
        }
    }

    public void Dispose() => _next.Dispose();

    private async Task AskAsync()
    {
        try
        {
            await DoubtWhatLacksAsync();
        }
#pragma warning disable CA1031 // A loop's edge: where truth cannot be asked, what is known stays, and it is asked again.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The guard says in the log that it could not ask.
        }
        finally
        {
            _next.Change(BetweenQuestions, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task DoubtWhatLacksAsync()
    {
        if (!_looks.Values.Any(look => look.IsWhole == true))
        {
            return;
        }

        var lacking = await _postponed.AllAsync(CancellationToken.None);
        if (lacking.Count == 0)
        {
            return;
        }

        foreach (var (source, slots) in _space.Client.Sources)
        {
            if (IsWhole(source) && lacking.Any(part => Slots.Named(part.Part).Meet(slots)))
            {
                // Readers look for themselves from now on, until nothing is lacking.
                NoteDoubtful(source);
            }
        }
    }

    private Look Begin(RedisSource source) => new(_time.GetTimestamp(), () => FindAsync(source));

    private async Task<bool> FindAsync(RedisSource source)
    {
        foreach (var (current, slots) in _space.Client.Sources)
        {
            if (current == source)
            {
                var shard = await LookAtAsync(source, slots, CancellationToken.None);
                return shard is { IsWhole: true } && !await LacksAsync(slots);
            }
        }

        return false;
    }

    /// <summary>It may have answered nobody for a while, and say of itself that nothing happened. Where truth cannot be asked, nothing is known.</summary>
    private async Task<bool> LacksAsync(IReadOnlyList<SlotRange> slots)
    {
        try
        {
            var parts = await _postponed.AllAsync(CancellationToken.None);
            return parts.Any(part => Slots.Named(part.Part).Meet(slots));
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    /// <summary>One look at one connection, whoever asks for it first.</summary>
    private sealed class Look
    {
        private readonly Lazy<Task<bool>> _found;
        private int _answer;

        public Look(long began, bool isWhole)
            : this(began, () => Task.FromResult(isWhole)) => Answer(isWhole);

        public Look(long began, Func<Task<bool>> find)
        {
            Began = began;
            _found = new(async () => Answer(await FindAsync(find)));
        }

        public long Began { get; }

        /// <summary>Null while nobody knows.</summary>
        public bool? IsWhole =>
            Volatile.Read(ref _answer) is var answer and not 0 ? answer > 0 : null;

        public Task<bool> FindAsync(CancellationToken token) => _found.Value.WaitAsync(token);

        /// <summary>One that fails is asked again as one that found something lacking: nothing is used that nobody vouched for.</summary>
        private static async Task<bool> FindAsync(Func<Task<bool>> find)
        {
            try
            {
                return await find();
            }
#pragma warning disable CA1031 // Whatever it was: a look that is kept as failed would be everybody's failure until the connection breaks.
            catch (Exception)
#pragma warning restore CA1031
            {
                return false;
            }
        }

        private bool Answer(bool isWhole)
        {
            Volatile.Write(ref _answer, isWhole ? 1 : -1);
            return isWhole;
        }
    }
}
