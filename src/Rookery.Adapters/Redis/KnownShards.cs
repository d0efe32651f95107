using System.Collections.Concurrent;
using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Which connections lead to shards that are known to be whole. Every new connection is looked at, and every one whose node got slots that it had not:
/// the shard's own stamp must carry the replication id that the server has now, and nothing may have been postponed that it lacks.
/// </summary>
internal sealed class KnownShards(TimelineSpace space, IPostponedParts postponed, TimeProvider time)
{
    /// <summary>How often readers look at a shard that is not whole.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<RedisSource, Look> _looks = new();

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
            && time.GetElapsedTime(look.Began) >= BetweenLooks
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

        _looks[source] = new Look(time.GetTimestamp(), true);
    }

    public void NoteDoubtful(RedisSource source) =>
        _looks[source] = new Look(time.GetTimestamp(), false);

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
            var stamp = await space.Client.SendAsync(
                source,
                RedisCommand.Of("GET", space.Keys.StampOf(slots)),
                token
            );
            var said = await space.Client.SendAsync(source, info, token);
            var text = stamp.OrThrow();
            return Shard.Read(
                source,
                slots,
                said.OrThrow().AsText(),
                text.IsNull ? null : ShardStamp.Read(text.AsText())
            );
        }
        catch (WireException)
        {
            return null;
        }
    }

    private Look Begin(RedisSource source) => new(time.GetTimestamp(), () => FindAsync(source));

    private async Task<bool> FindAsync(RedisSource source)
    {
        foreach (var (current, slots) in space.Client.Sources)
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
            var parts = await postponed.AllAsync(CancellationToken.None);
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
            _found = new(async () => Answer(await find()));
        }

        public long Began { get; }

        /// <summary>Null while nobody knows.</summary>
        public bool? IsWhole =>
            Volatile.Read(ref _answer) is var answer and not 0 ? answer > 0 : null;

        public Task<bool> FindAsync(CancellationToken token) => _found.Value.WaitAsync(token);

        private bool Answer(bool isWhole)
        {
            Volatile.Write(ref _answer, isWhole ? 1 : -1);
            return isWhole;
        }
    }
}
